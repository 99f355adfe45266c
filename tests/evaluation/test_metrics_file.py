"""metrics.json: what is written is what is read, and what is none of it is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pycocotools", reason="pycocotools is not installed")

from tests.evaluation.scenes import scene
from tfod_weights.errors import EvaluationError
from tfod_weights.evaluation import (
    evaluate_images,
    evaluation_json,
    load_evaluation,
    metrics_text,
)
from tfod_weights.files import write_atomically


@given(seed=st.integers(0, 10_000))
def test_an_evaluation_survives_its_file(seed, tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("metrics") / "metrics.json"
    evaluation = evaluate_images(scene(seed), training_objects={1: 9, 2: 2, 4: 1})
    write_atomically(path, metrics_text(evaluation))
    assert load_evaluation(path) == evaluation
    assert json.loads(metrics_text(evaluation)) == evaluation_json(evaluation)


def test_a_class_is_a_line() -> None:
    text = metrics_text(evaluate_images(scene(1)))
    line = next(line for line in text.splitlines() if '"name": "clot"' in line)
    assert json.loads(line.rstrip(","))["id"] == 2


@pytest.mark.parametrize(
    "content, problem",
    [
        ("{", "metrics.json:1:2: not JSON: Expecting property name"),
        ("[1, 2]", "this is no metrics.json of `tfod-weights evaluate`"),
        ("{}", "this is no metrics.json of `tfod-weights evaluate`: 'version' is missing"),
        ('{"version": 7}', "metrics of version 7; this program reads 1"),
        ('{"version": 1}', "'images' is missing"),
    ],
)
def test_what_is_no_metrics_file(content, problem, tmp_path) -> None:
    path = tmp_path / "metrics.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        load_evaluation(path)
    assert problem in str(caught.value)
    assert str(path) in str(caught.value)


NAN, INF = float("nan"), float("inf")
CHANGES = [
    # keys of a value, what it becomes, what is said of it
    ("version", True, "metrics of version true"),
    ("images", -1, "images is -1"),
    ("images", 7.5, "images is 7.5"),
    ("images", INF, "images is inf"),
    ("images", 10**30, "images is 1000000000000000000000000000000"),
    ("images", "6", "images is '6'"),
    ("iou", NAN, "iou is nan"),
    ("score_threshold", "x", "score_threshold is 'x'"),
    ("classes", [], "there are no classes"),
    ("classes", {}, "classes is {}"),
    ("classes 0", None, "classes[0] is null"),
    ("classes 0 id", [1], "classes[0].id is [1]"),
    ("classes 0 id", 2, "the class 2 is in it twice"),
    ("classes 0 name", 5, "classes[0].name is 5"),
    ("classes 0 name", None, "classes[0].name is null"),
    ("classes 0 objects", "5", "classes[0].objects is '5'"),
    ("classes 0 images", "x", "classes[0].images is 'x'"),
    ("classes 0 training_objects", NAN, "classes[0].training_objects is nan"),
    ("classes 0 AP", "x", "classes[0].AP is 'x'"),
    ("classes 0 AP", NAN, "classes[0].AP is nan"),
    ("classes 0 AP", INF, "classes[0].AP is inf"),
    ("classes 0 AP", 7.5, "classes[0].AP is 7.5"),
    ("classes 0 at_threshold", "x", "classes[0].at_threshold is 'x'"),
    ("classes 0 at_threshold recall", 2, "classes[0].at_threshold is {"),
    ("classes 0 curve", [[1, 2]], "classes[0].curve[0] is [1, 2]"),
    ("classes 0 curve", [["a", "b", "c"]], "classes[0].curve[0] is no list of numbers"),
    ("classes 0 curve", [[NAN, 0, 0]], "classes[0].curve[0] has a number that is none"),
    ("groups", [], "groups do not begin with all"),
    ("groups 0 name", 3, "groups[0].name is 3"),
    ("groups 0 classes", [77], "groups[0] has a class that is not in classes"),
    ("groups 0 classes", "abc", "groups[0].classes is no list of whole numbers"),
    ("groups 0 AP", NAN, "groups[0].AP is nan"),
    ("coco", None, "coco is null"),
    ("coco AP", "x", "coco.AP is 'x'"),
    ("confusion", [[1, 2]], "confusion[0] is [1, 2]"),
    ("confusion", [[9, 8, 3]], "confusion[0] is [9, 8, 3]"),
    ("confusion", [[1, 2, "x"]], "confusion[0] is no list of whole numbers"),
    ("confusion", [[1, 2, -1]], "confusion[0] has a number that cannot be in it"),
    ("matches", [], "matches is []"),
    ("matches", {"x": {}}, "matches are of a class 'x'"),
    ("matches 1 images", None, "matches.1.images is no list of whole numbers"),
    ("matches 1 scores", ["x"], "matches.1.scores is no list of numbers"),
    ("matches 1 scores", [NAN], "matches.1.scores has a number that is none"),
    ("matches 1 scores", [0.5], "the columns of matches.1 differ in length"),
    ("matches 1 matched", [1024], "matches.1.matched has a number that cannot be in it"),
    ("matches 1 objects", 5, "matches.1.objects is 5"),
    ("matches 1 objects", [[1]], "matches.1.objects[0] is [1]"),
    ("source", [], "source is []"),
    ("source", {"config": 5}, "source.config is 5"),
]


@pytest.mark.parametrize("keys, value, problem", CHANGES)
def test_values_that_cannot_be(keys, value, problem, tmp_path) -> None:
    content = evaluation_json(evaluate_images(scene(1)))
    *outer, last = (int(key) if key.isdecimal() else key for key in keys.split())
    inner = content
    for key in outer:
        inner = inner[str(key) if inner is content["matches"] else key]
    inner[last] = value
    path = tmp_path / "metrics.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        load_evaluation(path)
    assert f": {problem}" in str(caught.value)
    assert "help: " in str(caught.value)


@pytest.mark.parametrize("name", ["half \ud800", "a\x1bb", ""])
def test_any_name_survives_its_file(name, tmp_path) -> None:
    path = tmp_path / "metrics.json"
    evaluation = evaluate_images(scene(1, names={0: name, 1: "clot"}), source={"config": name})
    write_atomically(path, metrics_text(evaluation))
    assert load_evaluation(path) == evaluation


def test_a_mistyped_path(tmp_path) -> None:
    (tmp_path / "metrics.json").touch()
    with pytest.raises(EvaluationError, match=r"did you mean .*metrics\.json\?"):
        load_evaluation(tmp_path / "metric.json")
