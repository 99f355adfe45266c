"""The list of all kinds of findings."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Mapping

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from tfod_weights.checking import Kind

_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}


class KindsText:
    """A rich renderable: id, severity and summary of every kind, wrapped to the terminal."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = kinds

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """One line per kind where it fits."""
        from rich.segment import Segment

        widest = max(map(len, self.kinds))
        start = widest + 11
        for id, kind in self.kinds.items():
            lines = textwrap.wrap(kind.summary, max(options.max_width - start, 20))
            yield Segment(f"{id:{widest}}  ")
            yield Segment(f"{kind.severity:7}", console.get_style(_STYLES[kind.severity]))
            yield Segment("  " + f"\n{' ' * start}".join(lines) + "\n")


def kinds_text(kinds: Mapping[str, Kind]) -> KindsText:
    """The list for a terminal or a pipe."""
    return KindsText(kinds)


def kinds_json(kinds: Mapping[str, Kind]) -> list[dict[str, Any]]:
    """The list as JSON types."""
    return [
        {"id": id, "severity": kind.severity, "summary": kind.summary} for id, kind in kinds.items()
    ]
