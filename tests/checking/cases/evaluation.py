"""eval_config and the evaluation inputs."""

from __future__ import annotations

import os
from pathlib import Path

from tests.checking.making import (
    CONFIG,
    LABEL_MAP,
    OTHER_TRAIN,
    VAL,
    Case,
    Make,
    both,
    config,
    removed_file,
    replaced,
    written,
)

_OTHER_MAP = "demo/data/val.pbtxt"


def without_evaluation() -> None:
    text = Path(CONFIG).read_text()
    Path(CONFIG).write_text(text[: text.index("eval_input_reader {")])


def evaluated_with(old: str, new: str) -> Make:
    """Evaluate with a copy of the label map that differs."""

    def make() -> None:
        written(_OTHER_MAP, Path(LABEL_MAP).read_bytes().replace(old.encode(), new.encode()))()
        replaced(
            CONFIG,
            f'eval_input_reader {{\n  label_map_path: "{LABEL_MAP}"',
            f'eval_input_reader {{\n  label_map_path: "{_OTHER_MAP}"',
        )()

    return make


CASES = {
    "no evaluation": Case(
        without_evaluation, "eval-input-missing", None, "nothing can be evaluated",
    ),
    "evaluated on the training set": Case(
        config("val.record-00000-of-00001", "train.record-00000-of-*"),
        "eval-on-train-records", 124, "evaluation reads a record file that training reads",
    ),
    "evaluated on a hard link to a training file": Case(
        both(removed_file(VAL), lambda: os.link(OTHER_TRAIN, VAL)),
        "eval-on-train-records", 124, "a record file that training reads",
    ),
    "no label map of evaluation": Case(
        config('eval_input_reader {\n  label_map_path: "demo/data/label_map.pbtxt"\n',
               "eval_input_reader {\n"),
        "eval-label-map-not-named", 119, "evaluation stops",
    ),
    "other ids": Case(
        evaluated_with("id: 1\n", "id: 4\n"),
        "eval-label-map-ids", 120, "circle (1 there, 4 here)", others=["label-out-of-range"],
    ),
    "other ids by display name": Case(
        evaluated_with("id: 1\n  name: 'circle'", "id: 4\n  name: '/m/1' display_name: 'circle'"),
        "eval-label-map-ids", 120, "circle (1 there, 4 here)", others=["label-out-of-range"],
    ),
    "other classes": Case(
        evaluated_with("triangle", "star"),
        "eval-label-map-classes", 120, "triangle (only in training), star (only in evaluation)",
        others=["class-text-unknown"],
    ),
    "whole batches": Case(
        config("eval_config {", "eval_config {\n  batch_size: 5"),
        "eval-batch-remainder", 120, "whole batches of 5 and leaves out the rest",
    ),
    "mistyped metrics": Case(
        config('"coco_detection_metrics"', '"coco_detection_metric"'),
        "metrics-set-unknown", 115, "did you mean coco_detection_metrics?",
    ),
    "metrics per class": Case(
        config("eval_config {", "eval_config {\n  include_metrics_per_category: true"),
        "metrics-per-category", 115, "`tfod-weights run` computes them",
    ),
    "metrics per class of nothing": Case(
        config('  metrics_set: "coco_detection_metrics"', "  include_metrics_per_category: true"),
        "metrics-per-category-unused", 115, "though it is the default",
    ),
    "averages of nothing": Case(
        config("use_moving_averages: false", "use_moving_averages: true"),
        "moving-averages-missing", 116, "keeps none",
    ),
}  # fmt: skip
