"""The lossless document: every field of a text-format file with its exact span.

Spans are half-open offsets into `Document.text`. Nothing is normalised, so the document can
be edited (see edits.py) without touching a byte outside the edit.
"""

from __future__ import annotations

from typing import Iterator, NamedTuple, Union

from tfod_weights.errors import SourcePlace, TextFormatError


class Scalar:
    """A number, identifier or string (adjacent string tokens are one scalar)."""

    __slots__ = ("end", "kind", "start")

    def __init__(self, kind: int, start: int, end: int) -> None:
        self.kind = kind
        self.start = start
        self.end = end


class Block:
    """A message value: `{ ... }` or `< ... >`; the span includes the brackets."""

    __slots__ = ("end", "fields", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.end = start
        self.fields: list[Field] = []


class ListValue:
    """A list value: `[ ..., ... ]`; the span includes the brackets."""

    __slots__ = ("end", "items", "start")

    def __init__(self, start: int) -> None:
        self.start = start
        self.end = start
        self.items: list[Union[Scalar, Block]] = []


Value = Union[Scalar, Block, ListValue]


class Field:
    """One `name: value` or `name { ... }`.

    Attributes:
        name: As written; an extension keeps its brackets, `[package.name]`.
        start: Offset of the name.
        end: Offset after the value and its optional `,` or `;`.
        has_colon: Whether a colon stands between name and value.
        value: The value node.
    """

    __slots__ = ("end", "has_colon", "name", "start", "value")

    def __init__(self, name: str, start: int, has_colon: bool, value: Value) -> None:
        self.name = name
        self.start = start
        self.has_colon = has_colon
        self.value = value
        self.end = value.end

    def values(self) -> list[Union[Scalar, Block]]:
        """The single values: the items of a list, else the value itself."""
        return self.value.items if isinstance(self.value, ListValue) else [self.value]


class Span(NamedTuple):
    """A half-open range of offsets."""

    start: int
    end: int


class Document:
    """A parsed text-format file.

    Attributes:
        text: The whole text, unchanged.
        path: The name to show in messages.
        fields: The top-level fields in file order.
        comments: The span of every comment, from `#` up to but not including the LF.
    """

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.fields: list[Field] = []
        self.comments: list[Span] = []

    def place(self, offset: int) -> SourcePlace:
        """Line, column and source line of an offset."""
        line_start = self.text.rfind("\n", 0, offset) + 1
        line_end = self.text.find("\n", offset)
        line = self.text[line_start : line_end if line_end >= 0 else len(self.text)]
        number = self.text.count("\n", 0, offset) + 1
        return SourcePlace(self.path, number, offset - line_start + 1, line)

    def error(self, problem: str, offset: int, help: str | None = None) -> TextFormatError:
        """A TextFormatError that points at an offset."""
        return TextFormatError(problem, place=self.place(offset), help=help)

    def source(self, node: Union[Value, Field, Span]) -> str:
        """The text of a node."""
        return self.text[node.start : node.end]

    def walk(self) -> Iterator[Field]:
        """Every field at any depth, in file order, without recursion."""
        pending = list(reversed(self.fields))
        while pending:
            field = pending.pop()
            yield field
            for value in reversed(field.values()):
                if isinstance(value, Block):
                    pending.extend(reversed(value.fields))
