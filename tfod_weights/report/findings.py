"""Findings of a check: as text for people, as JSON, and as GitHub annotations."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Iterator, Sequence

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from tfod_weights.checking import Finding

_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_GITHUB_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


class FindingsText:
    """A rich renderable: every finding with its source line, and how many there are."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from rich.segment import Segment

        for finding in self.findings:
            style = console.get_style(_STYLES[finding.severity])
            yield Segment(f"{finding.place}: ")
            yield Segment(finding.severity, style)
            yield Segment(f": {finding.problem} [{finding.id}]\n")
            if finding.place.excerpt():
                yield Segment(f"{finding.place.excerpt()}\n")
            if finding.help:
                yield Segment(f"help: {finding.help}\n")
            yield Segment("\n")
        yield Segment(f"{summary(self.findings)}\n")


def findings_text(findings: Sequence[Finding]) -> FindingsText:
    """The findings for a terminal or a log."""
    return FindingsText(findings)


def summary(findings: Sequence[Finding]) -> str:
    """How many findings of each severity there are.

    >>> summary([])
    'no findings'
    """
    counts = Counter(finding.severity for finding in findings)
    parts = [
        f"{counts[severity]} {severity}{'s' if counts[severity] > 1 else ''}"
        for severity in _STYLES
        if counts[severity]
    ]
    return ", ".join(parts) or "no findings"


def findings_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """The findings as JSON types; `line` and `column` are one-based, null for a whole file."""
    rows = [
        {
            "id": finding.id,
            "severity": finding.severity,
            "problem": finding.problem,
            "path": finding.place.path,
            "line": finding.place.line,
            "column": finding.place.column,
            "help": finding.help,
        }
        for finding in findings
    ]
    return {"findings": rows}


def findings_github(findings: Sequence[Finding]) -> Iterator[str]:
    """The findings as workflow commands, which GitHub shows beside the lines of the file.

    Format: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    for finding in findings:
        place = finding.place
        pairs = {"file": place.path, "line": place.line, "col": place.column, "title": finding.id}
        properties = ",".join(f"{key}={_property(value)}" for key, value in pairs.items() if value)
        message = f"{finding.problem}. {finding.help}" if finding.help else finding.problem
        yield f"::{_GITHUB_COMMANDS[finding.severity]} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")
