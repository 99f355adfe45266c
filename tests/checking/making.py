"""What tests of checking share: one thing made wrong in the demonstration data, and its report."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Sequence, Union

from tests.checking.tables import write_index
from tests.counting.records import PNG
from tfod_weights.checking import Finding, check_config
from tfod_weights.demo.records import FeatureValue, encode_example, write_records

CONFIG, LABEL_MAP = "demo/pipeline.config", "demo/data/label_map.pbtxt"
TRAIN, OTHER_TRAIN = (f"demo/data/train.record-0000{i}-of-00002" for i in (0, 1))
VAL = "demo/data/val.record-00000-of-00001"
CHECKPOINT = "zoo/checkpoint/ckpt-0"

Make = Callable[[], object]


@dataclass(frozen=True)
class Case:
    """One thing made wrong in the demonstration data, and what a check says to it.

    Attributes:
        make: Makes it wrong.
        id: Of the finding.
        line: Where it is; None for a whole file.
        says: Something that problem or help must say.
        others: The ids of all other findings.
        options: Keywords of `check_config`.
    """

    make: Make
    id: str
    line: Union[int, None]
    says: str
    others: Sequence[str] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def report(self) -> list[Finding]:
        self.make()
        return check_config(CONFIG, **self.options)


def both(*makes: Make) -> Make:
    return lambda: [make() for make in makes]


def replaced(path: str, old: str, new: str) -> Make:
    """Make one replacement in a file."""

    def make() -> None:
        text = Path(path).read_text()
        assert old in text, old
        Path(path).write_text(text.replace(old, new, 1))

    return make


def config(old: str, new: str) -> Make:
    return replaced(CONFIG, old, new)


def removed(old: str) -> Make:
    return config(old, "")


def removed_file(path: str) -> Make:
    return lambda: Path(path).unlink()


def appended(path: str, text: str) -> Make:
    return lambda: Path(path).write_text(Path(path).read_text() + text)


def written(path: str, content: bytes) -> Make:
    def make() -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)

    return make


def weighted(weights: str) -> Make:
    return config("alpha: 0.25", f"alpha: 0.25 class_weights: {weights}")


def in_train_config(text: str) -> Make:
    """Text as line 86, the first of train_config."""
    return config("train_config {\n", f"train_config {{\n  {text}\n")


# -- records ------------------------------------------------------------------------------


def record(boxes: int = 1, path: str = TRAIN, **features: FeatureValue) -> Make:
    """Replace one file by a single image with boxes of circles."""
    sides = {"xmin": 0.1, "xmax": 0.2, "ymin": 0.1, "ymax": 0.2}
    example: dict[str, FeatureValue] = {
        f"image/object/bbox/{side}": [value] * boxes for side, value in sides.items()
    }
    example["image/encoded"] = [PNG]
    example["image/object/class/text"] = [b"circle"] * boxes
    for name, values in features.items():
        prefix = "image/" if name in ("encoded", "format", "width", "height") else "image/object/"
        example[prefix + name.replace("__", "/")] = values
    present = {name: values for name, values in example.items() if values}
    return lambda: write_records(Path(path), [encode_example(present)])


# -- checkpoints --------------------------------------------------------------------------

GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"
DETECTOR = (GRAPH, "model/_feature_extractor/a/.ATTRIBUTES/VARIABLE_VALUE")
CLASSIFIER = (GRAPH, "feature_extractor/a/.ATTRIBUTES/VARIABLE_VALUE")


def checkpoint(keys: Sequence[str] = DETECTOR, prefix: str = CHECKPOINT) -> Make:
    """Write a checkpoint with these tensors."""

    def make() -> None:
        Path(prefix).parent.mkdir(parents=True, exist_ok=True)
        write_index(f"{prefix}.index", keys)
        Path(f"{prefix}.data-00000-of-00001").write_bytes(b"")

    return make


def fine_tuned(path: str, type: str = 'fine_tune_checkpoint_type: "detection"') -> Make:
    """Start from a checkpoint: line 86 names it, 87 its version, 88 its type."""
    lines = [f'fine_tune_checkpoint: "{path}"', "fine_tune_checkpoint_version: V2", type]
    return in_train_config("\n  ".join(line for line in lines if line))


# -- models -------------------------------------------------------------------------------

FASTER_RCNN = """\
model {
  faster_rcnn {
    num_classes: 3
    image_resizer { fixed_shape_resizer { height: 96 width: 96 } }
    feature_extractor { type: "faster_rcnn_resnet50_keras" }
    first_stage_anchor_generator { grid_anchor_generator { scales: 1 aspect_ratios: 1 } }
    initial_crop_size: 14
    maxpool_kernel_size: 2
    maxpool_stride: 2
    second_stage_box_predictor { mask_rcnn_box_predictor { } }
    second_stage_post_processing { score_converter: SOFTMAX }
  }
}
"""
CENTER_NET = """\
model {
  center_net {
    num_classes: 3
    image_resizer { fixed_shape_resizer { height: 96 width: 96 } }
    feature_extractor { type: "resnet_v2_50" }
    object_center_params {
      classification_loss { penalty_reduced_logistic_focal_loss { } }
    }
    object_detection_task { localization_loss { l1_localization_loss { } } }
  }
}
"""


def model(text: str, old: str = "", new: str = "") -> Make:
    """Put another model into the config, with one replacement in it."""

    def make() -> None:
        config_text = Path(CONFIG).read_text()
        rest = config_text[config_text.index("\ntrain_config") :]
        assert old in text, old
        Path(CONFIG).write_text(text.replace(old, new, 1) + rest)

    return make
