"""Writes TFRecord files and the protobuf messages in them, byte by byte."""

from __future__ import annotations

import base64
import os
import struct
from pathlib import Path
from typing import Any, Iterable, Mapping, Sequence, Union

import google_crc32c

Values = Sequence[Any]

# The smallest thing that TFOD decodes: a PNG of one black pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
)

BOX = "image/object/bbox/"
CLASS = "image/object/class/"
REGION = "region/bbox/"
SIDES = ("ymin", "xmin", "ymax", "xmax")


def masked_crc(data: bytes) -> bytes:
    crc = google_crc32c.value(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + masked_crc(length) + data + masked_crc(data)


def write_records(path: Union[str, os.PathLike[str]], *messages: bytes) -> str:
    Path(path).write_bytes(b"".join(map(record, messages)))
    return os.fspath(path)


def varint(number: int) -> bytes:
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def delimited(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def feature(values: Values) -> bytes:
    """A Feature of the kind of its values; without values, without a kind."""
    if not values:
        return b""
    if isinstance(values[0], bytes):
        return delimited(1, b"".join(delimited(1, value) for value in values))
    if isinstance(values[0], float):
        return delimited(2, delimited(1, struct.pack(f"<{len(values)}f", *values)))
    return delimited(3, delimited(1, b"".join(map(varint, values))))


def map_entry(key: str, value: bytes) -> bytes:
    return delimited(1, delimited(1, key.encode()) + delimited(2, value))


def features(values: Mapping[str, Values]) -> bytes:
    return b"".join(map_entry(key, feature(row)) for key, row in values.items())


def example(values: Mapping[str, Values]) -> bytes:
    """A tf.train.Example as protobuf libraries write it."""
    return delimited(1, features(values))


def sequence_example(context: Mapping[str, Values], lists: Mapping[str, Iterable[Values]]) -> bytes:
    """A tf.train.SequenceExample as protobuf libraries write it."""
    rows = b"".join(
        map_entry(key, b"".join(delimited(1, feature(row)) for row in rows))
        for key, rows in lists.items()
    )
    return delimited(1, features(context)) + delimited(2, rows)


def corners(boxes: int) -> dict[str, list[float]]:
    """The coordinates of so many boxes."""
    return {BOX + side: [0.25 if "min" in side else 0.75] * boxes for side in SIDES}


def image(
    texts: Values = (), labels: Values = (), boxes: Union[int, None] = None, **more: Values
) -> dict[str, Values]:
    """The features of an image; as many boxes as classes, unless it is said how many.

    `more` replaces or adds features by the last part of their names.
    """
    number = boxes if boxes is not None else len(texts) or len(labels)
    values: dict[str, Values] = {
        "image/encoded": [PNG],
        "image/filename": [b"a.jpg"],
        "image/height": [480],
        "image/width": [640],
        CLASS + "text": texts,
        CLASS + "label": labels,
        **corners(number),
    }
    for name, row in more.items():
        values[(BOX if name in SIDES else "image/object/") + name] = row
    return values


def sequence(texts: Sequence[Values], **more: Any) -> bytes:
    """A SequenceExample with a box for every text; `more` replaces lists, None removes one."""
    lists: dict[str, Any] = {
        "image/encoded": [[PNG]] * len(texts),
        "image/source_id": [[b"%d" % frame] for frame in range(len(texts))],
        "region/is_annotated": [[1]] * len(texts),
        "region/label/string": texts,
    }
    for side in SIDES:
        lists[REGION + side] = [[0.25 if "min" in side else 0.75] * len(row) for row in texts]
    for name, rows in more.items():
        keys = [key for key in lists if key.rpartition("/")[2] == name] or [name]
        lists[keys[0]] = rows
    lists = {key: rows for key, rows in lists.items() if rows is not None}
    return sequence_example({"image/height": [480], "image/width": [640]}, lists)
