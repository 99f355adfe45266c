"""JSON and CSV of counts and weights."""

import csv
import io
import json

from tests.report.datasets import BLOOD_CELLS, PROBLEMS
from tfod_weights.report import counts_csv, counts_json, weights_json
from tfod_weights.weighting import class_weights, given_weights, weights_from_file


def test_counts():
    assert counts_json(BLOOD_CELLS) == {
        "images": 364,
        "objects": 2805,
        "num_classes": 3,
        "classes": [
            {"id": 1, "name": "RBC", "objects": 2382, "images": 300},
            {"id": 2, "name": "WBC", "objects": 214, "images": 287},
            {"id": 3, "name": "Platelets", "objects": 209, "images": 177},
        ],
        "dropped": {},
        "unknown_texts": {},
        "out_of_range_labels": {},
        "truncated_images": 0,
        "inverted_boxes": 0,
        "pixel_boxes": 0,
        "weighted_boxes": 0,
        "files": [],
        "skipped": [],
    }


def test_counts_say_what_is_different():
    document = json.loads(json.dumps(counts_json(PROBLEMS)))
    assert document["classes"][0] == {
        "id": 1,
        "name": "car",
        "objects": 12382,
        "images": 1300,
        "crowd": 12,
        "difficult": 3,
        "dropped": {"x_y": 3},
    }
    assert document["classes"][2]["effective_objects"] == 18.5
    assert document["dropped"] == {"x_y": 3, "z": 1012}
    assert document["out_of_range_labels"] == {"7": 2}
    assert document["files"] == ["a.record", "b.record"]


def test_weights():
    weights = class_weights({1: 100, 3: 20}, scheme="smoothed", normalize="min", max_ratio=4)
    assert weights_json(weights) == {
        "scheme": "smoothed",
        "normalize": "min",
        "parameters": {"smoothing": 0.1, "max_ratio": 4},
        "source": None,
        "ratio": 4,
        "weights": [
            {"id": 1, "name": "1", "objects": 100, "images": None, "weight": 1},
            {"id": 2, "name": None, "objects": None, "images": None, "weight": 1},
            {"id": 3, "name": "3", "objects": 20, "images": None, "weight": 4},
        ],
        "warnings": [
            {
                "kind": "gap",
                "class_ids": [2],
                "message": "1 class id belongs to no class and weighs 1: 2",
            }
        ],
    }
    assert type(weights_json(weights)["weights"][0]["objects"]) is int


def test_weights_of_mixed_inputs_keep_their_fractions():
    rows = weights_json(class_weights(PROBLEMS))["weights"]
    assert [row["objects"] for row in rows] == [12382, 214, 18.5, None, 0, None]
    assert weights_json(given_weights([1]))["weights"][0]["objects"] is None


def test_what_is_printed_can_be_read_back(tmp_path):
    weights = class_weights(PROBLEMS)
    path = tmp_path / "weights.json"
    names = {row.class_id: row.name for row in PROBLEMS.classes}
    for indent in (None, 2):
        path.write_text(json.dumps(weights_json(weights), indent=indent), encoding="utf-8")
        assert weights_from_file(path, names, 6).values == weights.values


def test_csv():
    assert counts_csv(BLOOD_CELLS) == (
        "id,name,objects,images,effective_objects,crowd,difficult,group_of,dropped\n"
        "1,RBC,2382,300,2382,0,0,0,0\n"
        "2,WBC,214,287,214,0,0,0,0\n"
        "3,Platelets,209,177,209,0,0,0,0\n"
    )


def test_csv_keeps_any_name():
    rows = list(csv.DictReader(io.StringIO(counts_csv(PROBLEMS))))
    assert [row["name"] for row in rows] == [row.name for row in PROBLEMS.classes]
    assert rows[0]["dropped"] == "3"
    assert rows[2]["effective_objects"] == "18.5"
