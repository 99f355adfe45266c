"""Records with an instance mask for every object, as Mask R-CNN needs them."""

from __future__ import annotations

import random
from pathlib import Path

from tfod_weights.demo.drawing import Shape, draw_scene, encode_png
from tfod_weights.demo.records import encode_example, write_records

NAMES = ("circle", "square", "triangle")


def write_masked_records(path: Path, *, images: int = 4, size: int = 96) -> None:
    """Write images with a circle, a square and sometimes a triangle, all named and masked."""
    rng = random.Random(7)
    write_records(path, [_example(index, size, rng) for index in range(images)])


def _example(index: int, size: int, rng: random.Random) -> bytes:
    names = NAMES if index % 2 else NAMES[:2]
    columns = enumerate(names, start=1)
    shapes = [Shape(name, size // 5 * column, size // 2, size // 8) for column, name in columns]
    sides = {
        "xmin": [shape.x - shape.radius for shape in shapes],
        "xmax": [shape.x + shape.radius for shape in shapes],
        "ymin": [shape.y - shape.radius for shape in shapes],
        "ymax": [shape.y + shape.radius for shape in shapes],
    }
    return encode_example(
        {
            "image/encoded": [draw_scene(shapes, size, rng)],
            "image/format": [b"png"],
            "image/source_id": [str(index).encode()],
            "image/height": [size],
            "image/width": [size],
            **{f"image/object/bbox/{k}": [p / size for p in v] for k, v in sides.items()},
            "image/object/class/text": [shape.name.encode() for shape in shapes],
            "image/object/class/label": [NAMES.index(shape.name) + 1 for shape in shapes],
            "image/object/mask": [_mask(shape, size) for shape in shapes],
        }
    )


def _mask(shape: Shape, size: int) -> bytes:
    """A PNG that is 1 in the box of the shape and 0 elsewhere."""
    rows = [bytearray(3 * size) for _ in range(size)]
    for y in range(shape.y - shape.radius, shape.y + shape.radius):
        start, stop = 3 * (shape.x - shape.radius), 3 * (shape.x + shape.radius)
        rows[y][start:stop] = b"\1" * (stop - start)
    return encode_png(rows, size)
