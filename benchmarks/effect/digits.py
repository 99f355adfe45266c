"""A long-tailed detection set from real images: scikit-learn's handwritten digits in scenes.

The 1,797 digits of 8 × 8 pixels (UCI, Optical Recognition of Handwritten Digits) are laid on
textured ground, beside digits whose pixels are shuffled and that are no objects. In training
the classes have a tail of 100:1, in validation they are equal, so that the rarest class's AP is
no accident. No digit is in both. The same files every time: NumPy keeps the numbers of
RandomState, not those of newer generators.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Iterator

import numpy as np

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


TRAIN = Split("train", images=1000, objects=tail(3000, 100, len(CLASSES)), seed=1)
VAL = Split("val", images=200, objects=(120,) * len(CLASSES), seed=2)


@dataclass(frozen=True)
class LabelledScene:
    """A scene, the digits of its boxes, and which images of load_digits() they are."""

    scene: Scene
    digits: tuple[int, ...]
    sources: tuple[int, ...]


def write_digits(folder: Path) -> None:
    """Write train.record, val.record and label_map.pbtxt into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    for split in (TRAIN, VAL):
        write_records(folder / f"{split.name}.record", split_records(split))
    items = (f"item {{\n  id: {i}\n  name: '{name}'\n}}\n" for i, name in enumerate(CLASSES, 1))
    (folder / "label_map.pbtxt").write_text("".join(items))


def split_records(split: Split) -> Iterator[bytes]:
    """The serialized Examples of a split."""
    for index, labelled in enumerate(labelled_scenes(split)):
        yield encode_example(_features(f"{split.name}-{index}", labelled))


def labelled_scenes(split: Split) -> Iterator[LabelledScene]:
    """The scenes of a split, its objects spread over them at random."""
    from sklearn.datasets import load_digits

    data = load_digits()
    rng = np.random.RandomState(split.seed)
    allowed = _sources(split.name, data.target)
    objects = [
        (digit, sources[number % len(sources)])
        for digit, sources in enumerate(allowed)
        for number in range(split.objects[digit])
    ]
    shuffled = [objects[i] for i in rng.permutation(len(objects))]
    ink = data.images / 16
    clutter = _clutter(ink[list(chain.from_iterable(allowed))], rng)
    for index in range(split.images):
        digits, sources = zip(*shuffled[index :: split.images])
        scene = draw_scene([ink[source] for source in sources], clutter, rng)
        yield LabelledScene(scene, digits, sources)


def _sources(split_name: str, target: Any) -> list[list[int]]:
    """For each digit, which images of load_digits() a split may use, in random order."""
    rng = np.random.RandomState(0)
    chosen = []
    for digit in range(len(CLASSES)):
        images = rng.permutation(np.flatnonzero(target == digit)).tolist()
        cut = round(_TRAIN_SHARE * len(images))
        chosen.append(images[:cut] if split_name == TRAIN.name else images[cut:])
    return chosen


def _clutter(images: Any, rng: Any) -> Iterator[Any]:
    while True:
        yield images[rng.randint(len(images))]


def _features(name: str, labelled: LabelledScene) -> dict[str, FeatureValue]:
    """One scene, named as in TFOD's dataset_tools."""
    rows = [bytearray(np.repeat(row, 3).tobytes()) for row in labelled.scene.pixels]
    corners = zip(("ymin", "xmin", "ymax", "xmax"), zip(*labelled.scene.boxes))
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
        "image/object/class/text": [CLASSES[digit].encode() for digit in labelled.digits],
        "image/object/class/label": [digit + 1 for digit in labelled.digits],
    }
