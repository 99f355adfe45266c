"""Rules about eval_config and the number of evaluation inputs.

Facts from object_detection/model_lib_v2.py (eval_continuously, eager_eval_loop), eval_util.py and
metrics/coco_tools.py.
"""

from __future__ import annotations

from typing import Iterator, Optional

from tfod_weights.checking.findings import Finding
from tfod_weights.checking.places import field_place, texts
from tfod_weights.checking.training_rules import shape_findings
from tfod_weights.errors import SourcePlace
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.suggestions import did_you_mean
from tfod_weights.textformat import MergedMessage

# EVAL_METRICS_CLASS_DICT of object_detection/eval_util.py (TFOD 2.8.0)
METRICS = (
    "coco_detection_metrics",
    "coco_keypoint_metrics",
    "coco_mask_metrics",
    "coco_panoptic_metrics",
    "lvis_mask_metrics",
    "oid_challenge_detection_metrics",
    "oid_challenge_segmentation_metrics",
    "pascal_voc_detection_metrics",
    "weighted_pascal_voc_detection_metrics",
    "precision_at_recall_detection_metrics",
    "pascal_voc_instance_segmentation_metrics",
    "weighted_pascal_voc_instance_segmentation_metrics",
    "oid_V2_detection_metrics",
)
_PER_CATEGORY = ("coco_detection_metrics", "coco_mask_metrics")
_GIVEN_THE_OPTION = (*_PER_CATEGORY, "lvis_mask_metrics")


def evaluation_findings(config: PipelineConfig) -> Iterator[Finding]:
    """Everything that stops evaluation, or makes it evaluate less."""
    if not config.root.messages("eval_input_reader"):
        problem = "there is no eval_input_reader, so nothing can be evaluated"
        help = "add one for the validation records"
        yield Finding("eval-input-missing", problem, SourcePlace(config.path), help)
    evaluation = config.root.message("eval_config")
    if evaluation is None:
        return
    yield from _metrics_findings(config, evaluation)
    yield from _batch_findings(config, evaluation)
    yield from _average_findings(config, evaluation)


def _metrics_findings(config: PipelineConfig, evaluation: MergedMessage) -> Iterator[Finding]:
    chosen = []
    for name, place in texts(config, evaluation, "metrics_set"):
        chosen.append(name)
        if name not in METRICS:
            problem = f"TFOD has no metrics_set {name}: evaluation stops"
            yield Finding("metrics-set-unknown", problem, place, did_you_mean(name, METRICS))
    if evaluation.scalar("include_metrics_per_category"):
        finding = _per_category_finding(config, evaluation, chosen)
        if finding:
            yield finding


def _per_category_finding(
    config: PipelineConfig, evaluation: MergedMessage, chosen: list[str]
) -> Optional[Finding]:
    place = field_place(config, evaluation, "include_metrics_per_category")
    if any(name in _PER_CATEGORY for name in chosen):
        problem = "stock TFOD stops when it evaluates COCO metrics per class"
        help = "`tfod-weights run` computes them, also without this line; else remove it"
        return Finding("metrics-per-category", problem, place, help)
    if not any(name in _GIVEN_THE_OPTION for name in chosen):
        problem = "stock TFOD does not read this without a COCO metrics_set"
        help = 'add metrics_set: "coco_detection_metrics", though it is the default'
        return Finding("metrics-per-category-unused", problem, place, help)
    return None


def _batch_findings(config: PipelineConfig, evaluation: MergedMessage) -> Iterator[Finding]:
    batch_size = int(evaluation.scalar("batch_size"))
    if batch_size < 2:
        return
    place = field_place(config, evaluation, "batch_size")
    yield from shape_findings(config, place, "eval_config.batch_size")
    for reader in config.root.messages("eval_input_reader"):
        if reader.scalar("drop_remainder"):
            problem = f"evaluation takes whole batches of {batch_size} and leaves out the rest"
            help = "add drop_remainder: false to this eval_input_reader, or set batch_size: 1"
            place = field_place(config, reader, "drop_remainder")
            yield Finding("eval-batch-remainder", problem, place, help)


def _average_findings(config: PipelineConfig, evaluation: MergedMessage) -> Iterator[Finding]:
    train = config.root.message("train_config")
    optimizer = train.message("optimizer") if train else None
    if optimizer is None or optimizer.scalar("use_moving_average"):
        return
    if evaluation.scalar("use_moving_averages"):
        problem = "evaluation uses moving averages, but the optimizer keeps none: it stops"
        place = field_place(config, evaluation, "use_moving_averages")
        yield Finding("moving-averages-missing", problem, place, "set it to false")
