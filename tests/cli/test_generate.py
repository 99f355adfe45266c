"""`tfod-weights generate`: exit code, stdout, stderr, and what it wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tfod_weights import check_config, generate_config
from tfod_weights.generating import templates
from tfod_weights.report import templates_table

pytestmark = pytest.mark.usefixtures("demo_folder")

DATA = (
    "--label-map", "demo/data/label_map.pbtxt",
    "--train", "demo/data/train.record-*",
    "--val", "demo/data/val.record-*",
)  # fmt: skip
OUT = ("-o", "pipeline.config")


def text_of(template: str) -> str:
    data = {"label_map": DATA[1], "train": DATA[3], "val": DATA[5]}
    return generate_config(template, **data).text


# -- the list -------------------------------------------------------------------------------


def test_the_list_fits_into_80_columns() -> None:
    from rich.console import Console

    console = Console(width=80, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(templates_table(list(templates().values())))
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= 80
    for template, line in zip(templates().values(), lines[2:]):
        assert line.startswith(template.name) and line.endswith(template.description)


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "generate", "--list")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[2:]] == list(templates())


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "generate", "--list", "--format", "json")
    assert (code, err) == (0, "")
    rows = {row["name"]: row for row in json.loads(out)["templates"]}
    assert list(rows) == list(templates())
    tiny = rows["ssd-tiny"]
    assert (tiny["image_size"], tiny["image_size_minimum"], tiny["checkpoint"]) == (192, 33, None)
    assert rows["efficientdet-d3"]["image_size_multiple"] == 128


# -- generating -----------------------------------------------------------------------------


def test_it_writes_a_config_and_says_what_to_do_next(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "generate", "ssd-tiny", *DATA, *OUT)
    assert code == 0
    assert "triangle" in out and "scheme sqrt" in out
    assert err == (
        "wrote pipeline.config: ssd-tiny, 192 × 192 pixels\n"
        "  1,500 steps of 8 images, 60 of them warm-up, learning rate 0.05\n"
        "  classification: weighted_sigmoid_focal\n"
        "  localization: weighted_smooth_l1\n"
        "next:\n"
        "  tfod-weights check pipeline.config\n"
        "  tfod-weights train pipeline.config --model-dir model\n"
    )
    assert Path("pipeline.config").read_text(encoding="utf-8") == text_of("ssd-tiny")
    assert [finding.severity for finding in check_config("pipeline.config")] == ["note"]


@pytest.mark.parametrize("out", [(), ("-o", "-")])
def test_without_a_file_the_config_is_all_of_the_output(
    capsys: pytest.CaptureFixture[str], out: tuple[str, ...]
) -> None:
    files = set(Path().rglob("*"))
    assert run(capsys, "generate", "ssd-tiny", *DATA, *out) == (0, text_of("ssd-tiny"), "")
    assert set(Path().rglob("*")) == files


def test_no_weights(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "generate", "ssd-tiny", *DATA, *OUT, "--no-weights")
    assert code == 0
    assert "318 objects of 3 classes in 60 images" in out and "weight" not in out
    assert "classification" not in err
    assert run(capsys, "strip", "pipeline.config")[2] == "no class weights in it\n"


def test_options_reach_the_config(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--image-size", "96", "--batch-size", "4", "--steps", "7", "--learning-rate", "0.5")
    scheme = ("--scheme", "inverse", "--normalize", "min", "--max-ratio", "10")
    _, out, _ = run(capsys, "generate", "ssd-tiny", *DATA, *options, *scheme)
    for line in (
        "fixed_shape_resizer { height: 96 width: 96 }",
        "batch_size: 4",
        "num_steps: 7",
        "learning_rate_base: 0.5",
        "scheme=inverse normalize=min max_ratio=10",
    ):
        assert line in out


def test_several_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    shards = [f"demo/data/train.record-0000{i}-of-00002" for i in range(2)]
    rest = ("--label-map", DATA[1], "--val", DATA[5])
    texts = [
        run(capsys, "generate", "ssd-tiny", *rest, *train)[1]
        for train in (
            ("--train", *shards),
            ("--train", shards[0], "--train", shards[1]),
            ("--train", ",".join(shards)),
        )
    ]
    assert len(set(texts)) == 1
    for shard in shards:
        assert f'    input_path: "{shard}"\n' in texts[0]


def test_warnings_and_notes(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "generate", "retinanet-resnet50", *DATA[:4], "--val", DATA[3], *OUT)
    assert code == 0
    warning, note = err.splitlines()[:2]
    assert warning.startswith("warning: 2 of the validation files are training files, too")
    assert note.startswith("note: training starts from random weights")
    assert "ssd_resnet50_v1_fpn_640x640_coco17_tpu-8" in note


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "generate", "ssd-tiny", *DATA, *OUT, "--format", "json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert (found["config"], found["steps"], found["batch_size"]) == ("pipeline.config", 1500, 8)
    assert found["text"] == Path("pipeline.config").read_text(encoding="utf-8")
    assert len(found["weights"]["weights"]) == 3 and found["counts"]["images"] == 60


def test_force(capsys: pytest.CaptureFixture[str]) -> None:
    Path("pipeline.config").write_text("mine")
    code, out, err = run(capsys, "generate", "ssd-tiny", *DATA, *OUT)
    assert (code, out) == (2, "")
    assert err.startswith("pipeline.config: this exists already") and "--force" in err
    assert Path("pipeline.config").read_text() == "mine"
    assert run(capsys, "generate", "ssd-tiny", *DATA, *OUT, "--force")[0] == 0
    assert Path("pipeline.config").read_text(encoding="utf-8") == text_of("ssd-tiny")


BAD = {
    "nothing": ((), "which template?"),
    "no data": (("ssd-tiny",), "--label-map, --train, --val are missing"),
    "no records": (("ssd-tiny", *DATA[:2], *DATA[4:]), "--train is missing"),
    "mistyped": (("ssd-tinny", *DATA), "did you mean ssd-tiny?"),
    "no such records": (("ssd-tiny", *DATA[:4], "--val", "vall*"), "no file matches"),
    "size": (("efficientdet-d0", *DATA, "--image-size", "500"), "multiples of 128"),
    "batch": (("ssd-tiny", *DATA, "--batch-size", "0"), "batch size is 0"),
    "rate": (("ssd-tiny", *DATA, "--learning-rate", "nan"), "learning rate is nan"),
    "checkpoint": (("ssd-tiny", *DATA, "--fine-tune-checkpoint", "x"), "no checkpoint x"),
    "type": (
        ("ssd-tiny", *DATA, "--fine-tune-checkpoint", "x", "--fine-tune-checkpoint-type", "all"),
        "restores no checkpoint of type 'all'",
    ),
    "masks": (("mask-rcnn-resnet50", *DATA), "no image/object/mask"),
    "scheme": (
        ("ssd-tiny", *DATA, "--no-weights", "--scheme", "log"),
        "--scheme would do nothing: no class weights are written",
    ),
    "ratio": (("ssd-tiny", *DATA, "--max-ratio", "0.5"), "max_ratio"),
}


@pytest.mark.parametrize("argv, says", BAD.values(), ids=BAD.keys())
def test_bad_input(capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], says: str) -> None:
    files = set(Path().rglob("*"))
    code, out, err = run(capsys, "generate", *argv, *OUT)
    assert (code, out) == (2, "")
    assert says in err and "Traceback" not in err
    assert set(Path().rglob("*")) == files


def test_a_missing_folder_is_seen_before_the_records(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ("ssd-tiny", *DATA[:4], "--val", "vall*", "-o", "nofolder/x.config")
    code, out, err = run(capsys, "generate", *argv)
    assert (code, out) == (2, "")
    assert err.startswith("nofolder/x.config: there is no folder ")
