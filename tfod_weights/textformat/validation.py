"""A document against a message descriptor: every fault, not only the first.

`text_format.Merge` stops at the first fault and names it tersely; this walk finds the same
faults, each with its field, so that suggestions can be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Iterator, Optional

from tfod_weights.textformat.tree import Block, Document, Field, ListValue
from tfod_weights.textformat.values import is_message, is_repeated, scalar_value

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
        message_name: The message type that the field stands in, without its package.
        problem: What is wrong.
        candidates: The names that would be right there.
    """

    kind: str
    field: Field
    offset: int
    message_name: str
    problem: str
    candidates: tuple[str, ...] = ()


def faults(document: Document, descriptor: Descriptor) -> list[Fault]:
    """All faults of a document that should be a message of this type, in file order.

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
                continue
            yield from _shape_faults(field, known)
            for value in field.values():
                if isinstance(value, Block):
                    if is_message(known):
                        pending.append((value.fields, known.message_type))
                elif not is_message(known):
                    try:
                        scalar_value(document, value, known)
                    except ValueError as error:
                        yield _value_fault(document, field, known, value.start, str(error))


def _unknown(field: Field, message: Descriptor) -> Iterator[Fault]:
    if field.name.startswith("[") and message.is_extendable:
        return
    yield Fault(
        UNKNOWN_FIELD,
        field,
        field.start,
        message.name,
        f"{message.name} has no field named {field.name}",
        tuple(message.fields_by_name.keys()),
    )


def _shape_faults(field: Field, known: FieldDescriptor) -> Iterator[Fault]:
    """Lists where one value is expected, messages where a scalar is, and the reverse."""
    problem = _shape_problem(field, known)
    if problem:
        parent = known.containing_type.name
        yield Fault(BAD_VALUE, field, field.value.start, parent, f"{field.name} {problem}")


def _shape_problem(field: Field, known: FieldDescriptor) -> Optional[str]:
    if isinstance(field.value, ListValue) and not is_repeated(known):
        return "takes a single value, not a list"
    blocks = [isinstance(value, Block) for value in field.values()]
    if is_message(known):
        return None if all(blocks) else "is a message: it takes { ... }"
    if any(blocks):
        return f"is a {_type_name(known)}, not a message"
    return None if field.has_colon else f'needs a ":" before its {_type_name(known)}'


def _value_fault(
    document: Document, field: Field, known: FieldDescriptor, offset: int, reason: str
) -> Fault:
    parent = known.containing_type.name
    if known.enum_type is not None:
        names = tuple(value.name for value in known.enum_type.values)
        value = next(v for v in field.values() if v.start == offset)
        problem = f"{document.source(value)} is not a {known.enum_type.name}"
        return Fault(UNKNOWN_ENUM_VALUE, field, offset, parent, problem, names)
    problem = f"{field.name} takes a {_type_name(known)}: {_first_lower(reason)}"
    return Fault(BAD_VALUE, field, offset, parent, problem)


_TYPE_NAMES = {1: "number", 2: "number", 8: "true or false", 9: "string", 12: "string", 14: "name"}


def _type_name(field: FieldDescriptor) -> str:
    return _TYPE_NAMES.get(field.type, "whole number")


def _first_lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
