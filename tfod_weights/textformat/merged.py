"""What a document means: protobuf's merge semantics over the tree.

Repeated occurrences of a singular message merge, the last scalar wins, and setting a member
of a oneof clears the members set before it. A field that loses is dead: it stays in the
file, but nothing reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Collection, Iterator, Optional, Sequence

from tfod_weights.errors import ConfigError
from tfod_weights.textformat.tree import Block, Document, Field, Scalar
from tfod_weights.textformat.values import ScalarValue, is_repeated, scalar_value

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor


class MergedMessage:
    """A message as protobuf would see it after merging its occurrences.

    Attributes:
        document: The document it is in.
        descriptor: Its message type.
        blocks: Its live occurrences in file order; None stands for the whole file.
        ignored: Fields, here or further in, that are taken as not written.
    """

    def __init__(
        self,
        document: Document,
        descriptor: Descriptor,
        blocks: Sequence[Optional[Block]],
        ignored: Collection[Field] = (),
    ) -> None:
        self.document = document
        self.descriptor = descriptor
        self.blocks = tuple(blocks)
        self.ignored = ignored
        self._live, self.dead = self._merge()

    @classmethod
    def of_file(
        cls, document: Document, descriptor: Descriptor, ignored: Collection[Field] = ()
    ) -> MergedMessage:
        """The message that the whole file is."""
        return cls(document, descriptor, [None], ignored)

    def _merge(self) -> tuple[dict[str, list[Field]], list[Field]]:
        live: dict[str, list[Field]] = {}
        dead: list[Field] = []
        for block in self.blocks:
            for field in self.document.fields if block is None else block.fields:
                if field in self.ignored:
                    continue
                known = self.descriptor.fields_by_name.get(field.name)
                oneof = known.containing_oneof if known else None
                for rival in oneof.fields if oneof else ():
                    if rival.name != field.name:
                        dead += live.pop(rival.name, [])
                live.setdefault(field.name, []).append(field)
        return live, dead

    def occurrences(self, name: str) -> list[Field]:
        """The live fields of that name, in file order."""
        return self._live.get(name, [])

    def has(self, name: str) -> bool:
        """Whether the field is set."""
        return name in self._live

    def which(self, oneof: str) -> Optional[str]:
        """The member of a oneof that is set."""
        names = (field.name for field in self.descriptor.oneofs_by_name[oneof].fields)
        return next((name for name in names if self.has(name)), None)

    def message(self, name: str) -> Optional[MergedMessage]:
        """A singular message, merged from all its occurrences; None if it is not set."""
        return self._view(name, self._blocks(name)) if self.has(name) else None

    def inner(self, *names: str) -> Optional[MergedMessage]:
        """The message on a path of singular fields; None if it is not set."""
        message: Optional[MergedMessage] = self
        for name in names:
            message = message.message(name) if message else None
        return message

    def messages(self, name: str) -> list[MergedMessage]:
        """The messages of a repeated field, one by one."""
        return [self._view(name, [block]) for block in self._blocks(name)]

    def scalar(self, name: str) -> ScalarValue:
        """A singular scalar: the last one written, else the default of the schema.

        Raises:
            ConfigError: the value does not fit the field.
        """
        values = self.scalars(name)
        return values[-1] if values else self._field(name).default_value

    def scalars(self, name: str) -> list[ScalarValue]:
        """All values written for a scalar field, in file order."""
        field = self._field(name)
        nodes = [value for one in self.occurrences(name) for value in one.values()]
        return [self._value(node, field) for node in nodes if isinstance(node, Scalar)]

    def names(self) -> list[str]:
        """The names of the live fields, known or not, in the order of the file."""
        return list(self._live)

    def submessages(self, name: Optional[str] = None) -> list[MergedMessage]:
        """The messages of a field, or of all fields, at the next depth."""
        if name is None:
            return [message for one in self._live for message in self.submessages(one)]
        field = self.descriptor.fields_by_name.get(name)
        if field is None or field.message_type is None:
            return []
        if is_repeated(field):
            return self.messages(name)
        message = self.message(name)
        return [message] if message else []

    def walk(self) -> Iterator[MergedMessage]:
        """This message and every message in it, at any depth."""
        pending = [self]
        while pending:
            message = pending.pop()
            yield message
            pending.extend(reversed(message.submessages()))

    def enum_name(self, name: str) -> str:
        """The name of a singular enum field's value."""
        enum_type, number = self._field(name).enum_type, self.scalar(name)
        assert enum_type is not None and isinstance(number, int), f"{name} is no enum"
        return enum_type.values_by_number[number].name

    def _value(self, node: Scalar, field: FieldDescriptor) -> ScalarValue:
        try:
            return scalar_value(self.document, node, field)
        except ValueError as error:
            place = self.document.place(node.start)
            raise ConfigError(f"{field.name}: {error}", place=place) from error

    def _field(self, name: str) -> FieldDescriptor:
        return self.descriptor.fields_by_name[name]

    def _blocks(self, name: str) -> list[Block]:
        values = [value for one in self.occurrences(name) for value in one.values()]
        return [value for value in values if isinstance(value, Block)]

    def _view(self, name: str, blocks: Sequence[Block]) -> MergedMessage:
        message_type = self._field(name).message_type
        assert message_type is not None, f"{name} is a scalar"
        return MergedMessage(self.document, message_type, blocks, self.ignored)
