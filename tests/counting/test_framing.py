"""Damaged files: each is one error that says where it is and what to do."""

from __future__ import annotations

import errno
import gzip
import os
import struct
import zlib
from pathlib import Path

import pytest

from tests.counting.records import example, image, masked_crc, record, write_records
from tfod_weights.counting import count_classes
from tfod_weights.counting.framing import RecordFile
from tfod_weights.counting.sources import LocalSource
from tfod_weights.errors import RecordError

DATA = example(image([b"cat"], [1]))
RECORD = record(DATA)
SIZE = len(RECORD)
CUT = "help: the file was cut or changed after it was written; copy it again or write it anew"


def header(length: int) -> bytes:
    return struct.pack("<Q", length) + masked_crc(struct.pack("<Q", length))


def flipped(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]


DAMAGED = {
    "cut in the first header": (
        RECORD[:11],
        "byte 0: this is no TFRecord file: it starts with " + repr(RECORD[:11]),
    ),
    "cut in a header": (
        RECORD + RECORD[:11],
        f"byte {SIZE}: record 2 is cut off inside its header of 12 bytes\n{CUT}",
    ),
    "cut in the data": (
        RECORD * 2 + RECORD[:100],
        f"byte {2 * SIZE}: record 3 has {len(DATA)} bytes by its header, but the file ends before\n"
        + CUT,
    ),
    "cut in the data checksum": (
        RECORD[:-1],
        f"byte 0: record 1 has {len(DATA)} bytes by its header, but the file ends before\n{CUT}",
    ),
    "length of 2**60": (
        RECORD + header(1 << 60) + DATA,
        f"byte {SIZE}: record 2 has 1,152,921,504,606,846,976 bytes by its header, but the file "
        "ends before\n" + CUT,
    ),
    "corrupt length": (
        RECORD + flipped(RECORD, 0),
        f"byte {SIZE}: record 2 is damaged: its length does not match its checksum\n{CUT}",
    ),
    "corrupt length checksum": (
        RECORD + flipped(RECORD, 8),
        f"byte {SIZE}: record 2 is damaged: its length does not match its checksum\n{CUT}",
    ),
    "trailing zeros": (
        RECORD + bytes(64),
        f"byte {SIZE}: record 2 is damaged: its length does not match its checksum\n{CUT}",
    ),
    "an image": (
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(100),
        "byte 0: this is no TFRecord file: it starts with b'\\xff\\xd8\\xff\\xe0\\x00\\x10JFIF\\x00"
        "\\x00'\nhelp: TFOD reads the files that tf.io.TFRecordWriter writes, without compression",
    ),
    "gzip": (
        gzip.compress(RECORD),
        "byte 0: the file is gzip-compressed, which TFOD cannot read\n"
        "help: decompress it first: gzip -dc {path} > train.record",
    ),
    "zlib": (
        zlib.compress(RECORD),
        "byte 0: the file is zlib-compressed, which TFOD cannot read\nhelp: decompress it first: "
        "python3 -c 'import sys, zlib; sys.stdout.buffer.write(zlib.decompress("
        "sys.stdin.buffer.read()))' < {path} > train.record",
    ),
    "zlib of something else": (
        zlib.compress(b"nothing to see here"),
        "byte 0: this is no TFRecord file: it starts with b'x\\x9c\\xcb",
    ),
}


@pytest.mark.parametrize("content, message", DAMAGED.values(), ids=DAMAGED.keys())
@pytest.mark.parametrize("input_type", ["TF_EXAMPLE", "TF_SEQUENCE_EXAMPLE"])
def test_damaged_files(tmp_path: Path, content: bytes, message: str, input_type: str) -> None:
    path = tmp_path / "a.record"
    path.write_bytes(content)
    with RecordFile(str(path)) as file, pytest.raises(RecordError) as caught:
        list(file.records())
    assert str(caught.value).startswith(f"{path}: " + message.replace("{path}", str(path)))
    if input_type == "TF_EXAMPLE":
        with pytest.raises(RecordError) as counting:
            count_classes(path)
        assert str(counting.value) == str(caught.value)


def test_the_first_error_is_the_one_reported(tmp_path: Path) -> None:
    bad = record(example(image(boxes=1)))
    path = tmp_path / "a.record"
    path.write_bytes(RECORD + bad + RECORD + RECORD[:100])
    with pytest.raises(RecordError, match="record 2 has 1 boxes, but classes for 0"):
        count_classes(path)


def test_an_empty_file_holds_no_records(tmp_path: Path) -> None:
    assert count_classes(write_records(tmp_path / "a.record")).images == 0


def test_data_checksums_are_compared_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.record"
    path.write_bytes(RECORD + flipped(RECORD, 100))
    assert count_classes(path).images == 2
    with pytest.raises(RecordError) as caught:
        count_classes(path, verify=True)
    problem = "record 2 is damaged: its data does not match its checksum"
    assert str(caught.value) == f"{path}: byte {SIZE}: {problem}\n{CUT}"


def test_large_records_are_verified_piece_by_piece(tmp_path: Path) -> None:
    data = example({"image/encoded": [b"\xff" * 2_500_000], **image([b"cat"], [1])})
    assert count_classes(write_records(tmp_path / "a.record", data), verify=True).images == 1


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(RecordError) as caught:
        count_classes(tmp_path)
    help = f"name the record files in it: {tmp_path / '*.record*'}"
    assert str(caught.value) == f"{tmp_path}: this is a folder\nhelp: {help}"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = write_records(tmp_path / "a.record", DATA)
    Path(path).chmod(0)
    with pytest.raises(RecordError, match="cannot be read: permission denied"):
        count_classes(path)


def test_a_file_that_shrinks(tmp_path: Path) -> None:
    path = write_records(tmp_path / "a.record", *[DATA] * 100)
    with RecordFile(path) as file:
        os.truncate(path, 5000)
        with pytest.raises(RecordError, match="the file changed while it was read"):
            file.window(4000)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RecordError, match="this is a pipe or a device"):
        count_classes(tmp_path / "pipe")


def test_a_failing_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    path = write_records(tmp_path / "a.record", DATA)
    monkeypatch.setattr(LocalSource, "_seek_and_read", fail)
    monkeypatch.delattr(os, "pread", raising=False)
    with pytest.raises(RecordError, match="cannot be read: input/output error"):
        count_classes(path)


def test_without_pread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pread", raising=False)
    path = write_records(tmp_path / "a.record", *[DATA] * 30)
    assert count_classes(path, verify=True).objects == 30
