"""Made-up data sets of any number of classes, with configs and metrics, for tests of reports."""

from __future__ import annotations

import random
from pathlib import Path

from tests.evaluation.making import made_images
from tfod_weights import generate_config
from tfod_weights.demo.records import encode_example, write_records
from tfod_weights.evaluation import evaluate_images, metrics_text

AWKWARD = ("<b>bold</b>", "salt & pepper", "\"quoted\" 'name'", "$x^2$", "血小板", "a\x1bb")
_LONG = ("Common household", "Agricultural", "Very rarely seen", "Industrial", "Left-handed")
_THINGS = ("bell pepper", "traffic light (horizontal mount)", "screwdriver", "cat", "platelet")


def class_names(number: int, seed: int = 0) -> list[str]:
    """Names of all lengths, each of them once."""
    rng = random.Random(seed)
    return [
        " ".join([*rng.sample(_LONG, rng.randint(0, 2)), rng.choice(_THINGS), str(index)])
        for index in range(1, number + 1)
    ]


def zipf_shares(number: int) -> list[float]:
    """Shares that fall as those of most data sets do."""
    return [1 / rank**1.1 for rank in range(1, number + 1)]


def write_data(folder: Path, names: list[str], images: int = 60, objects: int = 8) -> Path:
    """Write records, a label map and a config with class weights; the config's path."""
    rng = random.Random(1)
    folder.mkdir(parents=True, exist_ok=True)
    items = "".join(
        f"item {{\n  id: {i}\n  name: {_quoted(name)}\n}}\n" for i, name in enumerate(names, 1)
    )
    label_map, records = folder / "label_map.pbtxt", folder / "train.record"
    label_map.write_text(items, encoding="utf-8")
    chosen = [
        rng.choices(range(len(names)), zipf_shares(len(names)), k=rng.randint(1, 2 * objects))
        for _ in range(images)
    ]
    write_records(records, [_example([names[c] for c in classes]) for classes in chosen])
    config = folder / "pipeline.config"
    generated = generate_config("ssd-tiny", label_map=label_map, train=records, val=records)
    generated.write(config)
    return config


def write_metrics(
    path: Path, names: list[str], *, quality: float, seed: int = 0, images: int = 40
) -> Path:
    """Write the metrics of a model of some quality."""
    found = made_images(
        images, quality=quality, names=names, shares=zipf_shares(len(names)), objects=8, seed=seed
    )
    path.write_text(metrics_text(evaluate_images(found)), encoding="utf-8")
    return path


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\x1b", "\\033")
    return f'"{escaped}"'


def _example(texts: list[str]) -> bytes:
    sides = {"xmin": 0.1, "ymin": 0.1, "xmax": 0.5, "ymax": 0.5}
    return encode_example(
        {
            "image/encoded": [b""],
            "image/format": [b"png"],
            "image/height": [64],
            "image/width": [64],
            **{f"image/object/bbox/{side}": [at] * len(texts) for side, at in sides.items()},
            "image/object/class/text": [text.encode() for text in texts],
        }
    )
