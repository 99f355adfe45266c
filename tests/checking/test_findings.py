"""Every finding: the report on one thing made wrong, and silence where nothing is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.checking.cases import CASES
from tests.checking.cases.evaluation import evaluated_with
from tests.checking.making import (
    CENTER_NET,
    CHECKPOINT,
    CLASSIFIER,
    CONFIG,
    DETECTOR,
    FASTER_RCNN,
    OTHER_TRAIN,
    TRAIN,
    VAL,
    Make,
    both,
    checkpoint,
    config,
    fine_tuned,
    in_train_config,
    model,
    record,
    replaced,
)
from tests.locking import locked
from tfod_weights.checking import FINDINGS, Finding, check_config
from tfod_weights.errors import ConfigError, UsageError

pytestmark = pytest.mark.usefixtures("demo_folder")


@pytest.mark.parametrize("name", CASES)
def test_finding(name: str) -> None:
    case = CASES[name]
    found = case.report()
    assert sorted(f.id for f in found) == sorted([case.id, *case.others]), shown(found)
    finding = next(f for f in found if f.id == case.id)
    assert finding.place.line == case.line, shown(found)
    assert case.says in f"{finding.problem} {finding.help}", shown(found)
    assert finding.severity == FINDINGS[case.id].severity


def shown(found: list[Finding]) -> str:
    return "\n" + "\n".join(map(str, found))


def test_every_finding_has_a_case() -> None:
    assert {case.id for case in CASES.values()} == set(FINDINGS)


@pytest.mark.parametrize("name", CASES)
def test_nobody_is_left_without_a_next_step(name: str) -> None:
    for finding in CASES[name].report():
        assert finding.help or finding.id in ("syntax", "label-map-unreadable", "bad-value")
        assert not finding.problem.endswith(".") and len(finding.problem) < 170


_DETECTION = 'fine_tune_checkpoint_type: "detection"'
_CLASSIFICATION = 'fine_tune_checkpoint_type: "classification"'
_FULL = 'fine_tune_checkpoint_type: "full"'
_RCNN = (DETECTOR[0], "model/_feature_extractor_for_proposal_features/a/.ATTRIBUTES/V")

SILENT: dict[str, Make] = {
    "demo": lambda: None,
    "faster_rcnn": model(FASTER_RCNN),
    "center_net": model(CENTER_NET),
    "detector": both(checkpoint(), fine_tuned(CHECKPOINT, _DETECTION)),
    "classifier": both(checkpoint(CLASSIFIER), fine_tuned(CHECKPOINT, _CLASSIFICATION)),
    "full": both(checkpoint(), fine_tuned(CHECKPOINT, _FULL)),
    "old spelling": both(checkpoint(), fine_tuned(CHECKPOINT, "from_detection_checkpoint: true")),
    "detector of faster_rcnn": both(
        model(FASTER_RCNN), checkpoint(_RCNN), fine_tuned(CHECKPOINT, _DETECTION)
    ),
    "an index that is no table": both(
        checkpoint(), fine_tuned(CHECKPOINT), lambda: Path(f"{CHECKPOINT}.index").write_bytes(b"x")
    ),
    "a folder called path/to": both(
        checkpoint(prefix="path/to/ckpt"), fine_tuned("path/to/ckpt", _DETECTION)
    ),
    "padded": config(
        "fixed_shape_resizer { height: 96 width: 96 }",
        "keep_aspect_ratio_resizer { min_dimension: 96 max_dimension: 96 "
        "pad_to_max_dimension: true }",
    ),
    "squares": both(
        config(
            "fixed_shape_resizer { height: 96 width: 96 }",
            "keep_aspect_ratio_resizer { min_dimension: 96 max_dimension: 96 }",
        ),
        in_train_config("data_augmentation_options { random_square_crop_by_scale { } }"),
    ),
    "weights of 1 in the records": record(weight=[1.0]),
    "box weights alone": record(weight=[2.0]),
    "coordinates of 1.1": record(bbox__xmax=[1.1]),
    "the same number of boxes twice": in_train_config("max_number_of_boxes: 20"),
    "steps in order": replaced(
        CONFIG,
        "cosine_decay_learning_rate {\n          learning_rate_base: 0.05\n          "
        "total_steps: 200\n          warmup_learning_rate: 0.01\n          warmup_steps: 20",
        "manual_step_learning_rate { schedule { step: 5 } schedule { step: 9 }",
    ),
    "parts of the records left out on purpose": both(
        lambda: Path(OTHER_TRAIN).rename("demo/data/train.record-00001-of-00003"),
        lambda: Path(TRAIN).rename("demo/data/train.record-00000-of-00003"),
        config("train.record-?????-of-00002", "train.record-0000[^2]-of-*"),
    ),
    "evaluation by the display names of training": evaluated_with(
        "name: 'circle'", "name: '/m/1' display_name: 'circle'"
    ),
    "all of evaluation": config("  shuffle: false", "  shuffle: false drop_remainder: false"),
}


@pytest.mark.parametrize("make", SILENT.values(), ids=SILENT.keys())
def test_nothing_to_say(make: Make) -> None:
    make()
    assert check_config(CONFIG, images=True, replicas=2) == []


_LABELS, _RECORDS = "demo/data/label_map.pbtxt", "demo/data/train.record-?????-of-00002"
_CANNOT = "cannot be looked for: "

# id of the finding, a path in a folder or of a length that keeps it from being looked at, and
# what is said
HIDDEN: dict[str, tuple[str, Make, str]] = {
    "checkpoint": ("checkpoint-missing", fine_tuned("zoo/ckpt"), f"{_CANNOT}permission denied"),
    "checkpoint below": ("checkpoint-missing", fine_tuned("zoo/a/ckpt"), "permission denied"),
    "folder": ("checkpoint-folder", fine_tuned("zoo"), "cannot be listed: permission denied"),
    "label map": ("label-map-unreadable", config(_LABELS, "zoo/map"), "zoo/map: permission denied"),
    "label map below": ("label-map-unreadable", config(_LABELS, "zoo/a/map"), "permission denied"),
    "records": ("input-no-match", config(_RECORDS, "zoo/x"), "zoo/x: permission denied"),
    "records below": ("input-no-match", config(_RECORDS, "zoo/a/x"), "permission denied"),
    "pattern": ("input-no-match", config(_RECORDS, "zoo/x*"), "zoo/x*: permission denied"),
    "placeholder": ("placeholder", fine_tuned("zoo/path/to/ckpt"), "write the path"),
    "long name": ("checkpoint-missing", fine_tuned("x" * 300), f"{_CANNOT}file name too long"),
    "long folder": ("checkpoint-missing", fine_tuned("x/" * 2500), "file name too long"),
    "long pattern": ("input-no-match", config(_RECORDS, "x" * 300 + "/*"), "file name too long"),
}


@pytest.mark.skipif(os.sep != "/", reason="permissions of another kind")
@pytest.mark.parametrize("name", HIDDEN)
def test_what_may_not_be_looked_at(name: str) -> None:
    id, make, says = HIDDEN[name]
    Path("zoo").mkdir()
    make()
    with locked("zoo"):
        found = check_config(CONFIG)
    assert [f.id for f in found] == [id]
    assert found[0].place.line
    assert says in f"{found[0].problem} {found[0].help}"


def test_a_checkpoint_in_a_folder_that_may_not_be_listed() -> None:
    both(checkpoint(prefix="zoo/ckpt-0"), fine_tuned("zoo/ckpt-0"))()
    with locked("zoo", 0o111):
        assert check_config(CONFIG) == []
        config('"zoo/ckpt-0', '"zoo/ckpt-1')()
        (finding,) = check_config(CONFIG)
    assert finding.help == "the folder zoo cannot be listed: permission denied"


def test_every_fault_of_the_schema_is_reported_not_only_the_first() -> None:
    config("weighted_smooth_l1", "weighted_huber")()
    config("gamma:", "gama:")()
    assert [f.id for f in check_config(CONFIG)] == ["unknown-field", "unknown-field"]


def test_faults_below_a_misnamed_block_are_reported() -> None:
    config("localization_loss {", "BoxLoss {")()
    config("weighted_smooth_l1 {", "weighted_huber { detla: 1")()
    found = check_config(CONFIG)
    assert [finding.problem.rpartition(" ")[2] for finding in found] == [
        "BoxLoss",
        "weighted_huber",
        "detla",
    ]
    command = f"`tfod-weights migrate {CONFIG}` mends it"
    assert [command in (finding.help or "") for finding in found] == [True, True, False]


def test_a_faulty_label_map_of_both_inputs_is_reported_once() -> None:
    replaced("demo/data/label_map.pbtxt", "id: 1", "id: x")()
    assert [f.id for f in check_config(CONFIG)] == ["label-map-unreadable"]


@pytest.mark.parametrize(
    "options",
    [
        "--scheme inverse --max-ratio 5",
        "--scheme effective-number --beta 0.9999999 --max-ratio 5",
        "--records x,y.record",
        "--records x,y.record demo/data/train.record*",
    ],
)
def test_fresh_weights_are_not_stale(options: str) -> None:
    from tfod_weights.cli import main

    (other,) = Path("demo/data").glob("val.record-*")
    shutil.copy(other, "x,y.record")
    assert main(["patch", CONFIG, *options.split()]) == 0
    assert [finding.id for finding in check_config(CONFIG)] == ["weights-need-runtime"]


def test_weights_go_stale_when_the_records_change() -> None:
    from tfod_weights.cli import main

    assert main(["patch", CONFIG]) == 0
    record(boxes=5, class__text=[b"triangle"] * 5)()
    assert [f.id for f in check_config(CONFIG)].count("weights-stale") == 2
    assert "weights-stale" not in [f.id for f in check_config(CONFIG, tolerance=10)]


def test_other_records_are_counted_once_for_all_weights() -> None:
    from tfod_weights.cli import main

    assert main(["patch", CONFIG, "--records", TRAIN]) == 0
    assert sizes_read() == [size(TRAIN, OTHER_TRAIN), size(VAL), size(TRAIN)]


def test_records_of_training_and_evaluation_are_read_once() -> None:
    assert sizes_read() == [size(TRAIN, OTHER_TRAIN), size(VAL)]
    config("val.record-00000-of-00001", "*.record-*")()
    assert sizes_read() == [size(TRAIN, OTHER_TRAIN), size(VAL)]
    Path(VAL).unlink()
    assert sizes_read() == [size(TRAIN, OTHER_TRAIN)]


def size(*paths: str) -> int:
    return sum(Path(path).stat().st_size for path in paths)


def sizes_read() -> list[int]:
    """How many bytes a check reads, one number for each time that it reads files."""
    ends: list[int] = []
    check_config(CONFIG, progress=lambda done, total: ends.extend([total] * (done == total)))
    return ends


def test_another_label_map_is_checked_instead() -> None:
    config('"demo/data/label_map', '"demo/data/labels')()
    found = check_config(CONFIG, label_map="demo/data/label_map.pbtxt")
    assert found == []


def test_what_cannot_be_checked_at_all_is_an_error_not_a_finding(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        check_config(tmp_path / "missing.config")
    with pytest.raises(UsageError, match="0 replicas"):
        check_config(CONFIG, replicas=0)
