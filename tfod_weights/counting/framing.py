"""TFRecord files: where each record starts and stops, and what is wrong with a damaged one.

A record is `uint64 length, uint32 masked crc32c(length), data, uint32 masked crc32c(data)`,
little-endian (tensorflow/core/lib/io/record_reader.cc).
"""

from __future__ import annotations

import contextlib
import mmap
import struct
import zlib
from pathlib import Path
from types import TracebackType
from typing import Iterator, Optional

import google_crc32c

from tfod_weights.counting.sources import open_source, store_record_error
from tfod_weights.counting.wire import Buffer
from tfod_weights.errors import RecordError, RecordPlace
from tfod_weights.storage import StoreError, is_remote

HEADER = struct.Struct("<QI")
FOOTER = struct.Struct("<I")

_WINDOW = 2048  # what lies between one image and the next, mostly
_PIECE = 1 << 20  # how much of a record the data checksum holds in memory

Part = tuple[int, int]  # where its first record starts, and where its last one ends


class RecordFile:
    """An open TFRecord file, read by offset.

    Attributes:
        path: The file as the user named it.
        start: Where reading starts: 0, or at a record.
        size: Where it ends: the file's bytes, or at a record.
    """

    def __init__(self, path: str, part: Optional[Part] = None) -> None:
        """Open a file.

        Args:
            path: The file.
            part: Where the first record to read starts, and the last one ends; None for all.

        Raises:
            RecordError: it cannot be read, or is a folder, a pipe or a device.
        """
        self.path = path
        try:
            self._source = open_source(path)
        except OSError as reason:
            raise _unreadable(path, reason) from reason
        self._pread = self._source.read
        self.start, self.size = part or (0, self._source.size)

    def __enter__(self) -> RecordFile:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._source.close()

    def read(self, size: int, offset: int) -> bytes:
        """So many bytes from `offset` on, or what is left of the file.

        Raises:
            RecordError: they cannot be read.
        """
        try:
            return self._pread(size, offset)
        except OSError as reason:
            raise _unreadable(self.path, reason) from reason

    def window(self, offset: int) -> bytes:
        """2 KiB from `offset` on, or what is left of the file.

        Raises:
            RecordError: they cannot be read, or the file is shorter than it was.
        """
        try:
            data = self._pread(_WINDOW, offset)
        except OSError as reason:
            raise _unreadable(self.path, reason) from reason
        if len(data) < _WINDOW and offset + len(data) < self.size:
            place = RecordPlace(self.path, offset)
            raise RecordError("the file changed while it was read", place=place, help=_REWRITE)
        return data

    def records(self) -> Iterator[tuple[int, int]]:
        """Start and stop of every record's data, in order.

        Raises:
            RecordError: the file is damaged or no TFRecord file.
        """
        offset = self.start
        while offset < self.size:
            start, stop = self.record_at(offset)
            yield start, stop
            offset = stop + FOOTER.size

    def parts(self, least: int) -> Iterator[Part]:
        """Cut the file between records, in parts of so many bytes or little more.

        Raises:
            RecordError: the file is damaged; the parts before the damage come first.
        """
        begin = end = self.start
        for _, stop in self.records():
            end = stop + FOOTER.size
            if end - begin >= least:
                yield begin, end
                begin = end
        if begin < end:
            yield begin, end

    def record_at(self, offset: int) -> tuple[int, int]:
        """Start and stop of the data of the record whose header is at `offset`.

        Raises:
            RecordError: there is no whole record.
        """
        header = self.read(HEADER.size, offset)
        if len(header) < HEADER.size:
            raise self._truncated(offset, f"is cut off inside its header of {HEADER.size} bytes")
        length, checksum = HEADER.unpack(header)
        if checksum != masked_crc(header[:8]):
            raise self._not_a_header(offset)
        start = offset + HEADER.size
        stop = start + length
        if stop + FOOTER.size > self.size:
            problem = f"has {length:,} bytes by its header, but the file ends before"
            raise self._truncated(offset, problem)
        return start, stop

    def check_data(self, start: int, stop: int) -> None:
        """Compare the data checksum of a record.

        Raises:
            RecordError: it differs.
        """
        checksum = 0
        for offset in range(start, stop, _PIECE):
            piece = self.read(min(_PIECE, stop - offset), offset)
            checksum = google_crc32c.extend(checksum, piece)
        if FOOTER.pack(_mask(checksum)) != self.read(FOOTER.size, stop):
            problem = "is damaged: its data does not match its checksum"
            raise self._damaged(start - HEADER.size, problem)

    @contextlib.contextmanager
    def mapped(self, start: int, stop: int) -> Iterator[tuple[Buffer, int, int]]:
        """A buffer that holds one record, and the record's range in it.

        Raises:
            RecordError: it cannot be read.
        """
        if start == stop:
            yield b"", 0, 0
            return
        try:
            buffer, first = self._source.buffer(start, stop)
        except OSError as reason:
            raise _unreadable(self.path, reason) from reason
        with buffer if isinstance(buffer, mmap.mmap) else contextlib.nullcontext():
            yield buffer, first, first + stop - start

    def error_in(self, start: int, problem: str, help: Optional[str] = None) -> RecordError:
        """An error in the record whose data starts at `start`: "record 7 <problem>"."""
        return self._damaged(start - HEADER.size, problem, help)

    def _damaged(self, offset: int, problem: str, help: Optional[str] = None) -> RecordError:
        record = "a record"
        if not is_remote(self.path):  # of which all before would have to be read again
            record = f"record {1 + sum(1 for _ in self._records_before(offset))}"
        place = RecordPlace(self.path, offset)
        return RecordError(f"{record} {problem}", place=place, help=help or _REWRITE)

    def _records_before(self, offset: int) -> Iterator[int]:
        position = 0
        while position < offset:
            yield position
            position = self.record_at(position)[1] + FOOTER.size

    def _truncated(self, offset: int, problem: str) -> RecordError:
        return self._not_a_header(offset) if self._is_foreign() else self._damaged(offset, problem)

    def _not_a_header(self, offset: int) -> RecordError:
        if offset:
            return self._damaged(offset, "is damaged: its length does not match its checksum")
        start = self.read(4096, 0)
        compression = _compression(start)
        if compression:
            problem = f"the file is {compression}-compressed, which TFOD cannot read"
            help = _DECOMPRESS[compression].format(path=self.path)
        else:
            problem = f"this is no TFRecord file: it starts with {start[:12]!r}"
            help = "TFOD reads the files that tf.io.TFRecordWriter writes, without compression"
        return RecordError(problem, place=RecordPlace(self.path, 0), help=help)

    def _is_foreign(self) -> bool:
        """Whether the file does not even start like a TFRecord file."""
        header = self.read(HEADER.size, 0)
        return len(header) < HEADER.size or header[8:] != FOOTER.pack(masked_crc(header[:8]))


def masked_crc(data: bytes) -> int:
    """CRC-32C of the data, rotated and offset as TFRecord files store it."""
    return _mask(google_crc32c.value(data))


def _mask(checksum: int) -> int:
    return ((checksum >> 15 | checksum << 17) + 0xA282EAD8) & 0xFFFFFFFF


_REWRITE = "the file was cut or changed after it was written; copy it again or write it anew"

_DECOMPRESS = {
    "gzip": "decompress it first: gzip -dc {path} > train.record",
    "zlib": "decompress it first: python3 -c 'import sys, zlib; sys.stdout.buffer.write("
    "zlib.decompress(sys.stdin.buffer.read()))' < {path} > train.record",
}


def _compression(start: bytes) -> Optional[str]:
    """How a file that starts like this is compressed: "gzip", "zlib" or None."""
    if start[:2] == b"\x1f\x8b":
        return "gzip"
    try:
        content = zlib.decompressobj().decompress(start, HEADER.size)
    except zlib.error:
        return None
    is_record = len(content) == HEADER.size and content[8:] == FOOTER.pack(masked_crc(content[:8]))
    return "zlib" if is_record else None


def _unreadable(path: str, reason: OSError) -> RecordError:
    if isinstance(reason, StoreError):
        return store_record_error(path, reason)
    if isinstance(reason, IsADirectoryError):
        help = f"name the record files in it: {Path(path) / '*.record*'}"
        return RecordError("this is a folder", place=RecordPlace(path), help=help)
    if isinstance(reason, FileNotFoundError):
        return RecordError("no such file", place=RecordPlace(path))
    problem = f"cannot be read: {(reason.strerror or str(reason)).lower()}"
    return RecordError(problem, place=RecordPlace(path), help="check the file's permissions")
