"""What is known of a config and its models, and what is missing and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.reports.conftest import MadeUp
from tfod_weights import load_evaluation, patch_config, report_config
from tfod_weights.cli import main
from tfod_weights.errors import EvaluationError, TextFormatError
from tfod_weights.evaluated_runs import load_runs
from tfod_weights.figures.confusion import Pair, worst_pairs
from tfod_weights.overview import FORECAST, METRICS, RECORDS, config_overview
from tfod_weights.progress import Progress

CONFIG = "demo/pipeline.config"


@pytest.mark.usefixtures("demo_folder")
def test_all_of_a_config() -> None:
    assert main(["patch", CONFIG, "--sampling", "max"]) == 0
    overview = config_overview(CONFIG)
    assert overview.counts is not None and overview.forecast is not None
    assert overview.counts.objects == 318
    assert overview.sampling is not None and overview.sampling.aggregation == "MAX"
    assert [one.kind for one in overview.weights] == ["classification", "localization", "sampling"]
    assert overview.weights[0].provenance["scheme"] == "sqrt"
    assert overview.weights[0].values == pytest.approx(
        [row.weights["classification"] for row in overview.forecast.classes]
    )
    assert [row.drawn_share for row in overview.forecast.classes] != [
        row.share for row in overview.forecast.classes
    ]
    assert [one.what for one in overview.missing] == [METRICS]
    assert "+          class_weights: [" in overview.diff


@pytest.mark.parametrize(
    ("before", "after", "missing", "why"),
    [
        ("train.record-?????", "trian.record-?????", [METRICS, RECORDS], "matches this pattern"),
        ("label_map.pbtxt", "labels.pbtxt", [METRICS, RECORDS], "demo/data/labels.pbtxt: no such"),
        ("num_classes: 3", "num_classes: 4", [METRICS, FORECAST], "3 weights for num_classes: 4"),
        ("num_classes: 3", "num_clases: 3", [METRICS, RECORDS], "num_clases"),
        ("ssd {", "context_rcnn {", [METRICS, RECORDS], "context_rcnn"),
    ],
)
@pytest.mark.usefixtures("demo_folder")
def test_what_cannot_be_known_is_missing_with_a_reason(
    before: str, after: str, missing: list[str], why: str
) -> None:
    patch_config(CONFIG, [1, 2, 3]).write()
    text = Path(CONFIG).read_text(encoding="utf-8")
    assert before in text
    Path(CONFIG).write_text(text.replace(before, after), encoding="utf-8")
    overview = config_overview(CONFIG)
    assert [one.what for one in overview.missing] == missing
    assert why in overview.missing[-1].why
    assert overview.findings


@pytest.mark.usefixtures("demo_folder")
def test_a_config_that_does_not_parse_is_an_error() -> None:
    Path(CONFIG).write_text("model { ssd {", encoding="utf-8")
    with pytest.raises(TextFormatError):
        config_overview(CONFIG)


def test_several_trainings_are_one_run(few: MadeUp) -> None:
    run, *others = load_runs([",".join(map(str, few.metrics))])
    evaluations = [load_evaluation(path) for path in few.metrics]
    assert not others and run.name == "" and list(run.evaluations) == evaluations
    aps = [evaluation.classes[0].ap or 0.0 for evaluation in evaluations]
    assert run.of_class(1, "AP") == pytest.approx(sum(aps) / 2)
    points = [evaluation.classes[0].at_threshold for evaluation in evaluations]
    assert run.of_class(1, "recall") == pytest.approx(sum(one.recall for one in points if one) / 2)
    assert run.of_group("all", "F1") == pytest.approx(
        sum(evaluation.groups[0].f1 or 0.0 for evaluation in evaluations) / 2
    )
    right = [cell.number for one in evaluations for cell in one.confusion if cell[:2] == (1, 1)]
    assert run.confusion()[1, 1] == sum(right)


def test_runs_on_other_images_cannot_be_compared(few: MadeUp, many: MadeUp) -> None:
    paths = [str(few.metrics[0]), str(many.metrics[0])]
    for sources in (paths, [",".join(paths)]):
        with pytest.raises(EvaluationError, match="not evaluations of the same images"):
            load_runs(sources)


def test_work_is_told_stage_by_stage(few: MadeUp) -> None:
    told: dict[tuple[str, str], list[tuple[int, int]]] = {}

    @contextmanager
    def stages(description: str, unit: str) -> Iterator[Progress]:
        calls = told.setdefault((description, unit), [])
        yield lambda done, total: calls.append((done, total))

    report_config(few.config, few.metrics, stages=stages)
    assert list(told) == [
        ("counting", "bytes"),
        ("checking", "bytes"),
        ("comparing", "parts"),
        ("drawing", "figures"),
    ]
    for calls in told.values():
        assert calls[-1][0] == calls[-1][1] > 0


def test_the_worst_pairs_are_of_two_classes() -> None:
    cells = {(1, 1): 6, (1, 2): 2, (2, 1): 3, (1, 0): 2, (0, 1): 9}
    assert worst_pairs(cells) == [Pair(2, 1, 3, 1.0), Pair(1, 2, 2, 0.2)]
