"""Findings of a check: as text for people, as JSON, and as GitHub annotations."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any, Iterable, Iterator, Sequence

from tfod_weights.report.terminal import printable
from tfod_weights.wording import number_of

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.segment import Segment

    from tfod_weights.checking import CheckedConfig, Finding
    from tfod_weights.errors import SourcePlace

JSON_VERSION = 1
_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_GITHUB_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_INDENT = "    "


class FindingsText:
    """A rich renderable: every finding with its source line, and how many there are."""

    def __init__(self, checked: Sequence[CheckedConfig]) -> None:
        self.checked = [config for config in checked if not config.error]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Config by config; with a heading for each where there are several."""
        from rich.segment import Segment

        several = len(self.checked) > 1
        for config in self.checked:
            if several:
                heading = printable(f"{config.path}: {summary(config.findings)}", options.encoding)
                yield Segment(heading, console.get_style("bold"))
                yield Segment("\n\n" if config.findings else "\n")
            for finding in config.findings:
                yield from _segments(finding, console, options)
        if several and not self.checked[-1].findings:
            yield Segment("\n")
        findings = [finding for config in self.checked for finding in config.findings]
        total = f"{len(self.checked)} configs: " if several else ""
        yield Segment(f"{total}{summary(findings)}\n")


def _segments(finding: Finding, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
    from rich.segment import Segment

    head = f"{finding.place}: "
    text = f"{head}{finding.severity}: {finding.problem} [{finding.id}]"
    lines = _wrapped(text, options)
    if lines[0].startswith(head + finding.severity):
        yield Segment(head)
        yield Segment(finding.severity, console.get_style(_STYLES[finding.severity]))
        lines[0] = lines[0][len(head + finding.severity) :]
    yield Segment("\n".join([*lines, *excerpt_lines(finding.place, options.max_width)]) + "\n")
    if finding.help:
        yield Segment("\n".join(_wrapped(f"help: {finding.help}", options)) + "\n")
    yield Segment("\n")


def _wrapped(text: str, options: ConsoleOptions) -> list[str]:
    """The lines of a paragraph, at most as wide as the terminal; paths stay whole."""
    shown = printable(text, options.encoding)
    return textwrap.wrap(
        shown,
        max(options.max_width, 20),
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def excerpt_lines(place: SourcePlace, width: int) -> list[str]:
    """The source line and its caret; of a line wider than the terminal, the part around it."""
    if not place.excerpt() or place.source_line is None or place.column is None:
        return []
    source, column = place.source_line.rstrip().replace("\t", " "), place.column - 1
    room = width - 2
    if len(source) <= room:
        return place.excerpt().split("\n")
    start = max(0, min(column - room // 3, len(source) - room))
    return [f"  {source[start : start + room]}", f"  {' ' * (column - start)}^"]


def findings_text(checked: Sequence[CheckedConfig]) -> FindingsText:
    """The findings for a terminal or a log: wrapped on a terminal, line by line in a pipe."""
    return FindingsText(checked)


def summary(findings: Iterable[Finding]) -> str:
    """How many findings of each severity there are.

    >>> summary([])
    'no findings'
    """
    counts = Counter(finding.severity for finding in findings)
    parts = [number_of(counts[severity], severity) for severity in _STYLES if counts[severity]]
    return ", ".join(parts) or "no findings"


def findings_json(checked: Sequence[CheckedConfig]) -> dict[str, Any]:
    """The findings as JSON types: docs/check.schema.json.

    `line` and `column` are one-based, null for a whole file.
    """
    return {
        "version": JSON_VERSION,
        "configs": [_config_json(config) for config in checked],
        "findings": [_json(config.path, f) for config in checked for f in config.findings],
    }


def _config_json(config: CheckedConfig) -> dict[str, Any]:
    counts = Counter(finding.severity for finding in config.findings)
    numbers = {f"{severity}s": counts[severity] for severity in _STYLES}
    return {"path": config.path, **numbers, "failure": str(config.error) if config.error else None}


def _json(config: str, finding: Finding) -> dict[str, Any]:
    return {
        "config": config,
        "id": finding.id,
        "severity": finding.severity,
        "problem": finding.problem,
        "path": finding.place.path,
        "line": finding.place.line,
        "column": finding.place.column,
        "help": finding.help,
    }


def findings_github(checked: Sequence[CheckedConfig]) -> Iterator[str]:
    """The findings as workflow commands, which GitHub shows beside the lines of the file.

    Format: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    for config in checked:
        if config.error:
            yield f"::error file={_property(config.path)}::{_data(str(config.error))}"
    for finding in (finding for config in checked for finding in config.findings):
        place = finding.place
        pairs = {"file": place.path, "line": place.line, "col": place.column, "title": finding.id}
        properties = ",".join(f"{key}={_property(value)}" for key, value in pairs.items() if value)
        message = f"{finding.problem}. {finding.help}" if finding.help else finding.problem
        yield f"::{_GITHUB_COMMANDS[finding.severity]} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")
