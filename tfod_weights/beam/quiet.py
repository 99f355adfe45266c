"""Beam's log, kept from the terminal.

Beam and its worker processes write to standard output and error themselves, in a normal run too.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Iterator, TextIO


def new_log() -> str:
    """The path of an empty log, for the caller to delete it."""
    handle, path = tempfile.mkstemp(prefix="tfod-weights-beam-", suffix=".log")
    os.close(handle)
    return path


@contextmanager
def logged_to_file(path: str) -> Iterator[None]:
    """What this process and those that it starts write meanwhile goes into a file."""
    with ExitStack() as stack:
        # To append: several write at the same time.
        log = stack.enter_context(Path(path).open("a", 1, "utf-8", "backslashreplace"))
        for descriptor in (1, 2):
            stack.enter_context(_into(log, descriptor))
        stack.enter_context(redirect_stdout(log))
        stack.enter_context(redirect_stderr(log))
        stack.enter_context(_logging_into(path))
        yield


@contextmanager
def _into(log: TextIO, descriptor: int) -> Iterator[None]:
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(ValueError):  # closed
            stream.flush()
    try:
        before = os.dup(descriptor)
    except OSError:  # closed
        yield
        return
    os.dup2(log.fileno(), descriptor)
    try:
        yield
    finally:
        os.dup2(before, descriptor)
        os.close(before)


@contextmanager
def _logging_into(path: str) -> Iterator[None]:
    """As Beam finds a handler, it adds none of its own, which would write to a terminal."""
    root = logging.getLogger()
    level = root.level
    handler = logging.FileHandler(path, "a", "utf-8", errors="backslashreplace")
    handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.INFO)  # what state a job is in
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
        handler.close()


def delete(path: str) -> None:
    """Delete a log."""
    with suppress(OSError):
        Path(path).unlink()
