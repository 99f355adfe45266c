"""Made-up images with detections as a model might make them, for all tests of evaluations."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

import pytest

from tfod_weights.evaluation import (
    DetectedImages,
    Detection,
    Evaluation,
    GroundtruthObject,
    evaluate_images,
    metrics_text,
)

SIZE = 300.0  # pixels, of a square image
CLASSES = ("circle", "square", "triangle")
SHARES = (0.8, 0.13, 0.07)


def require_pycocotools() -> None:
    """Skip the tests of a file where the extra `metrics` is not installed."""
    for name in ("numpy", "pycocotools"):
        pytest.importorskip(name, reason="pip install 'tfod-weights[metrics]'")


def made_images(
    images: int = 40,
    *,
    quality: float = 0.7,
    qualities: Optional[dict[int, float]] = None,
    names: Sequence[str] = CLASSES,
    shares: Sequence[float] = SHARES,
    objects: int = 5,
    crowds: float = 0.0,
    seed: int = 0,
    groundtruth_seed: int = 0,
) -> DetectedImages:
    """Objects, and what a model of some quality detects of them.

    Args:
        images: How many.
        quality: From 0 to 1: how many objects are found, how well boxes fit, how much scores
            tell right from wrong.
        qualities: class_id -> quality, where it is another.
        names: Of the classes, with class_ids from 1.
        shares: Of the classes among the objects.
        objects: Per image, about.
        crowds: Share of the objects that are crowds.
        seed: Of the detections: another training.
        groundtruth_seed: Of the objects: other images.
    """
    truth = random.Random(f"truth {groundtruth_seed}")
    ids = range(1, len(names) + 1)
    found = [
        _object(truth, image, truth.choices(ids, shares)[0], crowds)
        for image in range(images)
        for _ in range(truth.randint(0, 2 * objects))
    ]
    model = random.Random(f"model {seed}")
    known = {class_id: (qualities or {}).get(class_id, quality) for class_id in ids}
    detections = [
        detection for one in found for detection in _detections(model, one, known[one.class_id])
    ]
    for image in range(images):
        for _ in range(model.randint(0, 3)):
            class_id = model.choices(ids, shares)[0]
            box = _box(model)
            score = round(model.betavariate(1, 1 + 3 * known[class_id]), 6)
            detections.append(Detection(image, class_id, box, score))
    return DetectedImages(
        dict(zip(ids, names)), [*range(images)], found, sorted(detections, key=lambda d: -d.score)
    )


def made_evaluation(images: int = 40, *, score_threshold: float = 0.5, **how: object) -> Evaluation:
    """The evaluation of made-up images."""
    made = made_images(images, **how)  # type: ignore[arg-type]
    return evaluate_images(made, score_threshold=score_threshold)


def _object(truth: random.Random, image: int, class_id: int, crowds: float) -> GroundtruthObject:
    box = _box(truth)
    return GroundtruthObject(image, class_id, box, box[2] * box[3], truth.random() < crowds)


def _box(source: random.Random) -> tuple[float, float, float, float]:
    width, height = source.uniform(20, 90), source.uniform(20, 90)
    return source.uniform(0, SIZE - width), source.uniform(0, SIZE - height), width, height


def _detections(model: random.Random, one: GroundtruthObject, quality: float) -> list[Detection]:
    """What is seen of an object: nothing, a box, or two."""
    seen = []
    for chance in (0.4 + 0.6 * quality, 0.1):
        if model.random() < chance:
            x, y, width, height = one.box
            blur = 0.25 * (1 - quality) + 0.02
            box = (
                x + model.gauss(0, blur) * width,
                y + model.gauss(0, blur) * height,
                width * 2 ** model.gauss(0, blur),
                height * 2 ** model.gauss(0, blur),
            )
            score = round(model.betavariate(1 + 4 * quality, 2), 6)
            seen.append(Detection(one.image_id, one.class_id, box, score))
    return seen


def write_runs(folder: Path) -> Path:
    """Two runs of three seeds, `stock` and `weighted`: the second finds more triangles."""
    runs = {"stock": {2: 0.45, 3: 0.4}, "weighted": {2: 0.5, 3: 0.65}}
    for number, (name, qualities) in enumerate(runs.items()):
        (folder / name).mkdir()
        for seed in range(3):
            model = {"quality": 0.55, "qualities": qualities, "seed": 10 * number + seed}
            evaluation = made_evaluation(80, **model)
            (folder / name / f"seed{seed}.json").write_text(metrics_text(evaluation))
    (folder / "other.json").write_text(metrics_text(made_evaluation(10)))
    (folder / "empty.json").write_text("")
    return folder
