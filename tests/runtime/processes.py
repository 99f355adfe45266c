"""Python in a process of its own: what the runtime does to one cannot be undone."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import pytest

needs_tfod = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("object_detection", "tensorflow")),
    reason="TFOD is not installed",
)


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    code: int
    out: str
    err: str


def run(
    *arguments: str,
    folder: Optional[Path] = None,
    python_path: Optional[Path] = None,
    timeout: float = 600,
    **environment: str,
) -> Ended:
    """Run this Python with arguments in a folder, with further environment variables."""
    variables = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **environment}
    variables.pop("TF_USE_LEGACY_KERAS", None)
    if python_path is not None:
        variables["PYTHONPATH"] = os.pathsep.join(
            [str(python_path), *filter(None, [os.environ.get("PYTHONPATH")])]
        )
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=variables,
        timeout=timeout,
        check=False,
        preexec_fn=_heed_interrupts,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def _heed_interrupts() -> None:
    """Shells start jobs in the background with SIGINT ignored, and processes inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def tfod_weights(*arguments: str, folder: Optional[Path] = None, **settings: object) -> Ended:
    """Run the command line."""
    return run("-m", "tfod_weights", *arguments, folder=folder, **settings)  # type: ignore[arg-type]
