"""A folder that may not be looked into, also where tests run as root."""

from __future__ import annotations

import ctypes
import os
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

_VERSION = 0x20080522  # _LINUX_CAPABILITY_VERSION_3
_SEE_ALL = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


@contextmanager
def locked(folder: str, mode: int = 0) -> Iterator[None]:
    """Take all permissions from a folder for a while, or all but those of the mode."""
    Path(folder).chmod(mode)
    try:
        with _as_everybody():
            yield
    finally:
        Path(folder).chmod(0o755)


@contextmanager
def _as_everybody() -> Iterator[None]:
    """Root without the capabilities for which permissions do not matter; others as they are."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None)
    header, sets = (ctypes.c_uint32 * 2)(_VERSION, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, sets) == 0
    before = sets[0]  # the effective ones
    sets[0] &= ~_SEE_ALL
    assert libc.capset(header, sets) == 0
    try:
        yield
    finally:
        sets[0] = before
        assert libc.capset(header, sets) == 0
