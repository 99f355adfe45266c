"""`tfod-weights patch` with another loss or augmentation, on the demonstration data."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_commands import CONFIG, run
from tfod_weights.cli.switches import AUGMENT
from tfod_weights.pipeline.augmentation_presets import PRESETS

pytestmark = pytest.mark.usefixtures("demo_folder")


def test_switches_need_no_records(capsys: pytest.CaptureFixture[str]) -> None:
    original = Path(CONFIG).read_bytes()
    shutil.rmtree("demo/data")
    options = ("--sigmoid", "--augment", "detection-ssd", "--loss", "none")
    code, out, err = run(capsys, "patch", CONFIG, *options)
    assert code == 0
    assert "class  " not in out, "there are no weights to show"
    assert "+        # tfod-weights: loss=weighted_sigmoid instead_of=weighted_sigmoid_focal" in out
    assert err == (
        f"wrote {CONFIG}\n"
        "  loss: weighted_sigmoid instead of weighted_sigmoid_focal\n"
        "  augmentation: detection-ssd (ssd_random_crop)\n"
        "note: random_horizontal_flip is there already; left as it is\n"
    )
    assert run(capsys, "patch", CONFIG, *options, "--exit-code")[0] == 0
    assert run(capsys, "strip", CONFIG)[0] == 0
    assert Path(CONFIG).read_bytes() == original


def test_weights_move_along(capsys: pytest.CaptureFixture[str]) -> None:
    original = Path(CONFIG).read_bytes()
    plain = run(capsys, "patch", CONFIG, "-o", "-")[1]
    code, out, err = run(capsys, "patch", CONFIG, "--focal", "gamma=1.5,alpha=0.5")
    assert code == 0
    assert out.startswith("id  class")
    assert "  loss: weighted_sigmoid_focal with gamma 1.5 and alpha 0.5 instead of what was" in err
    text = Path(CONFIG).read_text()
    assert "gamma: 1.5\n          alpha: 0.5\n          # tfod-weights: scheme=sqrt" in text
    assert text.count("class_weights: [") == 2
    assert run(capsys, "patch", CONFIG, "-o", "-")[1] == plain
    run(capsys, "strip", CONFIG)
    assert Path(CONFIG).read_bytes() == original


def test_focal_alone_has_the_values_of_the_paper(capsys: pytest.CaptureFixture[str]) -> None:
    text = Path(CONFIG).read_text().replace("gamma: 2.0", "gamma: 3.0")
    Path(CONFIG).write_text(text)
    out = run(capsys, "patch", CONFIG, "--loss", "none", "-o", "-", "--focal")[1]
    assert "gamma: 2.0\n          alpha: 0.25\n" in out


def test_check_has_nothing_against_it(capsys: pytest.CaptureFixture[str]) -> None:
    for options in (["--sigmoid"], ["--focal", "gamma=1"], ["--augment", "strong"]):
        assert run(capsys, "patch", CONFIG, "--loss", "none", *options)[0] == 0
        assert run(capsys, "check", CONFIG) == (0, "no findings\n", "")
    run(capsys, "patch", CONFIG, "--loss", "none", "--softmax")
    out = run(capsys, "check", CONFIG, "--strict")[1]
    assert "[score-converter]" in out and "[dead-block]" not in out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--loss", "none", "--augment", "light", "--format", "json")
    code, out, err = run(capsys, "patch", CONFIG, *options, "--dry-run")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["added"] == ["augmentation: light (random_adjust_brightness)"]
    assert found["losses"] == [] and "weights" not in found


def test_every_preset_can_be_asked_for() -> None:
    assert list(AUGMENT) == list(PRESETS)


BAD = {
    "two losses": (["--focal", "--softmax"], "not allowed with argument"),
    "gama": (["--focal", "gama=2"], "'gama=2' is not gamma=G,alpha=A\n"),
    "no number": (["--focal", "gamma=high"], "'gamma=high' is not gamma=G,alpha=A\n"),
    "nan": (["--focal", "gamma=nan"], "gamma is nan; it must be 0 or greater, and finite"),
    "alpha": (["--focal", "alpha=2"], "alpha is 2; it must lie between 0 and 1"),
    "preset": (["--augment", "hard"], "invalid choice: 'hard'"),
    "nothing": (["--loss", "none"], "there is nothing to write"),
    "weights": (["--loss", "none", "--weights", "1,2,3", "--focal"], "writes no class weights"),
    "scheme": (["--loss", "none", "--scheme", "log", "--focal"], "--scheme would do nothing"),
    "scheme of repeat factors": (
        ["--loss", "none", "--scheme", "log", "--sampling", "repeat-factor"],
        "--scheme would do nothing: --loss none writes no class weights",
    ),
}


@pytest.mark.parametrize("options, says", BAD.values(), ids=BAD.keys())
def test_bad_input(capsys: pytest.CaptureFixture[str], options: list[str], says: str) -> None:
    before = Path(CONFIG).read_bytes()
    code, out, err = run(capsys, "patch", CONFIG, *options)
    assert (code, out) == (2, "")
    assert says in err
    assert Path(CONFIG).read_bytes() == before


def test_a_config_that_is_taken_for_the_numbers_of_focal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, _, err = run(capsys, "patch", "--focal", CONFIG)
    assert code == 2
    assert f"{CONFIG!r} is not gamma=G,alpha=A; write CONFIG before --focal\n" in err


def test_a_loss_that_tfod_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    text = Path(CONFIG).read_text()
    text = text.replace("    loss {\n", "    loss {\n      hard_example_miner { }\n")
    Path(CONFIG).write_text(text)
    code, _, err = run(capsys, "patch", CONFIG, "--loss", "none", "--focal", "gamma=1")
    assert code == 2
    assert err == (
        "demo/pipeline.config:57:7: TFOD refuses a hard_example_miner beside "
        "weighted_sigmoid_focal\n"
        "        hard_example_miner { }\n"
        "        ^\n"
        "help: remove the miner: focal loss already looks at the hard examples\n"
    )
