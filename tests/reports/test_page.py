"""The page: whole, self-contained, escaped, and honest about what it lacks."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.evaluation.making import made_images
from tests.reports.conftest import MadeUp
from tests.reports.pages import parsed_page
from tfod_weights import load_evaluation, patch_config, report_config
from tfod_weights.cli import main
from tfod_weights.evaluation import evaluate_images, metrics_text
from tfod_weights.overview import config_overview

OF_CONFIG = ["classes", "weights", "forecast", "dropped", "table", "findings"]
OF_METRICS = ["metrics", "curves", "confusion"]


@pytest.mark.parametrize("size", ["few", "many"])
def test_a_page_is_well_formed_and_needs_nothing_else(
    size: str, request: pytest.FixtureRequest
) -> None:
    html = request.getfixturevalue(size).report.html
    page = parsed_page(html)
    assert page.problems == []
    assert [id for id, number in page.ids.items() if number > 1] == []
    assert [link for link in page.links if not link.startswith("#")] == []
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert not re.search(r"@import|url\((?!#)", html)
    assert not page.tags.keys() & {"link", "img", "iframe", "object", "embed", "audio", "video"}
    assert html.startswith('<!DOCTYPE html>\n<html lang="en">')


@pytest.mark.parametrize("size", ["few", "many"])
def test_every_section_is_there_in_its_order(size: str, request: pytest.FixtureRequest) -> None:
    page = parsed_page(request.getfixturevalue(size).report.html)
    assert list(page.sections) == [*OF_CONFIG, *OF_METRICS, "diff"]
    assert page.headings[0] == "Class weights report"


def test_names_are_escaped_wherever_they_stand(few: MadeUp) -> None:
    page = parsed_page(few.report.html)
    assert "b" not in page.tags.keys() - {"b"} and "<b>bold" not in few.report.html
    assert "<b>bold</b>" in page.sections["table"]
    assert "salt & pepper" in page.sections["metrics"]
    assert "\"quoted\" 'name'" in page.sections["confusion"]
    assert "a\\x1bb" in page.text and "\x1b" not in few.report.html


def test_text_of_figures_is_text(few: MadeUp) -> None:
    curves = parsed_page(few.report.html).sections["curves"]
    assert {"$x^2$", "血小板", "salt & pepper", "precision"} <= set(
        curves.split("\n") + re.split(r"\s{2,}|\n", curves)
    )


def test_the_verdict_comes_first(few: MadeUp) -> None:
    page = parsed_page(few.report.html)
    before, after = (load_evaluation(path).groups[0].ap for path in few.metrics)
    assert before is not None and after is not None
    step = f"mAP {before:.3f} → {after:.3f}".replace("0.", ".")
    assert step in page.text.split("Classes in the training records")[0]
    assert "95% interval" in page.text


def test_the_same_input_gives_the_same_bytes(few: MadeUp) -> None:
    assert report_config(few.config, few.metrics).html == few.report.html


def test_the_intervals_are_those_asked_for(few: MadeUp) -> None:
    settings = {"resamples": 123, "seed": 7, "confidence": 0.8}
    page = parsed_page(report_config(few.config, few.metrics, **settings).html)
    assert "80% interval" in page.text
    assert "from 123 draws" in page.text


def test_one_metrics_file_has_metrics_and_no_verdict(few: MadeUp) -> None:
    page = parsed_page(report_config(few.config, few.metrics[:1]).html)
    assert list(page.sections) == [*OF_CONFIG, *OF_METRICS, "diff"]
    assert "AP75" in page.sections["metrics"] and "change" not in page.sections["metrics"]
    assert "interval" not in page.text


def test_three_runs_are_called_by_their_files(few: MadeUp, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.json" for name in ("none", "sqrt", "inverse")]
    for path, source in zip(paths, (*few.metrics, few.metrics[0])):
        shutil.copy(source, path)
    page = parsed_page(report_config(few.config, paths).html)
    assert all(f"AP {path.stem}" in page.sections["metrics"] for path in paths)
    assert "change inverse" in page.sections["metrics"]


def test_groups_are_those_of_the_first_run(few: MadeUp, tmp_path: Path) -> None:
    counts = ([900, 90, 80, 70, 5, 5], [5, 5, 70, 80, 90, 900])
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    for path, numbers, quality in zip(paths, counts, (0.4, 0.8)):
        images = made_images(40, quality=quality, names=few.names, shares=[1] * 6, objects=8)
        found = evaluate_images(images, training_objects=dict(enumerate(numbers, start=1)))
        path.write_text(metrics_text(found), encoding="utf-8")
    overview = config_overview(few.config, paths)
    for group, change in zip(overview.runs[0].first.groups, overview.comparisons[0].groups):
        for run, value in zip(
            overview.runs, (change.changes["AP"].before, change.changes["AP"].after)
        ):
            assert run.of_group(group, "AP") == pytest.approx(value)
    page = parsed_page(report_config(few.config, paths).html)
    note = f"Groups are those of {paths[0]}; {paths[1]} was trained on other counts"
    assert note in page.sections["metrics"]
    page = parsed_page(few.report.html)
    assert "Groups are those of" not in page.sections["metrics"]


@pytest.mark.parametrize("classes", [1, 6])
@pytest.mark.parametrize(
    "changed",
    [
        {"AP": None, "AP50": None, "AP75": None},
        {"AP": 0.0, "AP50": 0.0},
        {"at_threshold": None, "best": None, "roc_auc": None},
        {"curve": []},
        {"training_objects": 0},
        {"confusion": []},
    ],
    ids=str,
)
@pytest.mark.filterwarnings("error")
def test_metrics_that_lack_something_are_a_page(
    changed: dict[str, object], classes: int, demo_folder: Path, few: MadeUp
) -> None:
    shutil.rmtree(demo_folder / "data")
    content = json.loads(few.metrics[0].read_text(encoding="utf-8"))
    content["classes"] = content["classes"][:classes]
    for group in content["groups"]:
        group["classes"] = [one for one in group["classes"] if one <= classes]
    content["confusion"] = [cell for cell in content["confusion"] if max(cell[:2]) <= classes]
    for place in (content, *content["classes"], *content["groups"]):
        place.update({name: value for name, value in changed.items() if name in place})
    Path("a.json").write_text(json.dumps(content), encoding="utf-8")
    page = parsed_page(report_config(demo_folder / "pipeline.config", ["a.json"]).html)
    assert page.problems == [] and set(OF_METRICS) <= page.sections.keys()


def test_without_metrics_it_says_how_to_make_them(few: MadeUp) -> None:
    page = parsed_page(report_config(few.config).html)
    assert list(page.sections) == [*OF_CONFIG, "diff"]
    assert "No metrics were given. Make them: tfod-weights evaluate" in page.text


def test_without_records_the_rest_is_there(demo_folder: Path) -> None:
    config = demo_folder / "pipeline.config"
    patch_config(config, [1, 5, 5]).write()
    shutil.rmtree(demo_folder / "data")
    page = parsed_page(report_config(config).html)
    assert list(page.sections) == ["weights", "table", "findings", "diff"]
    assert "Records not counted:" in page.text and "no such file" in page.text
    assert "classification weight" in page.sections["table"]
    assert "class_weights: [1.0, 5.0, 5.0]" in page.sections["diff"]


def test_a_config_as_stock_tfod_reads_it(demo_folder: Path) -> None:
    page = parsed_page(report_config(demo_folder / "pipeline.config").html)
    assert "The config has no class weights." in page.sections["weights"]
    assert "Nothing: the config is as stock TFOD reads it." in page.sections["diff"]


def test_what_is_dropped_and_why(demo_folder: Path) -> None:
    label_map = demo_folder / "data" / "label_map.pbtxt"
    label_map.write_text(label_map.read_text().replace("circle", "<ring>"))
    page = parsed_page(report_config(demo_folder / "pipeline.config").html)
    assert "TFOD drops 285 boxes of 318." in page.sections["dropped"]
    assert "the class text is not in the label map" in page.sections["dropped"]
    assert "circle" in page.sections["dropped"]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--sampling", "mean"], "Images are drawn by the mean of their objects' weights"),
        (["--per-batch"], "Weights are computed from the objects of each batch"),
        (["--start-step", "100"], "Weights begin at step 100"),
    ],
)
def test_other_ways_to_balance(option: list[str], said: str, demo_folder: Path) -> None:
    config = demo_folder / "pipeline.config"
    assert main(["patch", str(config), *option]) == 0
    assert said in parsed_page(report_config(config).html).text


def test_many_classes_are_a_table_with_a_row_each(many: MadeUp) -> None:
    page = parsed_page(many.report.html)
    assert all(name in page.sections["table"] for name in many.names)
    assert "601 classes, the most frequent first" in page.sections["classes"]
    assert len(many.report.html) < 1_500_000
