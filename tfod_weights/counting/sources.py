"""Where the bytes of a record file come from: this machine, or another one."""

from __future__ import annotations

import mmap
import os
import stat
from functools import partial
from pathlib import Path
from typing import Callable, Protocol

from tfod_weights.counting.wire import Buffer
from tfod_weights.errors import RecordError, RecordPlace
from tfod_weights.storage import StoreError, is_remote


class Source(Protocol):
    """An open file, read by offset. What it cannot read is an OSError.

    Attributes:
        size: Its bytes.
        read: So many bytes from an offset on, or what is left of the file.
    """

    size: int
    read: Callable[[int, int], bytes]

    def buffer(self, start: int, stop: int) -> tuple[Buffer, int]:
        """What holds the bytes from `start` to `stop`, and where in it they start."""

    def close(self) -> None:
        """Read no more."""


def open_source(path: str) -> Source:
    """Open a file.

    Raises:
        OSError: it cannot be opened.
        RecordError: it is a pipe or a device.
    """
    return RemoteSource(path) if is_remote(path) else LocalSource(path)


def store_record_error(path: str, reason: StoreError) -> RecordError:
    """What a store said, as an error about a record file or a pattern."""
    return RecordError(reason.problem, place=RecordPlace(path), help=reason.help)


class LocalSource:
    """A file on this machine.

    Reading beats mapping here: on a warm file it costs half of what the page faults of a map
    cost, memory stays flat without advice to the kernel, records far apart trigger no
    read-ahead, and a file that shrinks meanwhile is an error instead of a SIGBUS.
    """

    def __init__(self, path: str) -> None:
        mode = Path(path).stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # opening it may wait forever
            problem, help = "this is a pipe or a device", "write the records to a file"
            raise RecordError(problem, place=RecordPlace(path), help=help)
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115, PTH123
        self.size = os.fstat(self._file.fileno()).st_size
        self.read: Callable[[int, int], bytes] = (
            partial(os.pread, self._file.fileno()) if hasattr(os, "pread") else self._seek_and_read
        )

    def _seek_and_read(self, size: int, offset: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(size) or b""

    def buffer(self, start: int, stop: int) -> tuple[Buffer, int]:
        """A map of the file."""
        base = start - start % mmap.ALLOCATIONGRANULARITY
        access = mmap.ACCESS_READ
        return mmap.mmap(self._file.fileno(), stop - base, access=access, offset=base), start - base

    def close(self) -> None:
        """Read no more."""
        self._file.close()


class RemoteSource:
    """A file on another machine."""

    def __init__(self, path: str) -> None:
        from tfod_weights.storage.reading import RemoteFile

        self._file = RemoteFile(path)
        self.size = self._file.size
        self.read: Callable[[int, int], bytes] = self._file.read

    def buffer(self, start: int, stop: int) -> tuple[Buffer, int]:
        """A copy of the bytes."""
        return self._file.read(stop - start, start), 0

    def close(self) -> None:
        """Read no more."""
        self._file.close()
