"""Record sets to count: real-looking detection data around images of random bytes."""

from __future__ import annotations

import random
import struct
from pathlib import Path
from typing import BinaryIO

import google_crc32c

CLASSES = {b"RBC": 0.85, b"WBC": 0.08, b"Platelets": 0.07}  # text -> share of the objects


def write_record_set(path: Path, images: int, image_bytes: int, seed: int = 1) -> None:
    """Write a TFRecord file of Examples as TFOD's create_..._tf_record.py scripts write them.

    Sixteen features, about 7 objects and 80 % to 120 % of `image_bytes` per image. The order
    of the features is the one that a fixed seed shuffles them into: protobuf libraries write
    maps in an order of their own, which is the same for all records of a run.
    """
    rng = random.Random(seed)
    order = rng.sample(range(16), 16)
    with path.open("wb") as file:
        for number in range(images):
            features = _features(rng, number, round(image_bytes * rng.uniform(0.8, 1.2)))
            entries = [_delimited(1, _delimited(1, k) + _delimited(2, v)) for k, v in features]
            _write_record(file, _delimited(1, b"".join(entries[i] for i in order)))


def _features(rng: random.Random, number: int, size: int) -> list[tuple[bytes, bytes]]:
    boxes = min(max(round(rng.gauss(7, 3)), 1), 40)
    texts = rng.choices(list(CLASSES), list(CLASSES.values()), k=boxes)
    ids = {text: class_id for class_id, text in enumerate(CLASSES, 1)}
    lows = [[rng.uniform(0, 0.6) for _ in range(boxes)] for _ in range(2)]
    highs = [[low + rng.uniform(0.05, 0.4) for low in side] for side in lows]
    name = b"image_%06d.jpg" % number
    return [
        (b"image/encoded", _bytes_list([rng.randbytes(size)])),
        (b"image/filename", _bytes_list([name])),
        (b"image/format", _bytes_list([b"jpeg"])),
        (b"image/height", _int64_list([480])),
        (b"image/key/sha256", _bytes_list([rng.randbytes(32).hex().encode()])),
        (b"image/object/bbox/xmax", _float_list(highs[0])),
        (b"image/object/bbox/xmin", _float_list(lows[0])),
        (b"image/object/bbox/ymax", _float_list(highs[1])),
        (b"image/object/bbox/ymin", _float_list(lows[1])),
        (b"image/object/class/label", _int64_list([ids[text] for text in texts])),
        (b"image/object/class/text", _bytes_list(texts)),
        (b"image/object/difficult", _int64_list([0] * boxes)),
        (b"image/object/truncated", _int64_list([0] * boxes)),
        (b"image/object/view", _bytes_list([b"Unspecified"] * boxes)),
        (b"image/source_id", _bytes_list([name])),
        (b"image/width", _int64_list([640])),
    ]


def _write_record(file: BinaryIO, data: bytes) -> None:
    length = struct.pack("<Q", len(data))
    file.write(length + _masked_crc(length) + data + _masked_crc(data))


def _masked_crc(data: bytes) -> bytes:
    crc = google_crc32c.value(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _delimited(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _bytes_list(values: list[bytes]) -> bytes:
    return _delimited(1, b"".join(_delimited(1, value) for value in values))


def _float_list(values: list[float]) -> bytes:
    return _delimited(2, _delimited(1, struct.pack(f"<{len(values)}f", *values)))


def _int64_list(values: list[int]) -> bytes:
    return _delimited(3, _delimited(1, b"".join(map(_varint, values))))
