"""Unified diffs of configs."""

from __future__ import annotations

import difflib
import re
from typing import Iterator


def unified_diff(before: str, after: str, path: str) -> str:
    """The change of a file as `diff -u` shows it; empty if there is none.

    Lines end at LF only, as for `patch`. Common lines at both ends are set aside first, which
    keeps large files fast.
    """
    old, new = _lines(before), _lines(after)
    context = 3
    start = max(_common(old, new) - context, 0)
    end = max(_common(old[start:][::-1], new[start:][::-1]) - context, 0)
    lines = difflib.unified_diff(
        old[start : len(old) - end], new[start : len(new) - end], path, path, n=context
    )
    return "".join(_shifted(line, start) for line in lines)


def _lines(text: str) -> list[str]:
    """The lines with their LFs; `splitlines` also ends them at form feeds and others."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _common(old: list[str], new: list[str]) -> int:
    """How many lines are the same from the start."""
    pairs = enumerate(zip(old, new))
    return next((i for i, (a, b) in pairs if a != b), min(len(old), len(new)))


def _shifted(line: str, offset: int) -> str:
    """A line of the diff, hunk headers counted from the top of the file."""
    if line.startswith("@@ "):
        return " ".join(map(str, _shifted_header(line.split(" "), offset)))
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _shifted_header(words: list[str], offset: int) -> Iterator[str]:
    for word in words:
        if word[:1] in "-+" and word[1:2].isdigit():
            first, comma, length = word[1:].partition(",")
            yield f"{word[0]}{int(first) + offset}{comma}{length}"
        else:
            yield word
