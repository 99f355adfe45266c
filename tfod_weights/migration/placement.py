"""Fields in the wrong block: moved where exactly one block nearby can take them.

Nearby are the block around, the blocks inside, and the blocks beside; if none of these has
such a field, then the blocks further out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Iterator, Optional

from tfod_weights.migration.history import LIKELY, Mend
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.layout import (
    LINE_END,
    NewLines,
    closes_its_line,
    insertions,
    line_end,
    newline_of,
    removal,
)
from tfod_weights.suggestions import tfod_name
from tfod_weights.textformat import Block, Document, Edit, Field, MergedMessage, Span


@dataclass(frozen=True)
class _Place:
    """A message that is set, the name of its field, and the messages around it, nearest first."""

    message: MergedMessage
    name: str
    around: tuple[_Place, ...] = ()

    @cached_property
    def inside(self) -> list[_Place]:
        """The messages that are set in it."""
        return [
            _Place(message, name, (self, *self.around))
            for name in self.message.names()
            for message in self.message.submessages(name)
        ]

    @property
    def block(self) -> Optional[Block]:
        """Where new fields go: its last block; None for the whole file."""
        return self.message.blocks[-1]

    def dotted(self, field: Field) -> str:
        """A field of it, as people call it."""
        return f"{self.name}.{field.name}" if self.name else field.name


def placement_mends(config: PipelineConfig) -> Iterator[Mend]:
    """Unknown fields, moved to the one block that has a field of that name and lacks it."""
    taken: set[tuple[int, Optional[str]]] = set()
    pending = [_Place(config.root, "")]
    while pending:
        place = pending.pop()
        pending.extend(reversed(place.inside))
        for field in _strangers(place.message):
            target = _target(place, field)
            if target is None:
                continue
            spot = (id(target), _name_in(target.message, field.name))
            if spot not in taken:
                taken.add(spot)
                yield _move(config.document, place, target, field)


def _strangers(message: MergedMessage) -> Iterator[Field]:
    """The fields that a message type does not have; none that is written twice."""
    for name in message.names():
        is_known = name in message.descriptor.fields_by_name or name.startswith("[")
        if not is_known and len(message.occurrences(name)) == 1:
            yield message.occurrences(name)[0]


def _target(place: _Place, field: Field) -> Optional[_Place]:
    """The only place that can take a field; None if there is none, or more than one."""
    outside = place.around[:1]
    beside = [one for parent in outside for one in parent.inside if one is not place]
    for candidates in ([*outside, *place.inside, *beside], place.around[1:]):
        takers = [one for one in candidates if _takes(one.message, field)]
        if takers:
            return takers[0] if len(takers) == 1 else None
    return None


def _takes(message: MergedMessage, field: Field) -> bool:
    """Whether a message has such a field and it is not set, under its name or another."""
    name = _name_in(message, field.name)
    if name is None or any(name == _name_in(message, other) for other in message.names()):
        return False
    is_message = all(isinstance(value, Block) for value in field.values())
    return is_message == (message.descriptor.fields_by_name[name].message_type is not None)


def _name_in(message: MergedMessage, name: str) -> Optional[str]:
    """The field of a message that has a name or is meant by it."""
    return tfod_name(name, message.descriptor.fields_by_name.keys())


def _move(document: Document, place: _Place, target: _Place, field: Field) -> Mend:
    span = _moved_span(document, target, field)
    taken_out = Edit(*removal(document.text, span.start, max(span.end, field.end)), "")
    lines = NewLines(tuple(_lines(document.text, span)))
    return Mend(
        field.start,
        (taken_out, *_put_in(document, target.block, lines)),
        place.dotted(field),
        target.dotted(field),
        f"{target.name or 'the top level'} has such a field, {place.name} has not",
        LIKELY,
        moved=span,
    )


def _moved_span(document: Document, target: _Place, field: Field) -> Span:
    """The field without its separator, or with the comment on its line, where that has room."""
    text, start = document.text, field.start
    starts_line = not text[_line_start(text, start) : start].strip()
    has_room = target.block is None or closes_its_line(document, target.block)
    comment = next((c for c in document.comments if c.start >= field.end), None)
    if starts_line and has_room and comment:
        between = text[field.value.end : comment.start]
        if not between.strip(" \t,;"):
            return Span(start, comment.end)
    return Span(start, field.value.end)


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _lines(text: str, span: Span) -> Iterator[str]:
    """The lines of a span, further ones indented as the first line is not."""
    first, *further = LINE_END.split(text[span.start : span.end])
    indent = text[_line_start(text, span.start) : span.start]
    yield first
    for line in further:
        yield line[len(indent) :] if line.startswith(indent) and not indent.strip() else line


def _put_in(document: Document, block: Optional[Block], lines: NewLines) -> list[Edit]:
    if block is not None:
        return insertions(document, block, [lines])
    text, newline = document.text, newline_of(document.text)
    before = "" if text.endswith(("\n", "\r")) else newline
    new = "".join(line + line_end(line, newline) for line in lines.source)
    return [Edit(len(text), len(text), before + new)]
