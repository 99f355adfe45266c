"""What migrating changed and what it left: as text for people, as JSON for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Sequence

from tfod_weights.report.terminal import printable
from tfod_weights.wording import number_of

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from tfod_weights.migration import Leftover, MigratedConfig, MigrationEdit

WIDTH = 80
_STYLES = {"certain": "", "likely": "yellow", "default": "cyan"}


@dataclass(frozen=True)
class EditsText:
    """A rich renderable: an edit on a line, or on two where it is long."""

    edits: Sequence[MigrationEdit]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.segment import Segment

        digits = max((len(str(edit.line)) for edit in self.edits), default=1)
        for edit in self.edits:
            what = f"{edit.line:>{digits}}: {_change(edit, WIDTH - digits - 2, options)}"
            before_certainty = f"({edit.reason}, "
            gap = "  "
            if len(what) + len(gap) + len(before_certainty) + len(edit.certainty) + 1 > WIDTH:
                gap = "\n" + " " * (digits + 2)
            yield Segment(f"{what}{gap}{before_certainty}")
            yield Segment(edit.certainty, console.get_style(_STYLES[edit.certainty]))
            yield Segment(")\n")


@dataclass(frozen=True)
class LeftoversText:
    """A rich renderable: every leftover with its source line."""

    leftovers: Sequence[Leftover]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.segment import Segment

        for number, leftover in enumerate(self.leftovers):
            if number:
                yield Segment("\n")
            yield Segment(f"{leftover.place}: ")
            yield Segment("error", console.get_style("bold red"))
            yield Segment(f": {leftover.problem}\n")
            if leftover.place.excerpt():
                yield Segment(f"{leftover.place.excerpt()}\n")
            if leftover.help:
                yield Segment(f"help: {leftover.help}\n")


def edits_text(edits: Sequence[MigrationEdit]) -> EditsText:
    """The edits for a terminal or a log, in 80 columns."""
    return EditsText(edits)


def leftovers_text(leftovers: Sequence[Leftover]) -> LeftoversText:
    """What is left for a terminal or a log."""
    return LeftoversText(leftovers)


def _change(edit: MigrationEdit, width: int, options: ConsoleOptions) -> str:
    """What was and what is, in at most `width` columns."""
    if not edit.before:
        return f"added {_shortened(edit.after, width - 6, options)}"
    if not edit.after:
        return f"{_shortened(edit.before, width - 10, options)} taken out"
    arrow = " -> " if options.ascii_only else " → "
    width -= len(arrow)
    after = _shortened(edit.after, width // 2, options)
    before = _shortened(edit.before, width - len(after), options)
    return before + arrow + _shortened(edit.after, width - len(before), options)


def _shortened(text: str, width: int, options: ConsoleOptions) -> str:
    one_line = printable(" ".join(text.split()), options.encoding)
    mark = "..." if options.ascii_only else "…"
    return one_line if len(one_line) <= width else one_line[: width - len(mark)] + mark


def migration_summary(migrated: MigratedConfig) -> str:
    """How many edits and leftovers there are, in words."""
    counts = Counter(edit.certainty for edit in migrated.edits)
    kinds = ", ".join(f"{counts[kind]} {kind}" for kind in _STYLES if counts[kind])
    parts = [f"{number_of(len(migrated.edits), 'edit')} ({kinds})"] if migrated.edits else []
    if migrated.leftovers:
        parts.append(f"{number_of(len(migrated.leftovers), 'error')} left for you")
    return "; ".join(parts) or "nothing to migrate"


def migration_json(migrated: MigratedConfig) -> dict[str, Any]:
    """The edits, what is left and the diff as JSON types; places are those of the original."""
    return {
        "config": migrated.path,
        "changed": migrated.changed,
        "edits": [
            {
                "line": edit.line,
                "column": edit.column,
                "before": edit.before,
                "after": edit.after,
                "reason": edit.reason,
                "certainty": edit.certainty,
            }
            for edit in migrated.edits
        ],
        "leftovers": [
            {
                "line": leftover.place.line,
                "column": leftover.place.column,
                "problem": leftover.problem,
                "help": leftover.help,
            }
            for leftover in migrated.leftovers
        ],
        "notes": list(migrated.notes),
        "diff": migrated.diff(),
    }
