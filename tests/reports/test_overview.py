"""What is known of a config and its models, and what is missing and why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.evaluation.making import made_evaluation
from tests.reports.conftest import MadeUp
from tests.reports.pages import parsed_page
from tfod_weights import load_evaluation, patch_config, report_config
from tfod_weights.cli import main
from tfod_weights.errors import EvaluationError, TextFormatError
from tfod_weights.evaluated_runs import NamedRun, load_runs
from tfod_weights.evaluation import metrics_text
from tfod_weights.evaluation.result import Confusion
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
    assert run.of_group(evaluations[0].groups[0], "F1") == pytest.approx(
        sum(evaluation.groups[0].f1 or 0.0 for evaluation in evaluations) / 2
    )
    right = [cell.number for one in evaluations for cell in one.confusion if cell[:2] == (1, 1)]
    assert run.confusion()[1, 1] == sum(right)


def test_confusion_of_several_trainings_is_summed_with_what_none_detected() -> None:
    nothing = -1  # 0 is a class here
    evaluation = replace(
        made_evaluation(10), confusion=(Confusion(0, 0, 5), Confusion(0, nothing, 2))
    )
    run = NamedRun("", "a.json", (evaluation, evaluation))
    assert run.confusion() == {(0, 0): 10, (0, nothing): 4}


def test_runs_on_other_images_cannot_be_compared(few: MadeUp, many: MadeUp) -> None:
    paths = [str(few.metrics[0]), str(many.metrics[0])]
    for sources in (paths, [",".join(paths)]):
        with pytest.raises(EvaluationError, match="not evaluations of the same images"):
            load_runs(sources)


def renamed(metrics: Path, to: Path, names: list[str]) -> Path:
    """A copy of metrics whose classes are called otherwise."""
    content = json.loads(metrics.read_text(encoding="utf-8"))
    for row, name in zip(content["classes"], names):
        row["name"] = name
    to.write_text(json.dumps(content), encoding="utf-8")
    return to


@pytest.mark.parametrize("without", ["nothing", "label map", "records"])
@pytest.mark.usefixtures("demo_folder")
def test_metrics_of_another_label_map_are_refused(without: str) -> None:
    if without == "label map":  # the records hold the names, too
        text = Path(CONFIG).read_text(encoding="utf-8")
        Path(CONFIG).write_text(re.sub("label_map_path: .*", "", text), encoding="utf-8")
    if without == "records":
        for path in Path("demo/data").glob("*record*"):
            path.unlink()
    evaluation = made_evaluation(10, names=["circle", "triangle", "square"])
    Path("a.json").write_text(metrics_text(evaluation), encoding="utf-8")
    for metrics in (["a.json"], ["a.json", "a.json"]):
        with pytest.raises(EvaluationError) as caught:
            config_overview(CONFIG, metrics)
        assert str(caught.value) == (
            f"a.json: class 2 is 'triangle' here and 'square' in {CONFIG}\n"
            "help: name the config of these models, or evaluate them again with its label map"
        )


@pytest.mark.parametrize("absent", ["", "id"])
def test_classes_without_a_name_in_metrics_have_that_of_the_config(
    absent: str, few: MadeUp, tmp_path: Path
) -> None:
    names = [str(i) if absent == "id" else absent for i in range(1, 1 + len(few.names))]
    metrics = renamed(few.metrics[0], tmp_path / "a.json", names)
    assert list(config_overview(few.config, [metrics]).names.values()) == few.names
    page = parsed_page(report_config(few.config, [metrics]).html)
    for section in ("metrics", "curves", "confusion"):
        assert all(name in page.sections[section] for name in few.names[:5]), section


@pytest.mark.usefixtures("demo_folder")
def test_a_class_may_be_called_by_its_name_or_its_display_name(few: MadeUp) -> None:
    label_map = Path("demo/data/label_map.pbtxt")
    names = {"circle": "/m/1", "square": "/m/2", "triangle": "/m/3"}
    for shown, name in names.items():
        text = label_map.read_text().replace(f"'{shown}'", f"'{name}' display_name: '{shown}'")
        label_map.write_text(text.replace(f'"{shown}"', f'"{name}" display_name: "{shown}"'))
    Path("shown.json").write_text(metrics_text(made_evaluation(10, names=[*names])))
    Path("named.json").write_text(metrics_text(made_evaluation(10, names=[*names.values()])))
    for metrics in ("shown.json", "named.json"):
        assert config_overview(CONFIG, [metrics]).names == dict(enumerate(names, start=1))


def test_without_label_map_and_records_metrics_tell_the_names(few: MadeUp, tmp_path: Path) -> None:
    config = tmp_path / "pipeline.config"
    text = few.config.read_text(encoding="utf-8")
    config.write_text(text.replace(str(few.config.parent), str(tmp_path / "no")), encoding="utf-8")
    metrics = renamed(few.metrics[0], tmp_path / "a.json", ["any", "other", "names"])
    assert list(config_overview(config, [metrics]).names.values())[:3] == ["any", "other", "names"]


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
    cells = {(1, 1): 6, (1, 2): 2, (2, 1): 3, (1, 0): 2, (0, 1): 9, (3, 1): 0}
    assert worst_pairs(cells, [1, 2]) == [Pair(2, 1, 3, 1.0), Pair(1, 2, 2, 0.2)]
