"""Scenes of small grey digits: other sizes, angles and contrasts, textured ground, noise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Iterator, Optional, Sequence

import numpy as np

IMAGE_SIZE = 160  # pixels of a side
SIZES = (18.0, 26.0)  # of a digit's 8 × 8 pixels, in pixels of a side
ANGLES = (-8.0, 8.0)  # degrees
CONTRASTS = (0.5, 0.9)  # by which ink is lighter; 0 is black, 1 white
DISTRACTORS = (0, 2)  # per image, both included
GROUNDS = (0.1, 0.4)  # how light an image's ground is
TEXTURE = 0.05  # standard deviation of the ground
NOISE = 0.03  # standard deviation of a pixel
_TEXTURE_CELLS = (4, 10, 26)  # per side: patches of light and shade in three sizes
_INK = 0.25  # more of it belongs to the box
_TRIES = 200

Array = Any  # a NumPy array
RandomState = Any  # a NumPy RandomState
Box = tuple[int, int, int, int]  # ymin, xmin, ymax, xmax in pixels


@dataclass(frozen=True)
class Scene:
    """An image with its objects.

    Attributes:
        pixels: Grey values from 0 to 255, [IMAGE_SIZE, IMAGE_SIZE].
        boxes: Of the objects, in the order in which they were given.
    """

    pixels: Array
    boxes: tuple[Box, ...]


def draw_scene(objects: Sequence[Array], clutter: Iterator[Array], rng: RandomState) -> Scene:
    """Lay objects where none covers another, and then distractors where there is room.

    Args:
        objects: Each [8, 8], ink from 0 to 1.
        clutter: Digits to make distractors of, by shuffling their pixels.
        rng: Everything is drawn from it.
    """
    pixels = _ground(rng)
    boxes: list[Box] = []
    for ink in objects:
        _lay(_turned(ink, rng), pixels, boxes, rng, always=True)
    taken = list(boxes)
    for _ in range(rng.randint(DISTRACTORS[0], DISTRACTORS[1] + 1)):
        ink = next(clutter)
        shuffled = rng.permutation(ink.ravel()).reshape(ink.shape)
        _lay(_turned(shuffled, rng), pixels, taken, rng, always=False)
    noisy = pixels + rng.normal(0, NOISE, pixels.shape)
    return Scene(np.clip(np.rint(noisy * 255), 0, 255).astype(np.uint8), tuple(boxes))


def _ground(rng: RandomState) -> Array:
    pixels = np.full((IMAGE_SIZE, IMAGE_SIZE), rng.uniform(*GROUNDS))
    deviation = TEXTURE / math.sqrt(len(_TEXTURE_CELLS))
    for cells in _TEXTURE_CELLS:
        coarse = rng.normal(0, deviation, (cells + 1, cells + 1))
        line = np.arange(IMAGE_SIZE) * cells / IMAGE_SIZE
        pixels += _bilinear(coarse, line[:, None], line[None, :])
    return pixels


def _turned(ink: Array, rng: RandomState) -> Array:
    """The digit in another size, at an angle, cut out."""
    side, angle = rng.uniform(*SIZES), math.radians(rng.uniform(*ANGLES))
    reach = math.ceil(side * 0.75)
    line = np.arange(-reach, reach + 1) * len(ink) / side
    y, x = line[:, None], line[None, :]
    sine, cosine, centre = math.sin(angle), math.cos(angle), (len(ink) - 1) / 2
    turned = _bilinear(ink, centre + y * cosine - x * sine, centre + y * sine + x * cosine)
    rows, columns = (np.flatnonzero(turned.max(axis=axis) > _INK) for axis in (1, 0))
    return turned[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _bilinear(image: Array, y: Array, x: Array) -> Array:
    """Values between pixels; 0 outside the image."""
    padded = np.pad(image, 1)
    y = np.clip(y + 1, 0, image.shape[0] + 0.999)
    x = np.clip(x + 1, 0, image.shape[1] + 0.999)
    top, left = np.floor(y).astype(int), np.floor(x).astype(int)
    down, right = y - top, x - left
    above = padded[top, left] * (1 - right) + padded[top, left + 1] * right
    below = padded[top + 1, left] * (1 - right) + padded[top + 1, left + 1] * right
    return above * (1 - down) + below * down


def _lay(ink: Array, pixels: Array, taken: list[Box], rng: RandomState, *, always: bool) -> None:
    """Lay ink onto the ground and note its box in `taken`."""
    box = _place(ink.shape, taken, rng, always=always)
    if box is None:
        return
    taken.append(box)
    pixels[box[0] : box[2], box[1] : box[3]] += rng.uniform(*CONTRASTS) * ink


def _place(
    shape: tuple[int, int], taken: Sequence[Box], rng: RandomState, *, always: bool
) -> Optional[Box]:
    """A box that meets no other; where none is found, any (`always`) or None."""
    height, width = shape
    for _ in range(_TRIES):
        y, x = rng.randint(IMAGE_SIZE - height + 1), rng.randint(IMAGE_SIZE - width + 1)
        box = (y, x, y + height, x + width)
        if not any(_meet(box, other) for other in taken):
            return box
    return box if always else None


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
