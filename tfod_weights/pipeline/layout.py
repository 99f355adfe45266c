"""Writing new fields into a file in the file's own style.

Every change is a pure insertion, in one of two forms, so that `removals` can take it out again
to the byte:

- lines: where the closing bracket of the block is the first thing on its line, whole lines
  are inserted above that line;
- inline: elsewhere the fields follow the last field on its line, after one space (`{}` stays
  without spaces: `{class_weights: [1.0, 5.0]}`), and the comment gets a line above.

Blocks whose comment must stand directly above them break the line instead: `insertion_below`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Iterator, Optional, Sequence, Union

from tfod_weights.textformat import Block, Document, Edit, Field, Span

LINE_END = re.compile(r"\r\n|\n|\r")
MAX_VALUES_ON_A_LINE = 8
_PARTING = ("", "\r", "\n", "}", ">", "#")


@dataclass(frozen=True)
class NewField:
    """A scalar field to insert; `remarks` has a comment for each value of a long list."""

    name: str
    values: tuple[str, ...]
    is_list: bool = False
    remarks: tuple[str, ...] = ()

    def lines(self, unit: str) -> Iterator[str]:
        """The field without its indentation: one line, or one for each value of a long list."""
        if len(self.values) <= MAX_VALUES_ON_A_LINE:
            joined = ", ".join(self.values)
            yield f"{self.name}: [{joined}]" if self.is_list else f"{self.name}: {joined}"
            return
        yield f"{self.name}: ["
        for position, value in enumerate(self.values, start=1):
            comma = "," if position < len(self.values) else ""
            remark = f"  # {self.remarks[position - 1]}" if self.remarks else ""
            yield f"{unit}{value}{comma}{remark}"
        yield "]"


@dataclass(frozen=True)
class NewBlock:
    """A message to insert."""

    name: str
    children: tuple[Union[NewField, NewBlock], ...]

    def lines(self, unit: str) -> Iterator[str]:
        """The message on lines of its own, without its indentation."""
        yield f"{self.name} {{"
        for child in self.children:
            yield from (unit + line for line in child.lines(unit))
        yield "}"


@dataclass(frozen=True)
class NewLines:
    """Fields as they are written elsewhere, line by line, indented as the first line is not."""

    source: tuple[str, ...]

    def lines(self, unit: str) -> Iterator[str]:
        """The lines."""
        yield from self.source


NewChild = Union[NewField, NewBlock, NewLines]


def insertions(
    document: Document, block: Block, children: Sequence[NewChild], comment: Optional[str] = None
) -> list[Edit]:
    """The edits that put fields at the end of a block, under a one-line comment if there is one."""
    text, closing = document.text, block.end - 1
    line_start = _line_start_of_bracket(text, closing)
    newline, unit = newline_of(text), _indent_unit(document)
    if line_start is None:
        return _inline_insertions(document, block, children, comment, (unit, newline))
    indent = _child_indent(document, block) or text[line_start:closing] + unit
    lines = [comment] if comment else []
    lines += [line for child in children for line in child.lines(unit)]
    inserted = "".join((indent + line if line else "") + line_end(line, newline) for line in lines)
    return [Edit(line_start, line_start, inserted)]


def insertion_below(
    document: Document, block: Block, children: Sequence[NewChild], comment: str
) -> Edit:
    """The edit that puts blocks at the end of a block, the comment directly above them.

    As `insertions`, but on lines of their own everywhere: where the closing bracket is not the
    first on its line, the line is broken before the comment.
    """
    text, newline, unit = document.text, newline_of(document.text), _indent_unit(document)
    if closes_its_line(document, block):
        return insertions(document, block, children, comment)[0]
    position = block.fields[-1].end if block.fields else block.start + 1
    start = _line_start(text, position)
    indent = text[start : _skip_blanks(text, start)] + unit
    *lines, last = [comment, *(line for child in children for line in child.lines(unit))]
    above = "".join(indent + line + line_end(line, newline) for line in lines)
    return Edit(position, position, newline + above + indent + last)


def removal_below(document: Document, start: int, end: int) -> Span:
    """What to delete so that blocks of `insertion_below` and their comment go as they came.

    Args:
        document: The document.
        start: Where the comment starts.
        end: Where the last block ends.
    """
    text = document.text
    before, after = _blanks_before(text, start), LINE_END.match(text, _skip_blanks(text, end))
    if after:
        return Span(before, after.end())
    newline = max(before - (2 if text.startswith("\r\n", before - 2) else 1), 0)
    ends_comment = any(c.start < before <= c.end + 1 for c in document.comments)
    return Span(before if ends_comment else newline, end)


def closes_its_line(document: Document, block: Block) -> bool:
    """Whether fields put into a block get lines of their own."""
    return _line_start_of_bracket(document.text, block.end - 1) is not None


def _inline_insertions(
    document: Document,
    block: Block,
    children: Sequence[NewChild],
    comment: Optional[str],
    style: tuple[str, str],
) -> list[Edit]:
    text = document.text
    position = block.fields[-1].end if block.fields else block.start + 1
    is_tight = position == block.end - 1 and not block.fields
    line_start = text.rfind("\n", 0, position) + 1
    indent = text[line_start : _skip_blanks(text, line_start)]
    joined = " ".join(_inline(child, indent, *style) for child in children)
    fields = Edit(position, position, joined if is_tight else f" {joined}")
    if comment is None:
        return [fields]
    remark = indent + comment + line_end(comment, style[1])
    return [Edit(line_start, line_start, remark), fields]


def _inline(child: NewChild, indent: str, unit: str, newline: str) -> str:
    """A field or message as part of a line; only a long list goes on below it."""
    if isinstance(child, NewBlock):
        inner = [_inline(one, indent, unit, newline) for one in child.children]
        return " ".join([child.name, "{", *inner, "}"])
    *lines, last = child.lines(unit)
    return "".join(line + line_end(line, newline) + indent for line in lines) + last


def removals(text: str, fields: Iterable[Field]) -> list[Span]:
    """What to delete so that fields go as they came; those with only blanks between as one."""
    runs: list[Span] = []
    for field in sorted(fields, key=lambda field: field.start):
        if runs and _skip_blanks(text, runs[-1].end) == field.start:
            runs[-1] = Span(runs[-1].start, field.end)
        else:
            runs.append(Span(field.start, field.end))
    return [removal(text, *run) for run in runs]


def removal(text: str, start: int, end: int) -> Span:
    """What to delete so that the field at [start, end), alone, goes as it came."""
    before, after = _blanks_before(text, start), _skip_blanks(text, end)
    if before == 0 or text[before - 1] in "\r\n":
        line_end = LINE_END.match(text, after)
        return Span(before, line_end.end()) if line_end else Span(start, after)
    # else the blank has to keep two words apart: `gamma: 2 class_weights: [1]alpha: 1`
    is_parted = after > end or text[end : end + 1] in _PARTING
    return Span(start - 1 if text[start - 1] == " " and is_parted else start, end)


def comment_removal(text: str, comment: Span) -> Optional[Span]:
    """The whole line of a comment that stands alone on its line; None otherwise."""
    before = _blanks_before(text, comment.start)
    if before > 0 and text[before - 1] not in "\r\n":
        return None
    return Span(before, min(comment.end + 1, len(text)))


def line_end(line: str, newline: str) -> str:
    """What ends a line. In a file of lone CRs a comment still needs an LF: only that ends it."""
    return "\n" if newline == "\r" and "#" in line else newline


def newline_of(text: str) -> str:
    """The line end that a text uses first."""
    match = LINE_END.search(text)
    return match.group() if match else "\n"


def _line_start(text: str, offset: int) -> int:
    """The start of the line that an offset is on."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _line_start_of_bracket(text: str, bracket: int) -> Optional[int]:
    """The start of the bracket's line if only blanks stand before it there."""
    before = _blanks_before(text, bracket)
    return before if text[before - 1] in "\r\n" else None


def _child_indent(document: Document, block: Block) -> Optional[str]:
    """The indentation of the last field of the block that starts a line."""
    for field in reversed(block.fields):
        before = _blanks_before(document.text, field.start)
        if document.text[before - 1 : before] in ("\r", "\n"):
            return document.text[before : field.start]
    return None


def _indent_unit(document: Document) -> str:
    """One level of indentation, seen at the first field that is indented below another."""
    for field in document.walk():
        value = field.value
        if isinstance(value, Block):
            start = _line_start_of_bracket(document.text, value.end - 1)
            child = _child_indent(document, value)
            if start is not None and child:
                outer = document.text[start : value.end - 1]
                if child.startswith(outer) and child != outer:
                    return child[len(outer) :]
    return "  "


def _blanks_before(text: str, offset: int) -> int:
    """Where the white space before an offset starts, line ends excluded."""
    while offset > 0 and text[offset - 1].isspace() and text[offset - 1] not in "\r\n":
        offset -= 1
    return offset


def _skip_blanks(text: str, offset: int) -> int:
    """The first offset that is no white space, or a line end."""
    while offset < len(text) and text[offset].isspace() and text[offset] not in "\r\n":
        offset += 1
    return offset
