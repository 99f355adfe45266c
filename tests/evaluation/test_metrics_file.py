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


@given(seed=st.integers(0, 10_000))
def test_an_evaluation_survives_its_file(seed, tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("metrics") / "metrics.json"
    evaluation = evaluate_images(scene(seed), training_objects={1: 9, 2: 2, 4: 1})
    path.write_text(metrics_text(evaluation), encoding="utf-8")
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


def test_a_mistyped_path(tmp_path) -> None:
    (tmp_path / "metrics.json").touch()
    with pytest.raises(EvaluationError, match=r"did you mean .*metrics\.json\?"):
        load_evaluation(tmp_path / "metric.json")
