"""Checking several configs: one report, and one that cannot be read does not stop the others."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Optional, Sequence

from tfod_weights.checking.check import check_config
from tfod_weights.checking.findings import Finding
from tfod_weights.checking.kinds import ERROR, WARNING
from tfod_weights.errors import ConfigError
from tfod_weights.files import StrPath


@dataclass(frozen=True)
class CheckedConfig:
    """One config and what a check says to it.

    Attributes:
        path: As given.
        findings: In the order in which one would mend them.
        error: Why the file could not be checked at all; None if it was.
    """

    path: str
    findings: tuple[Finding, ...] = ()
    error: Optional[ConfigError] = None

    def exit_code(self, *, strict: bool = False) -> int:
        """0 if training may start, 1 if not (strict: nor at a warning), 2 if nobody knows."""
        failing = {ERROR, WARNING} if strict else {ERROR}
        if self.error:
            return 2
        return int(any(finding.severity in failing for finding in self.findings))


def check_configs(paths: Sequence[StrPath], **options: Any) -> list[CheckedConfig]:
    """Check several configs.

    Args:
        paths: The configs.
        **options: As for `check_config`.

    Raises:
        UsageError: as `check_config`.
    """
    return [_checked(path, options) for path in paths]


def _checked(path: StrPath, options: dict[str, Any]) -> CheckedConfig:
    name = os.fspath(path)
    try:
        return CheckedConfig(name, tuple(check_config(path, **options)))
    except ConfigError as error:
        return CheckedConfig(name, error=error)
