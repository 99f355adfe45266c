"""A long-tailed detection set from real images: scikit-learn's handwritten digits in scenes.

The 1,797 digits of 8 × 8 pixels (UCI, Optical Recognition of Handwritten Digits) are laid on
textured ground, beside digits whose pixels are shuffled and that are no objects. In training
the classes have a tail of 100:1, from 9 to 0; in validation they are equal, so that the rarest
class's AP is no accident. No digit is in both. The same files every time: NumPy keeps the
numbers of RandomState, not those of newer generators.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, NamedTuple, Sequence

import numpy as np
from sklearn.datasets import load_digits

from benchmarks.effect.scenes import IMAGE_SIZE, Scene, draw_scene
from tfod_weights.demo.drawing import encode_png
from tfod_weights.demo.records import FeatureValue, encode_example, write_records

CLASSES = tuple("0123456789")  # class_id = digit + 1
_TRAIN_SHARE = 2 / 3  # of the digits of each class


def tail(most: int, ratio: int, classes: int) -> tuple[int, ...]:
    """Objects per class, falling by the same factor from class to class.

    >>> tail(1000, 100, 3)
    (1000, 100, 10)
    """
    return tuple(round(most * ratio ** (-rank / (classes - 1))) for rank in range(classes))


@dataclass(frozen=True)
class Split:
    """A part of the data set.

    Attributes:
        name: "train" or "val".
        images: How many.
        objects: How many of each digit, in all images together.
        seed: Of everything in it.
    """

    name: str
    images: int
    objects: tuple[int, ...]
    seed: int


TRAIN = Split("train", images=1000, objects=tail(3600, 100, len(CLASSES))[::-1], seed=1)
VAL = Split("val", images=150, objects=(120,) * len(CLASSES), seed=2)


class PlacedDigit(NamedTuple):
    """A digit in a scene, and which image of load_digits() it is."""

    digit: int
    source: int


def write_digits(folder: Path) -> None:
    """Write train.record, val.record and label_map.pbtxt into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for split in (TRAIN, VAL):
        write_records(folder / f"{split.name}.record", split_records(split))
    items = (f"item {{\n  id: {i}\n  name: '{name}'\n}}\n" for i, name in enumerate(CLASSES, 1))
    (folder / "label_map.pbtxt").write_text("".join(items))


def split_records(split: Split) -> Iterator[bytes]:
    """The serialized Examples of a split."""
    rng = np.random.RandomState(split.seed)
    ink = load_digits().images / 16
    scenes = placed_digits(split)
    clutter = _clutter(ink[sorted({one.source for scene in scenes for one in scene})], rng)
    for index, placed in enumerate(scenes):
        scene = draw_scene([ink[one.source] for one in placed], clutter, rng)
        yield encode_example(_features(f"{split.name}-{index}", placed, scene))


def placed_digits(split: Split) -> list[list[PlacedDigit]]:
    """What is in every scene of a split: its objects, spread at random."""
    target = load_digits().target
    sources = [_sources(split, np.flatnonzero(target == digit)) for digit in range(len(CLASSES))]
    objects = [
        PlacedDigit(digit, sources[digit][number % len(sources[digit])])
        for digit, count in enumerate(split.objects)
        for number in range(count)
    ]
    order = np.random.RandomState(split.seed).permutation(len(objects))
    return [[objects[i] for i in order[index :: split.images]] for index in range(split.images)]


def _sources(split: Split, images: Any) -> list[int]:
    """Those images of a digit that a split may use, in random order."""
    shuffled: list[int] = np.random.RandomState(0).permutation(images).tolist()
    cut = round(_TRAIN_SHARE * len(shuffled))
    return shuffled[:cut] if split.name == "train" else shuffled[cut:]


def _clutter(images: Any, rng: Any) -> Iterator[Any]:
    while True:
        yield images[rng.randint(len(images))]


def _features(name: str, placed: Sequence[PlacedDigit], scene: Scene) -> dict[str, FeatureValue]:
    """One scene, named as in TFOD's dataset_tools."""
    rows = [bytearray(np.repeat(row, 3).tobytes()) for row in scene.pixels]
    corners = zip(("ymin", "xmin", "ymax", "xmax"), zip(*scene.boxes))
    return {
        "image/encoded": [encode_png(rows, IMAGE_SIZE)],
        "image/format": [b"png"],
        "image/filename": [f"{name}.png".encode()],
        "image/source_id": [name.encode()],
        "image/height": [IMAGE_SIZE],
        "image/width": [IMAGE_SIZE],
        **{
            f"image/object/bbox/{side}": [pixel / IMAGE_SIZE for pixel in pixels]
            for side, pixels in corners
        },
        "image/object/class/text": [CLASSES[one.digit].encode() for one in placed],
        "image/object/class/label": [one.digit + 1 for one in placed],
    }
