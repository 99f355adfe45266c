"""Detections and ground truth from COCO's JSON files."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("pycocotools", reason="pycocotools is not installed")

from tests.evaluation.scenes import scene
from tfod_weights import evaluate_detections
from tfod_weights.errors import EvaluationError
from tfod_weights.evaluation import evaluate_images, load_coco

GROUNDTRUTH = {
    "images": [{"id": 7}, {"id": "b.jpg"}],
    "categories": [{"id": 1, "name": "cell"}, {"id": 3, "name": "clot"}],
    "annotations": [
        {"id": 1, "image_id": 7, "category_id": 1, "bbox": [0, 0, 10, 10], "area": 80},
        {"id": 2, "image_id": "b.jpg", "category_id": 3, "bbox": [5, 5, 10, 10], "iscrowd": 1},
    ],
}
DETECTIONS = [{"image_id": 7, "category_id": 1, "bbox": [0, 0, 10, 9], "score": 0.75}]


@pytest.fixture
def write(tmp_path):
    """Write the two files; gives their paths."""

    def write(groundtruth=GROUNDTRUTH, detections=DETECTIONS):
        paths = tmp_path / "instances.json", tmp_path / "results.json"
        for path, content in zip(paths, (groundtruth, detections)):
            path.write_text(json.dumps(content), encoding="utf-8")
        return paths

    return write


def test_what_is_read(write) -> None:
    images = load_coco(*write())
    assert images.names == {1: "cell", 3: "clot"}
    assert images.image_ids == [7, "b.jpg"]
    assert images.objects == [
        (7, 1, (0, 0, 10, 10), 80, False),
        ("b.jpg", 3, (5, 5, 10, 10), 100, True),
    ]
    assert images.detections == [(7, 1, (0, 0, 10, 9), 0.75)]


def test_files_give_the_same_metrics_as_images(write) -> None:
    images = scene(3)
    groundtruth = {
        "images": [{"id": image_id} for image_id in images.image_ids],
        "categories": [{"id": i, "name": name} for i, name in images.names.items()],
        "annotations": [
            {
                "image_id": one.image_id,
                "category_id": one.class_id,
                "bbox": one.box,
                "area": one.area,
                "iscrowd": int(one.is_crowd),
            }
            for one in images.objects
        ],
    }
    detections = [
        {
            "image_id": one.image_id,
            "category_id": one.class_id,
            "bbox": one.box,
            "score": one.score,
        }
        for one in images.detections
    ]
    instances, results = write(groundtruth, detections)
    evaluation = evaluate_detections(results, instances)
    assert evaluation.classes == evaluate_images(images).classes
    assert evaluation.source == {"detections": str(results), "groundtruth": str(instances)}


def changed(content, *place_and_value):
    """A copy of JSON with one value replaced."""
    *place, last, value = place_and_value
    copy = json.loads(json.dumps(content))
    inner = copy
    for key in place:
        inner = inner[key]
    inner[last] = value
    return copy


@pytest.mark.parametrize(
    "groundtruth, detections, file, problem",
    [
        ({"images": []}, DETECTIONS, "instances", "it has no list of categories"),
        ([], DETECTIONS, "instances", "it has no list of categories"),
        *[
            (changed(GROUNDTRUTH, *change), DETECTIONS, "instances", problem)
            for change, problem in [
                (("categories", []), "it has no categories"),
                (("images", {}), "it has no list of images"),
                (("images", 1, 8), "image 2 is 8"),
                (("images", 1, "id", []), "image 2: its id is []"),
                (("images", 1, "id", 7), "two images have the same id"),
                (
                    ("annotations", 1, "category_id", 2),
                    "annotation 2: the ground truth has no category 2",
                ),
            ]
        ],
        (GROUNDTRUTH, {"results": []}, "results", "it is no list"),
        (GROUNDTRUTH, [{"image_id": 7}], "results", "detection 1 has no 'score'"),
        *[
            (GROUNDTRUTH, changed(DETECTIONS, 0, key, value), "results", problem)
            for key, value, problem in [
                ("image_id", "7", "detection 1: the ground truth has no image '7'"),
                ("image_id", [7], "detection 1: unhashable type: 'list'"),
                ("bbox", [1, 2, 3], "detection 1: its box is [1, 2, 3]"),
                ("bbox", [1, 2, -3, 4], "detection 1: its box is [1, 2, -3, 4]"),
                ("score", float("nan"), "detection 1: its score is nan"),
            ]
        ],
    ],
)
def test_what_does_not_fit(groundtruth, detections, file, problem, write) -> None:
    instances, results = write(groundtruth, detections)
    with pytest.raises(EvaluationError) as caught:
        load_coco(instances, results)
    assert problem in str(caught.value)
    assert f"{file}.json" in str(caught.value)
    assert "help: " in str(caught.value)
