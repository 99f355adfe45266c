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
