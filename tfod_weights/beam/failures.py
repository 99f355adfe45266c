"""What made a pipeline fail, out of what Beam says: mostly the traceback of a worker, as text."""

from __future__ import annotations

import re
from typing import Optional, Sequence

from tfod_weights.errors import RecordError, RecordPlace

_RAISED = re.compile(r"RecordError: (.*(?:\nhelp: .*)?)")
_WHERE_IN_THE_PIPELINE = re.compile(r" \[while running .*", re.DOTALL)
_OFFSET = re.compile(r"byte (\d+): (.*)", re.DOTALL)


def record_error(error: BaseException, files: Sequence[str]) -> Optional[RecordError]:
    """The RecordError that stopped a worker, as it was before it went through Beam.

    Args:
        error: What the runner raises.
        files: The files that were counted.

    Returns:
        None if it was stopped by something else.
    """
    text = f"{type(error).__name__}: {error}"
    raised = [_WHERE_IN_THE_PIPELINE.sub("", found) for found in _RAISED.findall(text)]
    for message in raised:
        path = max((f for f in files if message.startswith(f"{f}: ")), key=len, default=None)
        if path is not None:
            return _rebuilt(path, message[len(path) + 2 :])
    return None


def _rebuilt(path: str, message: str) -> RecordError:
    problem, _, help = message.partition("\nhelp: ")
    found = _OFFSET.fullmatch(problem)
    offset = int(found[1]) if found else None
    return RecordError(
        found[2] if found else problem, place=RecordPlace(path, offset), help=help or None
    )


def is_interruption(error: BaseException) -> bool:
    """Whether it is a Ctrl-C that came while a worker counted: Beam makes another error of it."""
    return "KeyboardInterrupt" in f"{type(error).__name__}: {error}"


def summary(error: BaseException) -> str:
    """One line that says what went wrong: of a traceback, what was raised last."""
    text = _WHERE_IN_THE_PIPELINE.sub("", str(error))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    if any(line.startswith("Traceback ") for line in lines):
        return lines[-1]
    return " ".join(lines)
