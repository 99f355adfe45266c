"""Every finding, from the demonstration data with one thing made wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest

from tfod_weights.checking import FINDINGS, Finding, check_config
from tfod_weights.demo.dataset import CLASSES
from tfod_weights.demo.records import FeatureValue, encode_example, write_records
from tfod_weights.errors import ConfigError

CONFIG, LABEL_MAP = "demo/pipeline.config", "demo/data/label_map.pbtxt"
TRAIN = "demo/data/train.record-00000-of-00002"


@pytest.fixture
def demo(demo_folder: Path) -> Path:
    return demo_folder / "pipeline.config"


def replaced(path: str, old: str, new: str) -> Callable[[], None]:
    """Make one replacement in a file."""

    def make() -> None:
        text = Path(path).read_text()
        assert old in text
        Path(path).write_text(text.replace(old, new, 1))

    return make


def weighted(weights: str) -> Callable[[], None]:
    return replaced(CONFIG, "alpha: 0.25", f"alpha: 0.25 class_weights: {weights}")


def record(boxes: int = 1, **features: FeatureValue) -> Callable[[], None]:
    """Replace one shard by a single image."""
    sides = {"xmin": 0.1, "xmax": 0.2, "ymin": 0.1, "ymax": 0.2}
    example: dict[str, FeatureValue] = {
        f"image/object/bbox/{side}": [value] * boxes for side, value in sides.items()
    }
    example["image/object/class/text"] = [b"circle"] * boxes
    example.update({f"image/object/{name.replace('__', '/')}": v for name, v in features.items()})
    present = {name: values for name, values in example.items() if values}
    return lambda: write_records(Path(TRAIN), [encode_example(present)])


def appended(path: str, text: str) -> Callable[[], None]:
    return lambda: Path(path).write_text(Path(path).read_text() + text)


def written(path: str, content: bytes) -> Callable[[], object]:
    return lambda: Path(path).write_bytes(content)


ITEM = "item {{\n  id: {}\n  name: '{}'\n}}\n"

# what is made wrong → the finding, its line and something it must say
CASES: dict[str, tuple[Callable[[], object], str, int | None, str]] = {
    "comment": (replaced(CONFIG, "# circle, ", "// circle, "), "syntax", 6, "found '/'"),
    "latin-1": (written(CONFIG, b"# caf\xe9\nmodel { }"), "syntax", 1, "not UTF-8"),
    "huber": (
        replaced(CONFIG, "weighted_smooth_l1", "weighted_huber"),
        "unknown-field", 65, "did you mean weighted_smooth_l1?",
    ),
    "enum": (
        replaced(CONFIG, "RELU_6", "RELU6"), "unknown-value", 16, "did you mean RELU_6?",
    ),
    "number": (replaced(CONFIG, "gamma: 2.0", "gamma: two"), "bad-value", 61, "gamma takes"),
    "no model": (written(CONFIG, b"train_config { }\n"), "model", 1, "names no model"),
    "rpn": (
        written(CONFIG, b"model { faster_rcnn {\n number_of_stages: 1 num_classes: 3 } }"),
        "model-without-classes", 2, "region proposal network",
    ),
    "experimental": (
        written(CONFIG, b"model { experimental_model { name: 'x' } }"),
        "model-without-classes", 1, "experimental_model is not",
    ),
    "deepmac": (
        written(CONFIG, b"model { center_net { num_classes: 3 deepmac_mask_estimation { } } }"),
        "model-without-classes", 1, "classifies nothing",
    ),
    "weights of no class": (
        written(CONFIG, b"model { faster_rcnn { number_of_stages: 1\n"
                b"second_stage_localization_class_weights: [1] } }"),
        "weights-without-classes", 1, "region proposal network",
    ),
    "no num_classes": (
        replaced(CONFIG, "num_classes: 3", ""), "num-classes", 5, "ssd has no num_classes",
    ),
    "num_classes 0": (replaced(CONFIG, "num_classes: 3", "num_classes: 0"), "num-classes", 6, "0"),
    "dead member": (
        replaced(CONFIG, "weighted_sigmoid_focal {", "weighted_softmax{} weighted_sigmoid_focal {"),
        "dead-block", 59, "weighted_softmax",
    ),
    "label map path": (
        replaced(CONFIG, "data/label_map.pbtxt", "data/labelmap.pbtxt"),
        "label-map-missing", 108, "did you mean demo/data/label_map.pbtxt?",
    ),
    "label map syntax": (
        written(LABEL_MAP, b"item {\n  id: 1,,\n}"), "label-map-unreadable", 2, "found ','",
    ),
    "label map field": (
        written(LABEL_MAP, b"item {\n  id: 1\n  title: 'x'\n}"),
        "label-map-unreadable", 3, "no field named title",
    ),
    "label map empty": (written(LABEL_MAP, b"# nothing\n"), "label-map-empty", None, "no item"),
    "id 0": (replaced(LABEL_MAP, "id: 1\n", "id: 0\n"), "label-map-id", 1, "background"),
    "negative id": (replaced(LABEL_MAP, "id: 1\n", "id: -1\n"), "label-map-id", 1, "-1"),
    "same id": (
        appended(LABEL_MAP, ITEM.format(3, "star")), "label-map-duplicate-id", 13, "id 3",
    ),
    "same name": (
        replaced(LABEL_MAP, "'square'", "'circle'"), "label-map-duplicate-name", 5, "'circle'",
    ),
    "above num_classes": (
        appended(LABEL_MAP, ITEM.format(4, "star")), "label-map-above-num-classes", 13, "'star'",
    ),
    "below num_classes": (
        replaced(CONFIG, "num_classes: 3", "num_classes: 4"),
        "label-map-below-num-classes", None, "highest id is 3",
    ),
    "gap": (replaced(LABEL_MAP, "id: 2", "id: 1"), "label-map-gap", None, "no class: 2"),
    "no input": (
        replaced(CONFIG, 'input_path: "demo/data/train.record-?????-of-00002"', ""),
        "input-missing", None, "no train_input_reader.input_path",
    ),
    "no match": (
        replaced(CONFIG, "-of-00002", "-of-00009"), "input-no-match", 110, "-of-00009",
    ),
    "no eval records": (
        replaced(CONFIG, "val.record-00000", "valid.record-00000"),
        "input-no-match", 124, "valid.record-00000-of-00001",
    ),
    "no eval label map": (
        replaced(CONFIG, 'eval_input_reader {\n  label_map_path: "demo',
                 'eval_input_reader {\n  label_map_path: "d'),
        "label-map-missing", 120, "no such file",
    ),
    "damaged": (
        lambda: Path(TRAIN).write_bytes(Path(TRAIN).read_bytes()[:-20]),
        "input-unreadable", 110, "but the file ends before",
    ),
    "unknown text": (
        record(class__text=[b"hexagon"]), "class-text-unknown", 110, "hexagon (1)",
    ),
    "label range": (
        record(class__text=[], class__label=[7]), "label-out-of-range", 110, "7 (1)",
    ),
    "nan": (record(bbox__xmin=[float("nan")]), "box-nan", 110, "1 boxes"),
    "inverted": (record(bbox__xmin=[0.9]), "box-inverted", 110, "1 boxes"),
    "many boxes": (record(boxes=25), "boxes-over-maximum", 110, "cuts 5: circle (5)"),
    "no objects": (
        replaced(LABEL_MAP, "triangle", "star"),
        "class-without-objects", None, "star",
    ),
    "two weights": (weighted("[1, 2]"), "weights-length", 60, "2 weights for num_classes: 3"),
    "nan weight": (weighted("[1, nan, 1]"), "weights-not-finite", 60, "class 2 is nan"),
    "zero weight": (weighted("[1, 0, 1]"), "weights-not-positive", 60, "class 2 is 0"),
    "extreme": (weighted("[1, 50, 1]"), "weights-extreme", 60, "50 times"),
    "need runtime": (weighted("[1, 2, 3]"), "weights-need-runtime", 60, "stock TFOD"),
    "unused": (
        replaced(CONFIG, "weighted_sigmoid_focal {",
                 "weighted_sigmoid { class_weights: [1, 1, 1] } weighted_sigmoid_focal {"),
        "weights-unused", 59, "no loss of this ssd",
    ),
    "stale": (
        weighted("[1, 1, 1]\n# tfod-weights: scheme=sqrt normalize=min\nclass_weights: []"),
        "weights-stale", 62, "by today's counts",
    ),
}  # fmt: skip


def findings_of(id: str, found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.id == id]


def test_nothing_to_say_about_the_demo(demo: Path) -> None:
    assert check_config(demo) == []


@pytest.mark.parametrize("make, id, line, says", CASES.values(), ids=CASES.keys())
def test_finding(
    demo: Path, make: Callable[[], object], id: str, line: int | None, says: str
) -> None:
    make()
    found = check_config(demo)
    assert findings_of(id, found), [str(finding) for finding in found]
    finding = findings_of(id, found)[0]
    assert finding.place.line == line
    assert says in f"{finding.problem} {finding.help}"
    assert finding.severity == FINDINGS[id]


def test_every_finding_has_a_case() -> None:
    assert {id for _, id, _, _ in CASES.values()} == set(FINDINGS)


def test_every_fault_of_the_schema_is_reported_not_only_the_first(demo: Path) -> None:
    replaced(CONFIG, "weighted_smooth_l1", "weighted_huber")()
    replaced(CONFIG, "gamma:", "gama:")()
    assert [f.id for f in check_config(demo)] == ["unknown-field", "unknown-field"]


def test_fresh_weights_are_not_stale(demo: Path) -> None:
    from tfod_weights.cli import main

    assert main(["patch", str(demo), "--scheme", "inverse", "--max-ratio", "5"]) == 0
    assert [finding.id for finding in check_config(demo)] == ["weights-need-runtime"]


def test_weights_go_stale_when_the_records_change(demo: Path) -> None:
    from tfod_weights.cli import main

    assert main(["patch", str(demo)]) == 0
    record(boxes=5, class__text=[b"triangle"] * 5)()
    assert len(findings_of("weights-stale", check_config(demo))) == 2
    assert not findings_of("weights-stale", check_config(demo, tolerance=10))


def test_an_unreadable_config_is_an_error_not_a_finding(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        check_config(tmp_path / "missing.config")


def test_the_demo_has_three_classes() -> None:
    assert len(CLASSES) == 3


def test_faults_below_a_misnamed_block_are_reported(demo: Path) -> None:
    replaced(CONFIG, "localization_loss {", "BoxLoss {")()
    replaced(CONFIG, "weighted_smooth_l1 {", "weighted_huber { detla: 1")()
    found = check_config(demo)
    assert [finding.problem.rpartition(" ")[2] for finding in found] == [
        "BoxLoss",
        "weighted_huber",
        "detla",
    ]
    command = f"`tfod-weights migrate {demo}` mends it"
    assert [command in (finding.help or "") for finding in found] == [True, True, False]
