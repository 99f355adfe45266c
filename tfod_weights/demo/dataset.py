"""The demonstration data set: circles are common, squares uncommon, triangles rare."""

from __future__ import annotations

import pkgutil
import random
from pathlib import Path
from typing import Iterator

from tfod_weights.demo.drawing import SHAPES, Shape, draw_scene
from tfod_weights.demo.records import FeatureValue, encode_example, write_records
from tfod_weights.files import StrPath
from tfod_weights.folders import make_folder, require_possible_folder

IMAGE_SIZE = 96
IMAGES = {"train": 60, "val": 12}
SHARDS = {"train": 2, "val": 1}
CLASSES = tuple(SHAPES)  # class_id = position + 1
# name → how many of them an image may have, each number as likely as the others
_PER_IMAGE = {"circle": (3, 4, 5, 6), "square": (0, 0, 0, 1, 1), "triangle": (0, 0, 0, 0, 1)}


def write_demo(folder: StrPath) -> Path:
    """Write records, label map and config into a folder, which is made if need be.

    The same bytes every time. The config names the other files by the folder as given, so it
    works from the current directory.

    Returns:
        The path of the config.

    Raises:
        TfodWeightsError: the folder cannot be made, or is a file.
    """
    require_possible_folder(folder)
    target = Path(folder)
    make_folder(target / "data")
    for split in IMAGES:
        _write_split(target / "data", split)
    (target / "data" / "label_map.pbtxt").write_bytes(_label_map().encode())
    config = target / "pipeline.config"
    config.write_bytes(demo_config(target.as_posix()).encode())
    return config


def demo_config(folder: str) -> str:
    """The demonstration config, its data in `folder`."""
    template = pkgutil.get_data(__package__, "pipeline.config")
    assert template is not None
    quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
    return template.decode().replace("DEMO_FOLDER", quoted)


def _label_map() -> str:
    items = (f"item {{\n  id: {i}\n  name: '{name}'\n}}\n" for i, name in enumerate(CLASSES, 1))
    return "".join(items)


def _write_split(folder: Path, split: str) -> None:
    rng = random.Random(split)
    examples = [encode_example(_features(index, rng)) for index in range(IMAGES[split])]
    shards = SHARDS[split]
    for shard in range(shards):
        path = folder / f"{split}.record-{shard:05d}-of-{shards:05d}"
        write_records(path, examples[shard::shards])


def _features(index: int, rng: random.Random) -> dict[str, FeatureValue]:
    """One image with its boxes, named as in TFOD's dataset_tools."""
    shapes = list(_shapes(rng))
    image = draw_scene(shapes, IMAGE_SIZE, rng)
    corners = {
        "xmin": [shape.x - shape.radius for shape in shapes],
        "xmax": [shape.x + shape.radius + 1 for shape in shapes],
        "ymin": [shape.y - shape.radius for shape in shapes],
        "ymax": [shape.y + shape.radius + 1 for shape in shapes],
    }
    return {
        "image/encoded": [image],
        "image/format": [b"png"],
        "image/filename": [f"{index:03d}.png".encode()],
        "image/source_id": [str(index).encode()],
        "image/height": [IMAGE_SIZE],
        "image/width": [IMAGE_SIZE],
        **{
            f"image/object/bbox/{side}": [pixel / IMAGE_SIZE for pixel in pixels]
            for side, pixels in corners.items()
        },
        "image/object/class/text": [shape.name.encode() for shape in shapes],
        "image/object/class/label": [CLASSES.index(shape.name) + 1 for shape in shapes],
    }


def _shapes(rng: random.Random) -> Iterator[Shape]:
    for name in CLASSES:
        for _ in range(rng.choice(_PER_IMAGE[name])):
            radius = rng.randint(7, 13)
            x, y = (rng.randint(radius, IMAGE_SIZE - radius - 1) for _ in range(2))
            yield Shape(name, x, y, radius)
