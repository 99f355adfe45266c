"""Edits of a text as spans, so that every byte outside them stays."""

from __future__ import annotations

from typing import Iterable, NamedTuple


class Edit(NamedTuple):
    """Replace text[start:end] by `text`; start == end inserts."""

    start: int
    end: int
    text: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made in one pass; insertions at one offset keep their order.

    Raises:
        ValueError: two edits overlap, or one lies outside the text.

    >>> apply_edits("a { }", [Edit(3, 4, " b: 1 ")])
    'a { b: 1 }'
    """
    parts, position = [], 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if not position <= edit.start <= edit.end <= len(text):
            raise ValueError(f"{edit} overlaps the edit before it or lies outside the text")
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*parts, text[position:]])


def deletions(spans: Iterable[tuple[int, int]]) -> list[Edit]:
    """The edits that delete what lies in any of some half-open spans, which may overlap.

    >>> deletions([(4, 6), (0, 2), (1, 3)])
    [Edit(start=0, end=3, text=''), Edit(start=4, end=6, text='')]
    """
    edits: list[Edit] = []
    for start, end in sorted(spans):
        if edits and start <= edits[-1].end:
            start, end = edits[-1].start, max(end, edits.pop().end)
        edits.append(Edit(start, end, ""))
    return edits
