"""Detections and ground truth from COCO's JSON files."""

from __future__ import annotations

import json
import random

import pytest

pytest.importorskip("pycocotools", reason="pycocotools is not installed")

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

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


def test_images_come_in_the_order_of_their_ids(write) -> None:
    ids = [10, "b", 2.0, "a", -1]
    images = [{"id": image_id} for image_id in ids]
    paths = write({**GROUNDTRUTH, "images": images, "annotations": []}, [])
    assert load_coco(*paths).image_ids == [-1, 2, 10, "a", "b"]


def test_a_caption_is_no_object(write) -> None:
    annotations = [{"id": 1, "image_id": 7, "caption": "two cells"}]
    assert load_coco(*write({**GROUNDTRUTH, "annotations": annotations})).objects == []


def test_a_byte_order_mark_is_no_error(write) -> None:
    paths = write()
    before = load_coco(*paths)
    for path in paths:
        path.write_text("\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_coco(*paths) == before


def coco_json(images):
    """Images as the content of COCO's two files."""
    groundtruth = {
        "info": {},
        "images": [{"id": image_id} for image_id in images.image_ids],
        "categories": [{"id": i, "name": name} for i, name in images.names.items()],
        "annotations": [
            {
                "id": number,
                "image_id": one.image_id,
                "category_id": one.class_id,
                "bbox": one.box,
                "area": one.area,
                "iscrowd": int(one.is_crowd),
            }
            for number, one in enumerate(images.objects, start=1)
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
    return groundtruth, detections


def test_files_give_the_same_metrics_as_images(write) -> None:
    images = scene(3)
    instances, results = write(*coco_json(images))
    evaluation = evaluate_detections(results, instances)
    assert evaluation.classes == evaluate_images(images).classes
    assert evaluation.source == {"detections": str(results), "groundtruth": str(instances)}


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_images_in_the_file_changes_nothing(seed, write) -> None:
    """Their AP is pycocotools' of the same files: of equal scores the lower image id is first."""
    groundtruth, detections = coco_json(scene(seed, 10))
    sorted_files = evaluate_detections(*reversed(write(groundtruth, detections)))
    random.Random(seed).shuffle(groundtruth["images"])
    instances, results = write(groundtruth, detections)
    shuffled = evaluate_detections(results, instances)
    assert shuffled == sorted_files
    groundtruth = COCO(instances)
    theirs = COCOeval(groundtruth, groundtruth.loadRes(str(results)), "bbox")
    theirs.evaluate()
    theirs.accumulate()
    for k, row in enumerate(shuffled.classes):
        precision = theirs.eval["precision"][:, :, k, 0, -1]
        assert (-1 if row.ap is None else row.ap) == pytest.approx(precision.mean(), abs=1e-12)


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
                (("images", 1, "id", None), "image 2: its id is null"),
                (("images", 1, "id", True), "image 2: its id is true"),
                (("images", 1, "id", 1.5), "image 2: its id is 1.5"),
                (("images", 1, "id", 7), "two images have the same id"),
                (("images", 1, "id", 7.0), "two images have the same id"),
                (("categories", 1, "id", 1), "two categories have the id 1"),
                (("categories", 1, "id", -1), "category 2: its id is -1, below 0"),
                (("categories", 1, "id", 2**64), "category 2: its id is 18446744073709551616"),
                (("categories", 1, "name", None), "category 2: its name is null"),
                (("categories", 1, "name", ["a"]), "category 2: its name is ['a']"),
                (
                    ("annotations", 0, {"image_id": 7, "category_id": 1, "segmentation": []}),
                    "annotation 1: it has no bbox",
                ),
                (
                    ("annotations", 0, {"image_id": 7, "category_id": 1, "keypoints": []}),
                    "annotation 1: it has no bbox",
                ),
                (("annotations", 1, "bbox", None), "annotation 2: its box is null"),
                (("annotations", 1, "iscrowd", "0"), "annotation 2: its iscrowd is '0'"),
                (("annotations", 0, "area", None), "annotation 1: its area is null"),
                (("annotations", 0, "area", -5), "annotation 1: its area is -5"),
                (
                    ("annotations", 1, "category_id", float("inf")),
                    "annotation 2: its category_id is inf",
                ),
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
                ("image_id", [7], "detection 1: its image_id is [7]"),
                ("category_id", 1.7, "detection 1: its category_id is 1.7"),
                ("category_id", True, "detection 1: its category_id is true"),
                ("bbox", [1, 2, 3], "detection 1: its box is [1, 2, 3]"),
                ("bbox", [1, 2, -3, 4], "detection 1: its box is [1, 2, -3, 4]"),
                ("bbox", "1234", "detection 1: its box is '1234'"),
                ("bbox", [0, 0, "9", 9], "detection 1: a number of its box is '9'"),
                ("bbox", [0, 0, 10**400, 9], "detection 1: a number of its box is 1000"),
                ("bbox", [0, 0, 1e308, 1e308], "detection 1: its box is [0, 0, 1e+308, 1e+308]"),
                ("score", float("nan"), "detection 1: its score is nan"),
                ("score", 10**400, "detection 1: its score is 1000"),
                ("score", "0.9", "detection 1: its score is '0.9'"),
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


@pytest.mark.parametrize(
    "text, problem",
    [
        ("[" * 100_000, "it is nested too deeply"),
        ("[" + "1" * 5000 + "]", "a number in it has too many digits"),
    ],
)
def test_json_that_python_does_not_read(text, problem, write) -> None:
    instances, results = write()
    results.write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationError, match=problem) as caught:
        load_coco(instances, results)
    assert "help: " in str(caught.value)
