"""Fields that TFOD calls otherwise, and fields that it does not have at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable, Iterator, Optional

from tfod_weights.migration.history import Mend, replacement
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.layout import removal
from tfod_weights.suggestions import letters, tfod_name
from tfod_weights.textformat import Block, Document, Edit, Fault
from tfod_weights.textformat.validation import UNKNOWN_FIELD
from tfod_weights.textformat.values import is_repeated

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor

_STRING_TYPES = (9, 12)  # string, bytes

# Fields that circulate on the web and that nothing in TFOD answers to → why they can go.
NO_COUNTERPART = {
    "scale_loss_with_batch_size": "TFOD has no such switch; it averages over replicas itself",
    "from_logits": "TFOD's losses always take logits",
}


class FieldNames:
    """The names of all fields of a message and of the messages in it."""

    def __init__(self, descriptor: Descriptor) -> None:
        self._types: dict[str, set[int]] = {}
        for message in message_types(descriptor):
            for field in message.fields:
                self._types.setdefault(letters(field.name), set()).add(field.type)

    def is_string(self, name: str) -> bool:
        """Whether every field of that name, however it is spelled, takes a string."""
        return self._types.get(letters(name), {0}) <= set(_STRING_TYPES)

    def may_be_string(self, name: str) -> bool:
        """Whether every field of that name takes a string, or no field has it."""
        return self.is_string(name) or letters(name) not in self._types


def message_types(descriptor: Descriptor) -> Iterator[Descriptor]:
    """A message type and all types of the fields in it, each once."""
    pending, seen = [descriptor], {descriptor.full_name}
    while pending:
        message = pending.pop()
        yield message
        inner = (field.message_type for field in message.fields)
        new = {one.full_name: one for one in inner if one and one.full_name not in seen}
        seen.update(new)
        pending.extend(new.values())


def name_mends(config: PipelineConfig, found: list[Fault]) -> Iterator[Mend]:
    """Names written as TFOD writes them; fields without counterpart taken out.

    Args:
        config: Any config that parses.
        found: Its faults.
    """
    unknown = [fault for fault in found if fault.kind == UNKNOWN_FIELD]
    beside = _names_beside(config.document) if unknown else {}
    for fault in unknown:
        field, new = fault.field, meant_name(fault)
        reason = NO_COUNTERPART.get(field.name)
        if new is not None and not _is_written_twice(fault, new, beside[id(field)]):
            span = (field.start, field.start + len(field.name))
            yield replacement(config.text, span, new, "TFOD's name for it")
        elif new is None and reason is not None:
            edit = Edit(*removal(config.text, field.start, field.end), "")
            yield Mend(field.start, (edit,), config.document.source(field), "", reason)


def meant_name(fault: Fault) -> Optional[str]:
    """The field that is surely meant by an unknown name."""
    if fault.field.name.startswith("["):
        return None
    return tfod_name(fault.field.name, fault.candidates)


def _is_written_twice(fault: Fault, meant: str, names: frozenset[str]) -> bool:
    """Whether what an unknown field means is written beside it under another name.

    Two spellings of one message are no clash: protobuf merges its parts.
    """
    known = fault.message.fields_by_name[meant]
    if is_repeated(known):
        return False
    name, spelled = fault.field.name, letters(fault.field.name)
    others: Iterable[str] = names - {name}
    if known.message_type is not None:
        others = (other for other in others if letters(other) != spelled)
    return any(meant in (other, tfod_name(other, fault.candidates)) for other in others)


def _names_beside(document: Document) -> dict[int, frozenset[str]]:
    """The `id()` of a field → the names in the block that it stands in."""
    found: dict[int, frozenset[str]] = {}
    pending = [document.fields]
    while pending:
        fields = pending.pop()
        names = frozenset(field.name for field in fields)
        for field in fields:
            found[id(field)] = names
            pending.extend(value.fields for value in field.values() if isinstance(value, Block))
    return found
