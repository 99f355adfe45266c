"""A text as it is rewritten step by step, and where in the original everything came from."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from dataclasses import dataclass
from typing import Iterable, Iterator, Optional, Sequence

from tfod_weights.errors import SourcePlace
from tfod_weights.textformat import Edit, Span, apply_edits

_WORD = re.compile(r"[0-9a-zA-Z_.+-]")

CERTAIN, LIKELY, DEFAULT = "certain", "likely", "default"


@dataclass(frozen=True)
class MigrationEdit:
    """One thing that was mended.

    Attributes:
        line: One-based, in the original file.
        column: One-based, in characters, in the original file.
        before: What was written; empty where something is added.
        after: What is written now; empty where something is taken out.
        reason: Why, in a few words.
        certainty: CERTAIN: it cannot mean anything else. LIKELY: it hardly can; have a look.
            DEFAULT: it was missing, and what is commonly used was filled in.
    """

    line: int
    column: int
    before: str
    after: str
    reason: str
    certainty: str = CERTAIN


@dataclass(frozen=True)
class Mend:
    """What a rule wants to do to the text as it is now.

    Attributes:
        at: The offset that it is reported at.
        edits: Disjoint edits, also from those of other mends.
        before: As in MigrationEdit.
        after: As in MigrationEdit.
        reason: As in MigrationEdit.
        certainty: As in MigrationEdit.
        moved: Where the text that the last edit inserts is taken from.
    """

    at: int
    edits: tuple[Edit, ...]
    before: str
    after: str
    reason: str
    certainty: str = CERTAIN
    moved: Optional[Span] = None


def replacement(
    text: str, span: tuple[int, int], new: str, reason: str, certainty: str = CERTAIN
) -> Mend:
    """The mend that writes `new` in place of a span."""
    start, end = span
    return Mend(start, (Edit(start, end, new),), text[start:end], new, reason, certainty)


def token_replacement(
    text: str, span: tuple[int, int], new: str, reason: str, certainty: str = CERTAIN
) -> Mend:
    """`replacement` of whole tokens by one, with a blank where it would become one with another."""
    start, end = span
    written = blank(text[start - 1 : start], new) + new + blank(new, text[end : end + 1])
    return Mend(start, (Edit(start, end, written),), text[start:end], new, reason, certainty)


def blank(before: str, after: str) -> str:
    """What must stand between two tokens.

    >>> blank("2", "alpha"), blank("2", "}")
    (' ', '')
    """
    return " " if _WORD.match(before[-1:]) and _WORD.match(after) else ""


class History:
    """The text as it is now, after any number of steps.

    Attributes:
        original: The text before the first step.
        path: The name to show in messages.
        text: The text now.
        edits: What was mended, in the order of the steps.
    """

    def __init__(self, original: str, path: str) -> None:
        self.original = original
        self.path = path
        self.text = original
        self.edits: list[MigrationEdit] = []
        self._steps: list[_Step] = []
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", original))]

    def apply(self, mends: Iterable[Mend]) -> bool:
        """Make one step of all mends that do not touch another; whether there were any."""
        step = list(_disjoint(mends))
        for mend in step:
            shown = (mend.before, mend.after, mend.reason, mend.certainty)
            self.edits.append(MigrationEdit(*self._position(mend.at), *shown))
        if step:
            self._steps.append(_Step(self.text, step))
            self.text = self._steps[-1].after
        return bool(step)

    def place(self, offset: int) -> SourcePlace:
        """Where in the original file an offset of the text as it is now comes from."""
        line, column = self._position(offset)
        start = self._line_starts[line - 1]
        end = self.original.find("\n", start)
        source = self.original[start : end if end >= 0 else len(self.original)]
        return SourcePlace(self.path, line, column, source)

    def _position(self, offset: int) -> tuple[int, int]:
        """The line and the column of `place`."""
        for step in reversed(self._steps):
            offset = step.origin(offset)
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1


def _disjoint(mends: Iterable[Mend]) -> Iterator[Mend]:
    """The mends without those that overlap one before them."""
    taken: list[tuple[int, int]] = []  # disjoint, so sorted by start and by end
    for mend in mends:
        spans = [(edit.start, edit.end) for edit in mend.edits]
        places = [bisect_right(taken, span) for span in spans]
        beside = (pair for place in places for pair in taken[max(place - 1, 0) : place + 1])
        if not any(a < end and start < b for a, b in beside for start, end in spans):
            for span in spans:
                insort(taken, span)
            yield mend


class _Step:
    """Edits made at once, and the way back from an offset after them to one before."""

    def __init__(self, before: str, mends: Sequence[Mend]) -> None:
        pairs: list[tuple[Edit, Optional[Span]]]
        pairs = [(edit, None) for mend in mends for edit in mend.edits[:-1]]
        pairs += [(mend.edits[-1], mend.moved) for mend in mends]
        pairs.sort(key=lambda pair: (pair[0].start, pair[0].end))
        self.before = before
        self.after = apply_edits(before, (edit for edit, _ in pairs))
        self._pairs = pairs
        self._starts: list[int] = []  # of the edits, in `after`
        shift = 0
        for edit, _ in pairs:
            self._starts.append(edit.start + shift)
            shift += len(edit.text) - (edit.end - edit.start)

    def origin(self, offset: int) -> int:
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return offset
        edit, moved = self._pairs[index]
        inside = offset - self._starts[index]
        if inside >= len(edit.text):
            return edit.end + inside - len(edit.text)
        if moved is not None:
            return moved.start + _aligned(edit.text, inside, self.before[moved.start : moved.end])
        return min(edit.start + inside, edit.end)


def _aligned(text: str, offset: int, source: str) -> int:
    """The offset in lines that were indented differently; they end alike."""
    number = text.count("\n", 0, offset)
    column = offset - (text.rfind("\n", 0, offset) + 1)
    to_end = len(text.split("\n")[number].rstrip("\r")) - column
    lines = source.split("\n")
    number = min(number, len(lines) - 1)
    start = sum(len(line) + 1 for line in lines[:number])
    return start + max(len(lines[number].rstrip("\r")) - to_end, 0)
