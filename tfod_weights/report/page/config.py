"""Sections about the config: what `check` finds in it, and what tfod-weights put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from tfod_weights.report.diffs import line_style
from tfod_weights.report.findings import excerpt_lines, summary
from tfod_weights.report.page.html import Markup, element, joined
from tfod_weights.report.page.section import Section
from tfod_weights.wording import number_of

if TYPE_CHECKING:
    from tfod_weights.checking import Finding
    from tfod_weights.overview import Overview

_EXCERPT_WIDTH = 92  # characters
_LONG_DIFF = 120  # lines
_CLASSES = {"green": "added", "red": "removed", "cyan": "hunk", "bold": "file"}


def findings_section(overview: Overview) -> Section:
    """What `check` says, in the order in which one would mend it."""
    found = overview.findings
    said = summary(found) if found else "No findings: nothing stands in the way of training."
    body = element("ol", [_finding(one) for one in found], class_="findings") if found else None
    return Section("findings", "Findings of check", (), [said], body)


def _finding(finding: Finding) -> Markup:
    excerpt = "\n".join(excerpt_lines(finding.place, _EXCERPT_WIDTH))
    return element(
        "li",
        element(
            "p",
            element("strong", finding.severity, class_=f"severity {finding.severity}"),
            " ",
            _with_code(finding.problem),
            " ",
            element("code", finding.id),
        ),
        element("p", str(finding.place), class_="place"),
        element("pre", excerpt, tabindex="0") if excerpt else None,
        element("p", _with_code(finding.help), class_="help") if finding.help else None,
    )


def _with_code(text: str) -> Markup:
    """The text, what stands between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # one of them has no partner
        return joined(text)
    return joined(element("code", part) if at % 2 else part for at, part in enumerate(parts))


def diff_section(overview: Overview) -> Section:
    """What `strip` would take out of the config."""
    title = "What tfod-weights put into the config"
    if not overview.diff:
        return Section("diff", title, (), ["Nothing: the config is as stock TFOD reads it."])
    lines = overview.diff.splitlines()
    command = element("code", f"tfod-weights strip {overview.path}")
    notes = [joined(command, " takes it out again.")]
    body = element("pre", [_line(line) for line in lines], class_="diff", tabindex="0")
    if len(lines) > _LONG_DIFF:
        more = element("summary", f"{number_of(len(lines), 'line')} of the change")
        body = element("details", more, body)
    return Section("diff", title, (), notes, body)


def _line(line: str) -> Markup:
    kind: Optional[str] = _CLASSES.get(line_style(line))
    return element("span", f"{line}\n", class_=kind)
