"""How far the reading of files is."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Optional, Sequence

from tfod_weights.progress import Progress
from tfod_weights.storage import is_remote

INTERVAL = 0.05  # seconds


class Meter:
    """Says how far the reading is, not too often."""

    def __init__(self, files: Sequence[str], progress: Optional[Progress]) -> None:
        self._progress = progress
        self._total = total_size(files) if progress else 0
        self._before = 0  # bytes of the files before this one
        self._position = 0
        self._last = -math.inf

    def show(self, position: int) -> None:
        """Say that this file is read up to a byte."""
        self._position = position
        done, now = self._before + position, time.monotonic()
        if self._progress and (now - self._last >= INTERVAL or done >= self._total):
            self._last = now
            self._progress(done, self._total)

    def next_file(self) -> None:
        """The file is read as far as was said, and another one begins."""
        self._before, self._position = self._before + self._position, 0


def total_size(files: Sequence[str]) -> int:
    """Bytes of all files; one that cannot be read has none, and opening it will say so."""
    return sum(map(_size, files))


def _size(path: str) -> int:
    try:
        return _remote_size(path) if is_remote(path) else Path(path).stat().st_size
    except OSError:
        return 0


def _remote_size(path: str) -> int:
    from tfod_weights.storage.stores import remote, size_of

    return size_of(remote(path)) or 0
