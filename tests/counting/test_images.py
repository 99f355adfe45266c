"""Image headers, and the images of records by them: nothing is decoded, hardly anything read."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting.records import (
    PNG,
    example,
    image,
    masked_crc,
    sequence_example,
    varint,
    write_records,
)
from tfod_weights.counting.image_headers import ImageHeader, read_image_header
from tfod_weights.counting.images import RecordImage, record_images
from tfod_weights.errors import RecordError


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def frame(marker: int = 0xC0, height: int = 6, width: int = 8) -> bytes:
    return segment(marker, struct.pack(">BHHB", 8, height, width, 3) + bytes(9))


SOI, EOI = b"\xff\xd8", b"\xff\xd9"
EXIF = segment(0xE1, b"Exif\0\0" + SOI + frame(height=120, width=160) + EOI)
HEADERS = {
    "jpeg": (SOI + segment(0xE0, b"JFIF\0") + frame(), ImageHeader("jpeg", 8, 6)),
    "progressive": (SOI + segment(0xDB, bytes(65)) + frame(0xC2), ImageHeader("jpeg", 8, 6)),
    "the thumbnail is another image": (SOI + EXIF + frame(), ImageHeader("jpeg", 8, 6)),
    "tables before the frame": (
        SOI + segment(0xC4, bytes(30)) + frame(),
        ImageHeader("jpeg", 8, 6),
    ),
    "fill bytes": (SOI + b"\xff\xff" + frame()[1:], ImageHeader("jpeg", 8, 6)),
    "no frame": (SOI + segment(0xE0, b"JFIF\0") + EOI, ImageHeader("jpeg")),
    "cut off": ((SOI + segment(0xE0, b"JFIF\0") + frame())[:-14], ImageHeader("jpeg")),
    "png": (PNG, ImageHeader("png", 1, 1)),
    "short png": (PNG[:20], ImageHeader("png")),
    "gif": (b"GIF87a\x08\0\x06\0", ImageHeader("gif", 8, 6)),
    "bmp": (b"BM" + bytes(16) + struct.pack("<ii", 8, 6), ImageHeader("bmp", 8, 6)),
    "bmp from the top": (b"BM" + bytes(16) + struct.pack("<ii", 8, -6), ImageHeader("bmp", 8, 6)),
    "webp": (b"RIFF\x10\0\0\0WEBPVP8 ", ImageHeader("webp")),
    "wav": (b"RIFF\x10\0\0\0WAVEfmt ", None),
    "tiff": (b"II*\0" + bytes(20), None),
    "nothing": (b"", None),
    "text": (b"images/000.jpg", None),
}


@pytest.mark.parametrize("data, expected", HEADERS.values(), ids=HEADERS.keys())
def test_headers(data: bytes, expected: object) -> None:
    assert read_image_header(data, 0, len(data)) == expected
    assert read_image_header(b"\xff" * 9 + data + frame(), 9, 9 + len(data)) == expected


@given(st.sampled_from([data for data, _ in HEADERS.values()]), st.binary(), st.integers(0, 99))
def test_damaged_headers_raise_nothing(data: bytes, noise: bytes, cut: int) -> None:
    damaged = data[:cut] + noise
    read_image_header(damaged, 0, len(damaged))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_headers_of_real_images(kind: str, mode: str) -> None:
    images = pytest.importorskip("PIL.Image", reason="Pillow makes the images")
    out = io.BytesIO()
    images.new(mode, (37, 23)).save(out, kind)
    data = out.getvalue()
    assert read_image_header(data, 0, len(data)) == ImageHeader(kind.lower(), 37, 23)


def images_of(path: str, **options: Any) -> list[RecordImage]:
    return list(record_images([path], **options))


def test_images_of_examples(tmp_path: Path) -> None:
    features = {**image([b"cat"]), "image/format": [b"png"]}
    without = {key: value for key, value in features.items() if key != "image/encoded"}
    two = {**features, "image/encoded": [PNG, PNG]}
    path = write_records(tmp_path / "a", *map(example, (features, without, two)))
    first, second, third = images_of(path)
    assert (first.record, first.images, first.size) == (1, 1, len(PNG))
    assert first.header == ImageHeader("png", 1, 1)
    assert (first.format, first.width, first.height) == ("png", 640, 480)
    assert (second.record, second.images, second.header) == (2, 0, None)
    assert (third.record, third.images) == (3, 2)
    assert second.place.offset == 12 + len(example(features)) + 4


def test_the_last_of_a_duplicate_key_counts(tmp_path: Path) -> None:
    old = example({"image/encoded": [b"GIF89a"]})
    path = write_records(tmp_path / "a", old + example({"image/encoded": [PNG]}))
    assert images_of(path)[0].header == ImageHeader("png", 1, 1)


def test_images_of_sequences(tmp_path: Path) -> None:
    context = {"image/height": [1], "image/width": [1], "image/format": [b"png"]}
    data = sequence_example(context, {"image/encoded": [[PNG], [], [b"II*\0"]]})
    found = images_of(write_records(tmp_path / "a", data), sequences=True)
    assert [one.images for one in found] == [1, 0, 1]
    assert [one.header for one in found] == [ImageHeader("png", 1, 1), None, None]
    assert {one.format for one in found} == {"png"}


def test_records_that_are_no_messages_are_left_to_counting(tmp_path: Path) -> None:
    path = write_records(tmp_path / "a", b"hello, world", example(image([b"cat"])))
    assert [one.record for one in images_of(path)] == [2]


PROBLEMS = {
    "another kind": (
        {"image/width": [b"640"], "image/format": [7]},
        (None, None, 480),
        "has image/format as an int64_list, not as a bytes_list",
    ),
    "two heights": (
        {"image/height": [1, 2]},
        (None, 640, 1),
        "has 2 values in image/height, where TFOD takes one",
    ),
    "none": ({}, (None, 640, 480), None),
}


@pytest.mark.parametrize("features, known, problem", PROBLEMS.values(), ids=PROBLEMS.keys())
def test_what_tfod_stops_at_besides(
    tmp_path: Path, features: Any, known: Any, problem: Any
) -> None:
    path = write_records(tmp_path / "a", example({**image([b"cat"]), **features}))
    [one] = images_of(path)
    assert (one.format, one.width, one.height) == known
    assert one.problem == problem
    assert one.header == ImageHeader("png", 1, 1)


def test_a_damaged_file(tmp_path: Path) -> None:
    path = write_records(tmp_path / "a", example(image([b"cat"])))
    Path(path).write_bytes(Path(path).read_bytes()[:-9])
    with pytest.raises(RecordError, match="the file ends before"):
        images_of(path)


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    path = write_records(tmp_path / "a", *[example(image([b"cat"]))] * 50)
    images_of(path, progress=lambda done, total: calls.append((done, total)))
    size = Path(path).stat().st_size
    assert calls[-1] == (size, size)


def test_real_images_are_fine(shared_data: Path) -> None:
    found = list(record_images(list(map(str, (shared_data / "bccd").glob("*.record-*")))))
    assert len(found) == 205 + 87 + 72
    for one in found:
        assert one.header is not None and one.header.format == "jpeg"
        assert (one.header.width, one.header.height) == (one.width, one.height)


HUGE = 64 << 20
MEASURE = """
import sys
from pathlib import Path
from tfod_weights.counting.images import record_images

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(dict(line.split(":") for line in lines)["VmHWM"].split()[0]) // 1024

before = peak()
print(sum(one.size for one in record_images([sys.argv[1]])), peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_memory_is_flat(tmp_path: Path) -> None:
    """Only the pages with headers are touched, however large the image."""
    path = tmp_path / "huge.record"
    head = b""
    for start in (b"\x0a", b"\x0a", b"\x0a\x0dimage/encoded\x12", b"\x0a", b"\x0a"):
        head = start + varint(len(head) + HUGE) + head
    length = (len(head) + HUGE).to_bytes(8, "little")
    with path.open("wb") as file:
        for _ in range(4):  # the zeros are holes: they take no space on the disk
            file.write(length + masked_crc(length) + head)
            file.seek(HUGE, 1)
            file.write(bytes(4))
    command = [sys.executable, "-c", MEASURE, str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    size, megabytes = map(int, result.stdout.split())
    assert size == 4 * HUGE
    assert megabytes < 20
