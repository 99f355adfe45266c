"""`tfod-weights patch` with weights that change, and what other commands make of the result."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.test_commands import CONFIG, run
from tfod_weights.checking.preflight import require_trainable
from tfod_weights.errors import ConfigError
from tfod_weights.pipeline import PipelineConfig

pytestmark = pytest.mark.usefixtures("demo_folder")


def test_deferred(capsys: pytest.CaptureFixture[str]) -> None:
    before = Path(CONFIG).read_text()
    code, out, _ = run(capsys, "patch", CONFIG, "--start-step", "100", "--ramp-steps", "50")
    text = Path(CONFIG).read_text()
    assert code == 0
    assert "every weight is 1 before step 100, and as they are from step 150 on" in out
    assert text.count("class_weights_start_step: 100\n") == 2
    assert text.count("class_weights_ramp_steps: 50\n") == 2
    assert text.count("class_weights: [") == 2
    require_trainable(CONFIG)
    run(capsys, "strip", CONFIG)
    assert Path(CONFIG).read_text() == before


def test_shares_of_the_steps(capsys: pytest.CaptureFixture[str]) -> None:
    steps = PipelineConfig.load(CONFIG).num_steps
    options = ("--start-step", "60%", "--ramp-steps", "12.5%")
    assert run(capsys, "patch", CONFIG, *options)[0] == 0
    text = Path(CONFIG).read_text()
    assert text.count(f"class_weights_start_step: {steps * 6 // 10}\n") == 2
    assert text.count(f"class_weights_ramp_steps: {round(steps / 8)}\n") == 2


def test_a_share_of_how_many_steps(capsys: pytest.CaptureFixture[str]) -> None:
    Path(CONFIG).write_text(re.sub(r"num_steps: \d+", "", Path(CONFIG).read_text()))
    code, out, err = run(capsys, "patch", CONFIG, "--start-step", "60%")
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {CONFIG} has no train_config.num_steps to take a share of\n")


def test_per_batch_counts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for path in Path("demo/data").iterdir():
        path.unlink()
    options = ("--scheme", "effective-number", "--normalize", "mean", "--beta", "0.9")
    code, out, err = run(capsys, "patch", CONFIG, "--per-batch", *options, "--max-ratio", "5")
    assert code == 0 and "counting" not in err
    expected = "scheme effective-number, normalize mean, beta 0.9, max_ratio 5\n"
    assert out.startswith(f"weights from each batch's own objects: {expected}"), out
    text = " ".join(Path(CONFIG).read_text().split())
    fields = "scheme: EFFECTIVE_NUMBER normalize: MEAN beta: 0.9 max_ratio: 5.0"
    assert text.count(f"batch_class_weights {{ {fields} }}") == 2
    require_trainable(CONFIG)


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--per-batch", "--start-step", "7", "--dry-run", "--format", "json")
    found = json.loads(run(capsys, "patch", CONFIG, *options)[1])
    assert {key: found[key] for key in list(found)[4:-1]} == {
        "added": [],
        "per_batch": True,
        "scheme": "sqrt",
        "normalize": "objects",
        "parameters": {},
        "start_step": 7,
        "ramp_steps": 0,
        "sampling": None,
    }
    found = json.loads(run(capsys, "patch", CONFIG, "--dry-run", "--format", "json")[1])
    assert (found["per_batch"], found["start_step"], len(found["weights"])) == (False, None, 3)


@pytest.mark.parametrize(
    "options", [("--per-batch",), ("--start-step", "100")], ids=["per batch", "deferred"]
)
def test_check_and_forecast(capsys: pytest.CaptureFixture[str], options: tuple[str, ...]) -> None:
    run(capsys, "patch", CONFIG, *options)
    code, out, _ = run(capsys, "check", CONFIG)
    assert code == 0 and out.endswith("1 note\n"), out
    assert run(capsys, "forecast", CONFIG)[0] == 0


REFUSED = {
    "both sources": (("--per-batch", "--weights", "1,2,3"), "not allowed with"),
    "and records": (("--per-batch", "--records", "x"), "not allowed with"),
    "ramp alone": (("--ramp-steps", "5"), "where the ramp starts"),
    "before the first step": (("--start-step", "-5"), "start_step is -5"),
    "no number": (("--start-step", "x"), "'x' is neither a number of steps nor a share"),
    "no share": (("--start-step", "x%"), "'x%' is neither a number of steps nor a share"),
    "more than all": (("--start-step", "101%"), "101% is no share, which is from 0% to 100%"),
    "endless": (("--start-step", "1e999999999%"), "is neither a number of steps nor a share"),
    "nearly nothing": (("--start-step", "1e-999999999%", "--records", "x"), "x: no such file"),
    "too late": (("--start-step", "99999999999999999999"), "is at most 9223372036854775807"),
    "a share alone": (("--ramp-steps", "10%"), "where the ramp starts"),
    "a power beyond": (("--per-batch", "--scheme", "power", "--power", "12"), "power is 12"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(capsys: pytest.CaptureFixture[str], case: str) -> None:
    options, says = REFUSED[case]
    before = Path(CONFIG).read_bytes()
    code, out, err = run(capsys, "patch", CONFIG, *options)
    assert (code, out) == (2, "") and says in err
    assert Path(CONFIG).read_bytes() == before


UNTRAINABLE = {
    "class_weights: [1, 2, 3] class_weights_start_step: -5": "class_weights_start_step is -5",
    "class_weights: [1, 2, 3] class_weights_ramp_steps: 5": "where the ramp starts",
    "class_weights: [1, 2, 3] batch_class_weights { }": "written beside class_weights",
    "batch_class_weights { power: 11 }": "batch_class_weights.power is 11",
    "class_weights_start_step: 5": "says when weights begin, but there are none",
}


@pytest.mark.parametrize("fields", UNTRAINABLE)
def test_refused_before_tensorflow_is_imported(fields: str) -> None:
    text = Path(CONFIG).read_text()
    Path(CONFIG).write_text(text.replace("alpha: 0.25", f"alpha: 0.25 {fields}"))
    with pytest.raises(ConfigError, match=UNTRAINABLE[fields]):
        require_trainable(CONFIG)
