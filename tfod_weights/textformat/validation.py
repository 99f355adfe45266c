"""A document against a message descriptor: every fault, not only the first.

`text_format.Merge` stops at the first fault and names it tersely; this walk finds the same
faults, each with its field, so that suggestions can be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Iterator, Optional

from tfod_weights.suggestions import did_you_mean, tfod_name
from tfod_weights.textformat.tree import Block, Document, Field, ListValue, Scalar
from tfod_weights.textformat.values import is_repeated, scalar_value

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor

UNKNOWN_FIELD = "unknown_field"
UNKNOWN_ENUM_VALUE = "unknown_enum_value"
BAD_VALUE = "bad_value"


@dataclass(frozen=True)
class Fault:
    """Something that `text_format.Merge` rejects.

    Attributes:
        kind: UNKNOWN_FIELD, UNKNOWN_ENUM_VALUE or BAD_VALUE.
        field: The field it is in.
        offset: Where it is in the text.
        message: The message type that the field stands in.
        problem: What is wrong.
        known: The field of that type; None for an unknown name.
        value: The value that is wrong; None where it is not a scalar.
        written: The name or value that is not known, as it is written.
        candidates: The names that would be right in its place.
    """

    kind: str
    field: Field
    offset: int
    message: Descriptor
    problem: str
    known: Optional[FieldDescriptor] = None
    value: Optional[Scalar] = None
    written: str = ""
    candidates: tuple[str, ...] = ()

    def guess(self) -> Optional[str]:
        """The candidate that was probably meant, in a sentence."""
        return did_you_mean(self.written, self.candidates)

    def help(self) -> Optional[str]:
        """The guess, or all candidates if there are not too many."""
        is_short = 0 < len(self.candidates) <= 12
        return self.guess() or (f"it has: {', '.join(self.candidates)}" if is_short else None)


def faults(document: Document, descriptor: Descriptor) -> list[Fault]:
    """All faults of a document that should be a message of this type, in file order.

    Below an unknown name that surely means a known one, that one's faults are found as well.
    The content of extensions that the descriptor's pool does not know is not looked at.
    """
    return sorted(_faults(document, descriptor), key=lambda fault: fault.offset)


def _faults(document: Document, descriptor: Descriptor) -> Iterator[Fault]:
    pending = [(document.fields, descriptor)]
    while pending:
        fields, message = pending.pop()
        for field in fields:
            known = message.fields_by_name.get(field.name)
            if known is None:
                yield from _unknown(field, message)
                meant = tfod_name(field.name, message.fields_by_name.keys())
                known = message.fields_by_name.get(meant) if meant else None
            if known is None:
                continue
            yield from _shape_faults(field, known, message)
            for value in field.values():
                if isinstance(value, Block) and known.message_type:
                    pending.append((value.fields, known.message_type))
                elif isinstance(value, Scalar) and not known.message_type:
                    yield from _value_faults(document, field, known, value, message)


def _unknown(field: Field, message: Descriptor) -> Iterator[Fault]:
    if field.name.startswith("[") and message.is_extendable:
        return
    yield Fault(
        UNKNOWN_FIELD,
        field,
        field.start,
        message,
        f"{message.name} has no field named {field.name}",
        written=field.name,
        candidates=tuple(message.fields_by_name.keys()),
    )


def _shape_faults(field: Field, known: FieldDescriptor, message: Descriptor) -> Iterator[Fault]:
    """Lists where one value is expected, messages where a scalar is, and the reverse."""
    problem = _shape_problem(field, known)
    if problem:
        offset = field.value.start
        yield Fault(BAD_VALUE, field, offset, message, f"{field.name} {problem}", known)


def _shape_problem(field: Field, known: FieldDescriptor) -> Optional[str]:
    if isinstance(field.value, ListValue) and not is_repeated(known):
        return "takes a single value, not a list"
    blocks = [isinstance(value, Block) for value in field.values()]
    if known.message_type:
        return None if all(blocks) else "is a message: it takes { ... }"
    if any(blocks):
        return f"is a {_type_name(known)}, not a message"
    return None if field.has_colon else f'needs a ":" before its {_type_name(known)}'


def _value_faults(
    document: Document, field: Field, known: FieldDescriptor, value: Scalar, message: Descriptor
) -> Iterator[Fault]:
    try:
        scalar_value(document, value, known)
    except ValueError as error:
        written = document.source(value)
        if known.enum_type is not None:
            names = tuple(member.name for member in known.enum_type.values)
            kind, problem = UNKNOWN_ENUM_VALUE, f"{written} is not a {known.enum_type.name}"
        else:
            reason = _first_lower(str(error))
            names = ()
            kind, problem = BAD_VALUE, f"{field.name} takes a {_type_name(known)}: {reason}"
        yield Fault(kind, field, value.start, message, problem, known, value, written, names)


_TYPE_NAMES = {1: "number", 2: "number", 8: "true or false", 9: "string", 12: "string", 14: "name"}


def _type_name(field: FieldDescriptor) -> str:
    return _TYPE_NAMES.get(field.type, "whole number")


def _first_lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
