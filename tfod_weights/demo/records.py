"""tf.train.Example and TFRecord, written byte by byte so that the demo needs no TensorFlow."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Iterable, Mapping, Sequence, Union

import google_crc32c

FeatureValue = Union[Sequence[bytes], Sequence[int], Sequence[float]]


def encode_example(features: Mapping[str, FeatureValue]) -> bytes:
    """A serialized tf.train.Example (tensorflow/core/example/feature.proto)."""
    entries = (
        _message(1, _message(1, name.encode()) + _message(2, _feature(values)))
        for name, values in features.items()
    )
    return _message(1, b"".join(entries))


def _feature(values: FeatureValue) -> bytes:
    """A Feature: bytes_list = 1, float_list = 2, int64_list = 3, numbers packed."""
    first = values[0] if values else 0
    if isinstance(first, bytes):
        return _message(1, b"".join(_message(1, value) for value in values))  # type: ignore[arg-type]
    if isinstance(first, float):
        return _message(2, _message(1, struct.pack(f"<{len(values)}f", *values)))
    return _message(3, _message(1, b"".join(_varint(int(value)) for value in values)))


def _message(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def write_records(path: Path, records: Iterable[bytes]) -> None:
    """A TFRecord file: length, its masked CRC-32C, the record, its masked CRC-32C."""
    with path.open("wb") as file:
        for record in records:
            length = struct.pack("<Q", len(record))
            file.write(length + _masked_crc(length) + record + _masked_crc(record))


def _masked_crc(data: bytes) -> bytes:
    crc = google_crc32c.value(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)
