"""Running a TFOD program in this process, as `python -m MODULE` and `python SCRIPT` would."""

from __future__ import annotations

import importlib.util
import os
import runpy
import sys
from pathlib import Path
from typing import Sequence

from tfod_weights.errors import UsageError
from tfod_weights.runtime.activation import enable


def run_module(name: str, arguments: Sequence[str], *, verbose: bool = False) -> None:
    """Activate, then run a module as the main program; what it raises is passed through.

    Raises:
        UsageError: there is no such module.
        TfodWeightsError: TFOD cannot be activated.
    """
    _become(name, arguments, str(Path.cwd()))
    enable(verbose=verbose)
    if not _can_be_found(name):
        raise UsageError(f"no module named {name}", help="name it as `python -m` does")
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def run_script(path: str, arguments: Sequence[str], *, verbose: bool = False) -> None:
    """Activate, then run a file as the main program; what it raises is passed through.

    Raises:
        UsageError: there is no such file.
        TfodWeightsError: TFOD cannot be activated.
    """
    if not os.path.exists(path):  # noqa: PTH110
        raise UsageError(f"no such file: {path}", help="to run a module, write `run -m MODULE`")
    _become(path, arguments, str(Path(path).resolve().parent))
    enable(verbose=verbose)
    runpy.run_path(path, run_name="__main__")


def _become(program: str, arguments: Sequence[str], folder: str) -> None:
    """Python's own sys.argv and sys.path for a program, in place of ours."""
    sys.argv = [program, *arguments]
    if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
        sys.path[0] = folder


def _can_be_found(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError as error:
        if error.name is not None and f"{name}.".startswith(f"{error.name}."):
            return False
        raise
