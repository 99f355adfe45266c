"""The table of metrics per class."""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("pycocotools", reason="pycocotools is not installed")

from tests.evaluation.scenes import scene
from tests.report.test_tables import shown
from tfod_weights.evaluation import (
    DetectedImages,
    Detection,
    GroundtruthObject,
    evaluate_images,
)
from tfod_weights.report import evaluation_table

NAMES = {1: "red blood cell", 2: "white blood cell", 3: "platelet", 4: "parasite"}
EVALUATION = evaluate_images(scene(5, 20, names=NAMES))


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_the_table_fits(width) -> None:
    text = shown(evaluation_table(EVALUATION), width)
    head, rule, *rows = text.splitlines()[:6]
    assert max(map(len, (head, rule, *rows))) <= width
    assert ("AUC" in head) == (width >= 80)
    assert {"AP", "F1"} <= set(head.split())


def test_a_class_without_objects_has_dashes() -> None:
    images = replace(scene(5, names=NAMES), names={**NAMES, 9: "yeast"})
    text = shown(evaluation_table(evaluate_images(images)), 100)
    row = next(line for line in text.splitlines() if "yeast" in line)
    assert row.split() == ["9", "yeast", "0", *["–"] * 9]
    assert "2 classes without objects in these images, left out of means" in text


def test_scores_of_any_size_and_a_class_of_id_0() -> None:
    box, other = (0.0, 0.0, 10.0, 10.0), (50.0, 0.0, 10.0, 10.0)
    images = DetectedImages(
        {0: "zero", 1: "one"},
        [1],
        [GroundtruthObject(1, 0, box, 100.0), GroundtruthObject(1, 1, other, 100.0)],
        [Detection(1, 0, box, 90.0), Detection(1, 0, other, 70.5)],
    )
    text = shown(evaluation_table(evaluate_images(images)), 200)
    row = next(line for line in text.splitlines() if "zero" in line)
    assert "90.000" in row.split()
    assert "most often confused: one taken for zero (1)" in text
