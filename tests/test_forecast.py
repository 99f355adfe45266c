"""Forecasts: shares by hand, the table, and what cannot be forecast."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.checking.cases.inputs import sampled
from tests.checking.making import CONFIG, Make, both, config, record, weighted
from tests.cli.test_commands import run
from tfod_weights import forecast_config
from tfod_weights.errors import ConfigError, TfodWeightsError

pytestmark = pytest.mark.usefixtures("demo_folder")

OBJECTS = [285, 20, 13]


def test_without_weights_the_loss_is_as_the_objects() -> None:
    forecast = forecast_config(CONFIG)
    assert [row.objects for row in forecast.classes] == OBJECTS
    for row in forecast.classes:
        assert row.share == pytest.approx(row.objects / 318)
        assert row.drawn_share == pytest.approx(row.share)
        assert row.loss_shares["classification"] == pytest.approx(row.share)
        assert row.weights == {"classification": 1.0, "localization": 1.0}
    assert not forecast.is_sampled
    assert forecast.weighted == ()
    assert forecast.imbalance() == pytest.approx(285 / 13)


def test_the_loss_shares_under_weights() -> None:
    weighted("[1, 5, 10]")()
    forecast = forecast_config(CONFIG)
    total = 285 * 1 + 20 * 5 + 13 * 10
    shares = [row.loss_shares["classification"] for row in forecast.classes]
    assert shares == pytest.approx([285 / total, 100 / total, 130 / total])
    boxes = [row.loss_shares["localization"] for row in forecast.classes]
    assert boxes == pytest.approx([n / 318 for n in OBJECTS])
    assert forecast.weighted == ("classification",)
    assert forecast.imbalance("classification") == pytest.approx(285 / 100)


def test_inverse_weights_make_all_shares_equal() -> None:
    from tfod_weights.cli import main

    assert main(["patch", CONFIG, "--scheme", "inverse"]) == 0
    forecast = forecast_config(CONFIG)
    for loss in ("classification", "localization"):
        assert [row.loss_shares[loss] for row in forecast.classes] == pytest.approx([1 / 3] * 3)


def test_what_sampling_draws() -> None:
    both(sampled("[1, 3]"), record(boxes=4, class__text=[b"triangle"] * 4))()
    forecast = forecast_config(CONFIG)
    assert forecast.is_sampled
    drawn = {row.name: row.drawn_share for row in forecast.classes}
    circles = {row.name: row.objects for row in forecast.classes}["circle"]
    # One image of 4 triangles in the first input, 30 images in the other, drawn three times
    # as often: per draw 1/4 · 4 triangles and 3/4 · circles/30 circles.
    ratio = (0.25 * 4 + 0.75 * _triangles_of_second() / 30) / (0.75 * circles / 30)
    assert drawn["triangle"] / drawn["circle"] == pytest.approx(ratio)
    assert sum(drawn.values()) == pytest.approx(1)


def _triangles_of_second() -> int:
    from tfod_weights import count_classes

    counts = count_classes("demo/data/train.record-00001-of-00002")
    return next(row.objects for row in counts.classes if row.name == "triangle")


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    weighted("[1, 5, 10]")()
    code, out, err = run(capsys, "forecast", CONFIG)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].split() == [
        "id", "class", "objects", "share", "class", "weight", "class", "loss", "box", "weight",
        "box", "loss",
    ]  # fmt: skip
    assert lines[2] == (
        " 1  circle        285  89.6%         1.000       55.3%       1.000     89.6%"
    )
    assert max(map(len, lines)) <= 80
    assert "largest / smallest share of the objects 21.9\n" in out
    assert "note: expected, not measured" in out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "forecast", CONFIG, "--format", "json")
    report = json.loads(out)
    assert code == 0
    assert report["assumption"].startswith("expected, not measured")
    assert sum(row["loss_shares"]["localization"] for row in report["classes"]) == pytest.approx(1)


def patched(*options: str) -> None:
    from tfod_weights.cli import main

    assert main(["patch", CONFIG, *options]) == 0


def test_weights_of_each_batch_are_not_forecast(capsys: pytest.CaptureFixture[str]) -> None:
    patched("--per-batch", "--loss", "classification")
    capsys.readouterr()
    forecast = forecast_config(CONFIG)
    assert (forecast.weighted, forecast.per_batch) == ((), ("classification",))
    assert [list(row.loss_shares) for row in forecast.classes] == [["localization"]] * 3
    _, out, _ = run(capsys, "forecast", CONFIG)
    assert out.splitlines()[0].split()[-4:] == ["box", "weight", "box", "loss"]
    assert "note: weights of the classification loss come from each batch" in out
    assert "no class weights" not in out


def test_nothing_but_weights_of_each_batch(capsys: pytest.CaptureFixture[str]) -> None:
    patched("--per-batch")
    capsys.readouterr()
    code, out, _ = run(capsys, "forecast", CONFIG)
    assert (code, out.splitlines()[0].split()[-1]) == (0, "share")
    assert "classification and localization loss come from each batch" in out
    code, out, _ = run(capsys, "forecast", CONFIG, "--format", "json")
    assert json.loads(out)["per_batch"] == ["classification", "localization"]


@pytest.mark.parametrize(
    "options, note",
    [
        (["--start-step", "500"], "weights begin at step 500: these are the shares after that"),
        (["--start-step", "0", "--ramp-steps", "9"], "weights begin at step 0 and grow for 9"),
        (["--start-step", "0"], None),
    ],
)
def test_when_the_shares_hold(options, note, capsys: pytest.CaptureFixture[str]) -> None:
    patched(*options)
    capsys.readouterr()
    _, out, _ = run(capsys, "forecast", CONFIG)
    assert (note in out) if note else ("weights begin" not in out)


WRONG: dict[str, tuple[Make, str]] = {
    "few weights": (weighted("[1, 2]"), "2 weights for num_classes: 3"),
    "weight of 0": (weighted("[1, 0, 2]"), "a weight is not finite or not above 0"),
    "no model": (lambda: Path(CONFIG).write_text("train_config { }"), "names no model"),
    "typing error": (config("alpha:", "alhpa:"), "no field named alhpa"),
    "no records": (config("-of-00002", "-of-00009"), "no file matches this pattern"),
}


@pytest.mark.parametrize("make, says", WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_forecast(capsys: pytest.CaptureFixture[str], make: Make, says: str) -> None:
    make()
    with pytest.raises(TfodWeightsError, match=says):
        forecast_config(CONFIG)
    code, out, err = run(capsys, "forecast", CONFIG)
    assert (code, out) == (2, "")
    assert says in err


def test_a_mistyped_path() -> None:
    with pytest.raises(ConfigError, match="no such file"):
        forecast_config("demo/pipelne.config")
