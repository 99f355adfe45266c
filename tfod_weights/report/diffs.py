"""Unified diffs in colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

STYLES = (("+++", "bold"), ("---", "bold"), ("@@", "cyan"), ("+", "green"), ("-", "red"))


@dataclass(frozen=True)
class Diff:
    """A rich renderable that prints a diff as it is, tabs, CRs and long lines included."""

    text: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        r"""One segment per line; a style ends before the \n."""
        from rich.segment import Segment

        lines = self.text.split("\n")
        for line in lines[:-1]:
            yield Segment(line, console.get_style(line_style(line)))
            yield Segment.line()
        yield Segment(lines[-1], console.get_style(line_style(lines[-1])))


def diff_lines(diff: str) -> Diff:
    """A unified diff as a rich renderable, coloured where the console has colour.

    Print it with `console()` of this package, which neither wraps nor cuts it.
    """
    return Diff(diff)


def line_style(line: str) -> str:
    """The rich style of a line of a unified diff; empty for a line that did not change.

    >>> line_style("+  class_weights: [1, 5]"), line_style("   num_classes: 2")
    ('green', '')
    """
    return next((style for start, style in STYLES if line.startswith(start)), "")
