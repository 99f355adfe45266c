"""Findings as SARIF 2.1.0, which GitHub code scanning and other tools read.

Standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Sequence
from urllib.parse import quote

from tfod_weights.version import __version__

if TYPE_CHECKING:
    from tfod_weights.checking import CheckedConfig, Finding
    from tfod_weights.errors import SourcePlace

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"


def findings_sarif(checked: Sequence[CheckedConfig]) -> dict[str, Any]:
    """One run with a result for every finding and a rule for every id that occurs.

    URIs are relative to the current folder, lines and columns one-based.
    """
    findings = [finding for config in checked for finding in config.findings]
    ids = sorted({finding.id for finding in findings})
    driver = {
        "name": "tfod-weights",
        "version": __version__,
        "rules": [_rule(id) for id in ids],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(checked)],
        "results": [_result(finding, ids.index(finding.id)) for finding in findings],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(id: str) -> dict[str, Any]:
    from tfod_weights.checking import FINDINGS
    from tfod_weights.checking.pages import page

    kind, text = FINDINGS[id], page(id)
    return {
        "id": id,
        "shortDescription": {"text": kind.summary},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": kind.severity},
    }


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    message = f"{finding.problem}. Help: {finding.help}" if finding.help else finding.problem
    return {
        "ruleId": finding.id,
        "ruleIndex": rule_index,
        "level": finding.severity,
        "message": {"text": message},
        "locations": [{"physicalLocation": _location(finding.place)}],
    }


def _location(place: SourcePlace) -> dict[str, Any]:
    """A place; a whole file is its first line, since GitHub needs a line."""
    region: dict[str, Any] = {"startLine": place.line or 1}
    if place.column:
        region["startColumn"] = place.column
    if place.source_line is not None:
        region["snippet"] = {"text": place.source_line}
    artifact = {"uri": relative_uri(place.path), "uriBaseId": _ROOT}
    return {"artifactLocation": artifact, "region": region}


def relative_uri(path: str) -> str:
    """A path as a URI relative to the current folder.

    >>> relative_uri("my configs/a.config")
    'my%20configs/a.config'
    """
    try:
        relative = Path(os.path.relpath(path)).as_posix()
    except ValueError:  # on another drive
        return Path(path).absolute().as_uri()
    return quote(os.fsencode(relative))


def _invocation(checked: Sequence[CheckedConfig]) -> dict[str, Any]:
    """Whether every config could be read, and what was wrong where not."""
    failures = [
        {"level": "error", "message": {"text": str(config.error)}}
        for config in checked
        if config.error
    ]
    invocation: dict[str, Any] = {"executionSuccessful": not failures}
    if failures:
        invocation["toolExecutionNotifications"] = failures
    return invocation
