"""Scalars → Python values, by the very functions of protobuf's own text_format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Union

from google.protobuf import text_encoding, text_format

from tfod_weights.textformat.tokens import STRING, TOKEN
from tfod_weights.textformat.tree import Document, Scalar

if TYPE_CHECKING:
    from google.protobuf.descriptor import FieldDescriptor

ScalarValue = Union[int, float, bool, str, bytes]

_BOOL, _STRING, _BYTES, _ENUM = 8, 9, 12, 14
_FLOATS = (1, 2)  # double, float
# type -> (signed, 64 bits)
_INTEGERS = {
    3: (True, True), 4: (False, True), 5: (True, False), 6: (False, True), 7: (False, False),
    13: (False, False), 15: (True, False), 16: (True, True), 17: (True, False), 18: (True, True),
}  # fmt: skip


def is_repeated(field: FieldDescriptor) -> bool:
    """Whether a field is repeated; protobuf 6 renamed the way to ask."""
    known = getattr(field, "is_repeated", None)
    return bool(known if known is not None else getattr(field, "label", None) == 3)


def scalar_value(document: Document, scalar: Scalar, field: FieldDescriptor) -> ScalarValue:
    """The value of a scalar in a field.

    Raises:
        ValueError: text_format would not accept it there.
    """
    if field.type in (_STRING, _BYTES):
        content = string_bytes(document, scalar)
        return content.decode("utf-8") if field.type == _STRING else content
    return parser_of(field)(document.source(scalar))


def string_bytes(document: Document, scalar: Scalar) -> bytes:
    """The bytes that one or several adjacent string tokens stand for.

    Raises:
        ValueError: the scalar is no string, or an escape in it is wrong.
    """
    if scalar.kind != STRING:
        raise ValueError(f"expected a string in quotes, found {document.source(scalar)}")
    matches = TOKEN.finditer(document.text, scalar.start, scalar.end)
    tokens = (match.group(STRING) for match in matches if match.lastindex == STRING)
    return b"".join(text_encoding.CUnescape(token[1:-1]) for token in tokens)


def parser_of(field: FieldDescriptor) -> Callable[[str], ScalarValue]:
    """What reads a token as a number, bool or enum value of a field, or raises a ValueError."""
    if field.type in _FLOATS:
        return text_format.ParseFloat
    if field.type == _BOOL:
        return text_format.ParseBool
    if field.type == _ENUM:
        return lambda token: text_format.ParseEnum(field, token)
    signed, is_64_bits = _INTEGERS[field.type]
    return lambda token: text_format.ParseInteger(token, signed, is_64_bits)
