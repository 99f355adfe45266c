"""Scenes of coloured shapes as PNG images, drawn without any imaging library."""

from __future__ import annotations

import random
import struct
import zlib
from dataclasses import dataclass
from typing import Callable

Pixel = tuple[int, int, int]


@dataclass(frozen=True)
class Shape:
    """One object of a scene; centre and radius in pixels."""

    name: str
    x: int
    y: int
    radius: int


def _in_circle(dx: float, dy: float) -> bool:
    return dx * dx + dy * dy <= 1


def _in_square(dx: float, dy: float) -> bool:
    return True


def _in_triangle(dx: float, dy: float) -> bool:
    return abs(dx) <= (dy + 1) / 2


# name → whether a point of [-1, 1]² belongs to the shape, and its colour
SHAPES: dict[str, tuple[Callable[[float, float], bool], Pixel]] = {
    "circle": (_in_circle, (200, 60, 60)),
    "square": (_in_square, (60, 90, 200)),
    "triangle": (_in_triangle, (90, 170, 70)),
}


def draw_scene(shapes: list[Shape], size: int, rng: random.Random) -> bytes:
    """A square PNG of `size` pixels with the shapes on a speckled ground."""
    rows = [bytearray(_ground(size, rng)) for _ in range(size)]
    for shape in shapes:
        _draw(shape, rows, size)
    return encode_png(rows, size)


def _ground(size: int, rng: random.Random) -> bytes:
    shade = rng.randint(215, 235)
    return bytes(value for _ in range(size) for value in [shade + rng.randint(-6, 6)] * 3)


def _draw(shape: Shape, rows: list[bytearray], size: int) -> None:
    contains, colour = SHAPES[shape.name]
    radius = shape.radius
    for y in range(max(0, shape.y - radius), min(size, shape.y + radius + 1)):
        for x in range(max(0, shape.x - radius), min(size, shape.x + radius + 1)):
            if contains((x - shape.x) / radius, (y - shape.y) / radius):
                rows[y][3 * x : 3 * x + 3] = bytes(colour)


def encode_png(rows: list[bytearray], size: int) -> bytes:
    """8-bit RGB rows as PNG (https://www.w3.org/TR/png/)."""
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
