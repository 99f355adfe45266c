"""`tfod-weights evaluate` on files; with a model: tests/runtime/test_real_tfod.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("pycocotools", reason="pycocotools is not installed")

from tests.cli.test_commands import run
from tests.evaluation.scenes import scene
from tfod_weights import load_evaluation

pytestmark = pytest.mark.usefixtures("demo_folder")

NAMES = {1: "circle", 2: "square", 3: "triangle"}
FILES = ("--detections", "results.json", "--groundtruth", "instances.json")


@pytest.fixture(autouse=True)
def files(demo_folder) -> None:
    """Detections and ground truth in the current folder."""
    images = scene(5, 10, names=NAMES)
    annotations = [
        {"image_id": o.image_id, "category_id": o.class_id, "bbox": o.box} for o in images.objects
    ]
    groundtruth = {
        "images": [{"id": image_id} for image_id in images.image_ids],
        "categories": [{"id": i, "name": name} for i, name in NAMES.items()],
        "annotations": annotations,
    }
    found = [
        {"image_id": d.image_id, "category_id": d.class_id, "bbox": d.box, "score": d.score}
        for d in images.detections
    ]
    Path("instances.json").write_text(json.dumps(groundtruth), encoding="utf-8")
    Path("results.json").write_text(json.dumps(found), encoding="utf-8")


def test_the_table_has_every_class(capsys) -> None:
    code, out, err = run(capsys, "evaluate", "demo/pipeline.config", *FILES)
    assert (code, err) == (0, "")
    assert [line.split()[1] for line in out.splitlines()[2:5]] == list(NAMES.values())
    assert "rare" in out
    assert "10 images; precision, recall and F1 at a score of 0.5, IoU 0.5" in out
    assert "most often confused: " in out


def test_json_on_stdout_is_the_file(capsys) -> None:
    code, out, _ = run(
        capsys, "evaluate", "demo/pipeline.config", *FILES, "-o", "metrics.json",
        "--format", "json", "--score-threshold", "0.3", "--iou", "0.75",
    )  # fmt: skip
    assert code == 0
    assert json.loads(out) == json.loads(Path("metrics.json").read_text(encoding="utf-8"))
    evaluation = load_evaluation("metrics.json")
    assert (evaluation.iou, evaluation.score_threshold) == (0.75, 0.3)
    assert [row.training_objects for row in evaluation.classes] == [285, 20, 13]


def test_without_a_config_the_ground_truth_makes_groups(capsys) -> None:
    run(capsys, "evaluate", *FILES, "-o", "metrics.json")
    evaluation = load_evaluation("metrics.json")
    assert {row.training_objects for row in evaluation.classes} == {None}
    assert evaluation.group("head") is not None


def renamed(names) -> None:
    """Let the categories be called otherwise."""
    content = json.loads(Path("instances.json").read_text(encoding="utf-8"))
    for row, name in zip(content["categories"], names):
        row["name"] = name
    Path("instances.json").write_text(json.dumps(content), encoding="utf-8")


def test_training_counts_are_of_classes_of_the_same_name(capsys) -> None:
    renamed(["circle", "triangle", "square"])
    code, out, err = run(capsys, "evaluate", "demo/pipeline.config", *FILES)
    assert (code, out) == (2, "")
    assert err == (
        "instances.json: category 2 is 'triangle', but 'square' in the label map of "
        "demo/pipeline.config\nhelp: give the categories the ids of the label map, or leave the "
        "config out\n"
    )


def test_a_category_without_a_name_may_be_any_class(capsys) -> None:
    renamed(["1", "", "triangle"])
    assert run(capsys, "evaluate", "demo/pipeline.config", *FILES)[0] == 0


def test_a_class_may_be_called_by_its_name_or_its_display_name(capsys) -> None:
    path = Path("demo/data/label_map.pbtxt")
    text = path.read_text(encoding="utf-8")
    path.write_text(text + 'item { id: 4 name: "/m/4" display_name: "star" }', encoding="utf-8")
    config = Path("demo/pipeline.config")
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("num_classes: 3", "num_classes: 4"), encoding="utf-8")
    content = json.loads(Path("instances.json").read_text(encoding="utf-8"))
    for name, code in (("/m/4", 0), ("star", 0), ("sun", 2)):
        categories = [*content["categories"], {"id": 4, "name": name}]
        Path("instances.json").write_text(json.dumps({**content, "categories": categories}))
        assert run(capsys, "evaluate", str(config), *FILES)[0] == code


def test_groups_without_training_records_are_pointed_out(capsys) -> None:
    for shard in Path("demo/data").glob("train*"):
        shard.unlink()
    code, out, _ = run(capsys, "evaluate", "demo/pipeline.config", *FILES)
    assert code == 0
    assert out.endswith(
        "note: the training records of demo/pipeline.config cannot be counted: rare, common and "
        "head go by the objects in these images\n"
    )


@pytest.mark.parametrize("score", ["nan", "inf", "-inf"])
def test_a_score_that_is_none_is_refused_before_the_work(score, capsys) -> None:
    files = ("--detections", "no.json", "--groundtruth", "no.json")
    for what in (files, ("demo/pipeline.config", "--checkpoint", "no")):
        code, out, err = run(capsys, "evaluate", *what, f"--score-threshold={score}")
        assert (code, out) == (2, "")
        assert err.startswith(f"error: {score} is no score threshold\nhelp: ")


@pytest.mark.parametrize(
    "output, message", [("", "error: -o names no file\n"), ("demo", "demo: this is a folder\n")]
)
def test_where_nothing_can_be_written(output, message, capsys) -> None:
    code, out, err = run(capsys, "evaluate", *FILES, "-o", output)
    assert (code, out) == (2, "")
    assert err.startswith(message)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ("", "error: what is to be evaluated?\nhelp: CONFIG and --checkpoint, or --detections"),
        ("demo/pipeline.config", "error: what is to be evaluated?"),
        (
            "--detections results.json",
            "error: --detections and --groundtruth belong together",
        ),
        (
            "--detections results.json --groundtruth instances.json --checkpoint model",
            "error: detections come from files or from a checkpoint, not from both",
        ),
        (
            "--detections results.json --groundtruth instance.json",
            "instance.json: no such file\nhelp: did you mean instances.json?",
        ),
        (
            "--detections results.json --groundtruth instances.json --iou 0.52",
            "error: 0.52 is none of COCO's IoU thresholds",
        ),
        (
            "--detections results.json --groundtruth instances.json -o no/metrics.json",
            "no/metrics.json: there is no folder ",
        ),
        (
            "demo/pipeline.config --checkpoint model",
            "error: no checkpoint in model\nhelp: --checkpoint names the folder that has them",
        ),
        (
            "demo/pipline.config --checkpoint model",
            "demo/pipline.config: no such file\nhelp: did you mean demo/pipeline.config?",
        ),
        (
            "demo/pipeline.config --checkpoint model --split valid",
            "error: demo/pipeline.config: no input is called 'valid'\nhelp: did you mean val?",
        ),
    ],
)
def test_what_cannot_be_evaluated(arguments, message, capsys) -> None:
    code, out, err = run(capsys, "evaluate", *arguments.split())
    assert (code, out) == (2, "")
    assert err.startswith(message)
    assert not Path("metrics.json").exists()
