"""Reading a file on another machine by offset, mostly forwards.

Blocks are fetched ahead of the reader, by threads, each block larger than the one before while
he goes on reading: as files on disk are read ahead. Where he leaves out more than `skip` bytes,
which are images, what lies between is not fetched at all.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from typing import BinaryIO, Callable, NamedTuple, Optional

from tfod_weights.storage.errors import NoRangesError
from tfod_weights.storage.stores import download, read_range, remote, size_of

# A request costs about as long as so many bytes of a stream: 20 to 50 ms at 50 to 100 MB/s.
SKIP = 2 << 20

_FIRST, _GROWTH, _LARGEST = 64 << 10, 4, 8 << 20  # bytes of a block
_AHEAD = 2  # blocks that are fetched before they are asked for


class _Block(NamedTuple):
    start: int
    stop: int
    data: Future[bytes]


class RemoteFile:
    """An open file on another machine.

    Attributes:
        size: Its bytes.
        fetched: Bytes that were asked of the store.
    """

    def __init__(self, path: str, *, skip: Optional[int] = None) -> None:
        """Open a file.

        Args:
            path: Its URL.
            skip: Bytes that are rather fetched than left out; by default SKIP.

        Raises:
            StoreError: it cannot be opened.
        """
        self._remote = remote(path)
        self._skip = SKIP if skip is None else skip
        self._copy: Optional[BinaryIO] = None  # of a file whose server sends whole files only
        self._blocks: deque[_Block] = deque()  # one behind the other; the first may be used up
        self._block_size = _FIRST
        self.fetched = 0
        size = size_of(self._remote)
        self.size = size or 0
        if size is None:
            self._copy_whole()

    def close(self) -> None:
        """Give up what is being fetched."""
        self._blocks.clear()
        if self._copy:
            self._copy.close()

    def read(self, size: int, offset: int) -> bytes:
        """So many bytes from `offset` on, or what is left of the file.

        Raises:
            StoreError: they cannot be read.
        """
        stop = min(offset + size, self.size)
        if offset >= stop:
            return b""
        if self._copy is None:
            with suppress(NoRangesError):
                return self._read(offset, stop)
            self._copy_whole()
        return self._read_copy(offset, stop)

    def _read(self, offset: int, stop: int) -> bytes:
        pieces = []
        while offset < stop:
            block = self._block_at(offset, stop)
            piece = block.data.result()[offset - block.start : stop - block.start]
            pieces.append(piece)
            offset += len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def _block_at(self, offset: int, stop: int) -> _Block:
        """The block with a byte, fetched with what is read ahead of it."""
        if not self._blocks or not 0 <= offset - self._blocks[0].start <= self._reach():
            self._blocks.clear()
            self._block_size = _FIRST
            self._fetch(offset, max(_FIRST, stop - offset))
        while self._blocks[-1].stop <= offset:
            self._fetch_next()
        current = next(block for block in self._blocks if offset < block.stop)
        if current is not self._blocks[0]:  # the reader goes on: read ahead of him
            while self._blocks[1] is not current:
                self._blocks.popleft()
            while len(self._blocks) < 2 + _AHEAD and self._blocks[-1].stop < self.size:
                self._fetch_next()
        return current

    def _reach(self) -> int:
        """How far behind the first block's start the blocks go, with what may be skipped."""
        return self._blocks[-1].stop + self._skip - self._blocks[0].start

    def _fetch_next(self) -> None:
        self._block_size = min(self._block_size * _GROWTH, _LARGEST)
        self._fetch(self._blocks[-1].stop, self._block_size)

    def _fetch(self, start: int, size: int) -> None:
        stop = min(start + size, self.size)
        self.fetched += stop - start
        data = _in_background(lambda: read_range(self._remote, start, stop, self.size))
        self._blocks.append(_Block(start, stop, data))

    def _copy_whole(self) -> None:
        """Copy the file to this machine, where it goes with this process."""
        self._blocks.clear()
        self._copy = tempfile.TemporaryFile(prefix="tfod-weights-")  # noqa: SIM115
        download(self._remote, self._copy)
        self.size = self._copy.seek(0, os.SEEK_END)
        self.fetched += self.size

    def _read_copy(self, start: int, stop: int) -> bytes:
        assert self._copy is not None
        self._copy.seek(start)
        return self._copy.read(stop - start)


def _in_background(act: Callable[[], bytes]) -> Future[bytes]:
    """What it returns, later. Its thread does not keep the program from ending."""
    future: Future[bytes] = Future()

    def run() -> None:
        try:
            future.set_result(act())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future
