"""Values that are meant well: in quotes, without quotes, in another case, of another type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Callable, Iterator, Optional

from tfod_weights.migration.history import CERTAIN, LIKELY, Mend, blank, token_replacement
from tfod_weights.migration.lexical import quoted
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.layout import removal
from tfod_weights.suggestions import letters, tfod_name
from tfod_weights.textformat import Edit, Fault, ListValue, Scalar
from tfod_weights.textformat.tokens import STRING, TOKEN
from tfod_weights.textformat.validation import UNKNOWN_FIELD
from tfod_weights.textformat.values import is_repeated, parser_of

if TYPE_CHECKING:
    from google.protobuf.descriptor import FieldDescriptor

_BOOL, _STRING, _ENUM = 8, 9, 14
_INTEGERS = frozenset({3, 4, 5, 6, 7, 13, 15, 16, 17, 18})

# What protobuf takes is true, t, 1, True and false, f, 0, False; the law is ParseBool of
# google/protobuf/text_format.py. The rest → what is meant, and whether it is sure.
BOOLEANS = {
    "true": ("true", CERTAIN),
    "false": ("false", CERTAIN),
    "yes": ("true", LIKELY),
    "no": ("false", LIKELY),
    "on": ("true", LIKELY),
    "off": ("false", LIKELY),
}
NOTHING = ("null", "None", "nil")  # of JSON, Python and YAML tools


def value_mends(config: PipelineConfig, found: list[Fault]) -> Iterator[Mend]:
    """Values as their fields take them.

    Args:
        config: Any config that parses.
        found: Its faults.
    """
    for fault in found:
        if fault.kind != UNKNOWN_FIELD and fault.known is not None:
            rules = SCALAR_RULES if fault.value is not None else SHAPE_RULES
            mends = (rule(config, fault, fault.known) for rule in rules)
            mend = next((mend for mend in mends if mend is not None), None)
            if mend is not None:
                yield mend


# -- values ---------------------------------------------------------------------------------


def _enum(config: PipelineConfig, fault: Fault, known: FieldDescriptor) -> Optional[Mend]:
    name = tfod_name(fault.written, fault.candidates)
    if name is None:
        return None
    unquoted = _unquoted(fault.written)
    if unquoted == name:
        return _new_value(config, fault, name, "names of values have no quotes")
    certainty = CERTAIN if letters(unquoted) == letters(name) else LIKELY
    return _new_value(config, fault, name, "TFOD's name for the value", certainty)


def _nothing(config: PipelineConfig, fault: Fault, known: FieldDescriptor) -> Optional[Mend]:
    """`fine_tune_checkpoint: null`."""
    field = fault.field
    if not isinstance(field.value, Scalar) or config.document.source(field.value) not in NOTHING:
        return None
    edit = Edit(*removal(config.text, field.start, field.end), "")
    return Mend(field.start, (edit,), config.document.source(field), "", "not set")


def _boolean(config: PipelineConfig, fault: Fault, known: FieldDescriptor) -> Optional[Mend]:
    meant, certainty = BOOLEANS.get(_unquoted(fault.written).casefold(), ("", ""))
    if known.type != _BOOL or not meant:
        return None
    return _new_value(config, fault, meant, "true or false", certainty)


def _quoted_number(config: PipelineConfig, fault: Fault, known: FieldDescriptor) -> Optional[Mend]:
    """A number, or a bool written 0 or 1, in quotes."""
    content = _unquoted(fault.written).strip()
    if content == fault.written or known.type in (_STRING, _ENUM):
        return None
    if not _parses(content, known):
        return None
    return _new_value(config, fault, content, "numbers have no quotes")


def _whole_number(config: PipelineConfig, fault: Fault, known: FieldDescriptor) -> Optional[Mend]:
    """`24.0` or `2e5` in a field of whole numbers."""
    if known.type not in _INTEGERS:
        return None
    try:
        number = float(_unquoted(fault.written))
    except ValueError:
        return None
    if not number.is_integer() or not _parses(f"{number:.0f}", known):
        return None
    return _new_value(config, fault, f"{number:.0f}", "a whole number")


def _bare_string(config: PipelineConfig, fault: Fault, known: FieldDescriptor) -> Optional[Mend]:
    if known.type != _STRING or fault.value is None or fault.value.kind == STRING:
        return None
    if fault.written in NOTHING:
        return None
    return _new_value(config, fault, quoted(fault.written), "a string without quotes")


def _backslashes(config: PipelineConfig, fault: Fault, known: FieldDescriptor) -> Optional[Mend]:
    r"""A Windows path such as "C:\Users\me", where \U would be an escape."""
    if known.type != _STRING or not re.match(r"[\"']([A-Za-z]:)?\\", fault.written):
        return None
    doubled = fault.written[0] + fault.written[1:-1].replace("\\", "\\\\") + fault.written[-1]
    match = TOKEN.fullmatch(doubled)
    if match is None or match.lastindex != STRING:
        return None
    return _new_value(config, fault, doubled, "a backslash in a string is written twice")


# The first rule that knows what is meant mends the value.
SCALAR_RULES: tuple[Callable[[PipelineConfig, Fault, FieldDescriptor], Optional[Mend]], ...] = (
    _enum,  # before `_nothing`: NONE may be a value
    _nothing,
    _boolean,
    _quoted_number,
    _whole_number,
    _bare_string,
    _backslashes,
)


# -- shapes ---------------------------------------------------------------------------------


def _single_item(config: PipelineConfig, fault: Fault, known: FieldDescriptor) -> Optional[Mend]:
    """`num_classes: [2]`."""
    value = fault.field.value
    if not isinstance(value, ListValue) or len(value.items) != 1 or is_repeated(known):
        return None
    text, last = config.text, value.end - 1
    behind = blank(text[last - 1], text[value.end : value.end + 1])
    brackets = (Edit(value.start, value.start + 1, ""), Edit(last, value.end, behind))
    before, after = config.document.source(value), config.document.source(value.items[0])
    return Mend(value.start, brackets, before, after, "one value, not a list")


def _no_colon(config: PipelineConfig, fault: Fault, known: FieldDescriptor) -> Optional[Mend]:
    """`class_weights [1, 5]`."""
    if known.message_type is not None or fault.field.has_colon:
        return None
    end = fault.field.start + len(fault.field.name)
    name, reason = fault.field.name, "a colon before the value"
    return Mend(fault.field.start, (Edit(end, end, ":"),), name, f"{name}:", reason)


# Rules for faults that are not about a scalar value.
SHAPE_RULES = (_nothing, _no_colon, _single_item)


def _new_value(
    config: PipelineConfig, fault: Fault, new: str, reason: str, certainty: str = CERTAIN
) -> Mend:
    assert fault.value is not None
    span = (fault.value.start, fault.value.end)
    return token_replacement(config.text, span, new, reason, certainty)


def _unquoted(source: str) -> str:
    is_quoted = len(source) > 1 and source[0] in "\"'" and source[-1] == source[0]
    return source[1:-1] if is_quoted else source


def _parses(token: str, known: FieldDescriptor) -> bool:
    try:
        parser_of(known)(token)
    except ValueError:
        return False
    return True
