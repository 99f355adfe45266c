"""Every kind of finding: the one list of ids. An id never changes its meaning.

Each has a page in docs/findings, which `tfod-weights explain ID` prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Mapping

from tfod_weights.errors import UsageError
from tfod_weights.suggestions import closest

ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True)
class Kind:
    """A kind of finding.

    Attributes:
        severity: ERROR: TFOD stops, or trains on fewer or wrong data. WARNING: probably not
            what was meant. NOTE: good to know.
        summary: What it says, in one line.
    """

    severity: str
    summary: str


_CONFIG = {
    "syntax": Kind(ERROR, "the config is not protobuf text format"),
    "unknown-field": Kind(ERROR, "a field that TFOD does not have"),
    "unknown-value": Kind(ERROR, "a name that is none of the field's values"),
    "bad-value": Kind(ERROR, "a value that does not fit its field"),
    "dead-block": Kind(WARNING, "a block that a later one of the same choice replaces"),
    "placeholder": Kind(ERROR, "a path that was never filled in"),
    "path-remote": Kind(NOTE, "a path on another machine, which is not checked"),
}
_MODEL = {
    "model": Kind(ERROR, "the config names no model"),
    "model-without-classes": Kind(NOTE, "a model that has no classes to weigh"),
    "num-classes": Kind(ERROR, "num_classes is missing, below 1 or far too high"),
    "feature-extractor-tf1": Kind(ERROR, "a feature extractor that only TensorFlow 1 has"),
    "feature-extractor-unknown": Kind(ERROR, "a feature extractor that this model cannot have"),
    "block-missing": Kind(ERROR, "the model lacks a block that TFOD builds it from"),
    "image-resizer": Kind(ERROR, "an image resizer that TFOD refuses"),
    "matcher-bipartite": Kind(ERROR, "a matcher that only TensorFlow 1 has"),
    "non-max-suppression": Kind(ERROR, "limits of non-max suppression that TFOD refuses"),
    "second-stage-batch-size": Kind(ERROR, "the second stage asks for more boxes than it gets"),
    "masks-not-loaded": Kind(ERROR, "the model learns masks, but the input does not load them"),
    "loss-missing": Kind(ERROR, "the model names no loss where it needs one"),
    "loss-ignored": Kind(WARNING, "a loss that TFOD replaces by another without a word"),
    "hard-example-miner": Kind(ERROR, "hard example mining with focal loss"),
    "score-converter": Kind(WARNING, "scores are not converted as the loss trains them"),
}
_TRAINING = {
    "train-config-missing": Kind(ERROR, "the config has no train_config"),
    "optimizer-missing": Kind(ERROR, "no optimizer is named"),
    "learning-rate-missing": Kind(ERROR, "the optimizer has no learning rate"),
    "learning-rate-schedule": Kind(ERROR, "a learning-rate schedule that TFOD refuses"),
    "learning-rate-total-steps": Kind(WARNING, "the learning rate does not end with training"),
    "batch-size": Kind(ERROR, "batch_size is 0"),
    "batch-size-replicas": Kind(ERROR, "batch_size cannot be shared out to the replicas"),
    "batch-shapes": Kind(WARNING, "images of different sizes would go into one batch"),
    "num-steps-missing": Kind(WARNING, "the config does not say how long to train"),
    "bfloat16-without-tpu": Kind(NOTE, "use_bfloat16 is for TPUs only"),
    "train-option-ignored": Kind(WARNING, "an option that TFOD reads on TensorFlow 1 only"),
    "max-boxes-not-read": Kind(NOTE, "max_number_of_boxes in a place that TFOD does not read"),
}
_CHECKPOINT = {
    "checkpoint-missing": Kind(ERROR, "the fine-tune checkpoint is not there"),
    "checkpoint-file": Kind(ERROR, "one file of a checkpoint is named, not their prefix"),
    "checkpoint-folder": Kind(ERROR, "a folder is named, not a checkpoint in it"),
    "checkpoint-format": Kind(ERROR, "a SavedModel, frozen graph or Keras file, no checkpoint"),
    "checkpoint-incomplete": Kind(ERROR, "a checkpoint without all of its data files"),
    "checkpoint-name-based": Kind(ERROR, "a checkpoint of TensorFlow 1"),
    "checkpoint-version": Kind(ERROR, "fine_tune_checkpoint_version is V1, its default"),
    "checkpoint-type": Kind(ERROR, "a fine_tune_checkpoint_type that the model does not know"),
    "checkpoint-type-missing": Kind(WARNING, "fine_tune_checkpoint_type is not set"),
    "checkpoint-type-mismatch": Kind(ERROR, "the checkpoint does not hold what its type says"),
    "checkpoint-type-unused": Kind(NOTE, "a fine_tune_checkpoint_type without a checkpoint"),
    "checkpoint-load-all": Kind(ERROR, "load_all_detection_checkpoint_vars is for TensorFlow 1"),
}
_EVALUATION = {
    "eval-input-missing": Kind(WARNING, "there is no eval_input_reader"),
    "eval-on-train-records": Kind(WARNING, "evaluation reads records that training reads"),
    "eval-label-map-not-named": Kind(ERROR, "evaluation has no label map"),
    "eval-label-map-ids": Kind(ERROR, "a class has another id in evaluation than in training"),
    "eval-label-map-classes": Kind(WARNING, "training and evaluation do not have the same classes"),
    "eval-batch-remainder": Kind(WARNING, "evaluation leaves out the last images"),
    "metrics-set-unknown": Kind(ERROR, "a metrics_set that TFOD does not have"),
    "metrics-per-category": Kind(
        WARNING, "COCO metrics per class, which stock TFOD cannot compute"
    ),
    "metrics-per-category-unused": Kind(NOTE, "include_metrics_per_category has no effect"),
    "moving-averages-missing": Kind(ERROR, "evaluation wants moving averages, training has none"),
}
_LABEL_MAP = {
    "label-map-missing": Kind(ERROR, "the label map is not there"),
    "label-map-not-named": Kind(WARNING, "training has no label map"),
    "label-map-unreadable": Kind(ERROR, "the label map is not what TFOD can read"),
    "label-map-empty": Kind(ERROR, "the label map has no item"),
    "label-map-id": Kind(ERROR, "an id that TFOD refuses"),
    "label-map-duplicate-id": Kind(ERROR, "two items have the same id"),
    "label-map-duplicate-name": Kind(ERROR, "two items have the same name"),
    "label-map-ambiguous-name": Kind(WARNING, "a display name that belongs to two ids"),
    "label-map-no-name": Kind(WARNING, "an item without a name"),
    "label-map-above-num-classes": Kind(ERROR, "an id above num_classes"),
    "label-map-below-num-classes": Kind(WARNING, "num_classes is above the highest id"),
    "label-map-gap": Kind(NOTE, "ids that belong to no class"),
}
_INPUT = {
    "input-missing": Kind(ERROR, "an input reader names no records"),
    "input-no-match": Kind(ERROR, "no record file is there"),
    "input-unreadable": Kind(ERROR, "a record file that TFOD would stop at"),
    "input-empty": Kind(ERROR, "an input that holds no image"),
    "input-twice": Kind(WARNING, "a record file that one input reader reads twice"),
    "shard-missing": Kind(WARNING, "a part of the records that is not there"),
    "max-boxes-negative": Kind(ERROR, "a max_number_of_boxes below 0"),
    "input-type": Kind(ERROR, "an input_type that TFOD cannot read"),
    "sample-weights-length": Kind(ERROR, "not one sample weight per input path"),
    "sample-weights-value": Kind(ERROR, "sample weights that TFOD cannot sample with"),
    "sample-weight-zero": Kind(NOTE, "an input path that is never read"),
}
_RECORDS = {
    "class-text-unknown": Kind(WARNING, "class texts that the label map does not have"),
    "label-out-of-range": Kind(WARNING, "labels outside 1..num_classes"),
    "box-nan": Kind(WARNING, "coordinates that are no numbers"),
    "box-inverted": Kind(ERROR, "boxes that end before they start"),
    "box-in-pixels": Kind(ERROR, "coordinates that are no shares of the image"),
    "input-without-objects": Kind(ERROR, "training records without an object to train on"),
    "boxes-over-maximum": Kind(WARNING, "images with more boxes than training takes"),
    "class-without-objects": Kind(WARNING, "classes that no record has"),
    "image-missing": Kind(ERROR, "records without an image"),
    "image-unreadable": Kind(ERROR, "images of a format that TFOD does not decode"),
    "image-animated": Kind(ERROR, "images of a format that TFOD decodes into several frames"),
    "image-raw": Kind(ERROR, "images that are declared as raw pixels"),
    "image-format": Kind(NOTE, "image/format names another format than the image has"),
    "image-size": Kind(WARNING, "image/width and image/height are not the image's size"),
}
_WEIGHTS = {
    "weights-without-classes": Kind(ERROR, "class weights in a model that has no classes"),
    "weights-length": Kind(ERROR, "not one weight per class"),
    "weights-not-finite": Kind(ERROR, "a weight that is infinite or no number"),
    "weights-not-positive": Kind(ERROR, "a weight that is not above 0"),
    "weights-extreme": Kind(WARNING, "weights that are far apart"),
    "weights-stale": Kind(WARNING, "weights that are not those of today's records"),
    "weights-unused": Kind(WARNING, "class weights that no loss reads"),
    "weights-mode": Kind(ERROR, "a class_weight_mode that the loss cannot have"),
    "weights-schedule": Kind(ERROR, "steps at which class weights cannot begin"),
    "weights-begin-late": Kind(WARNING, "training ends before the class weights begin"),
    "weights-twice": Kind(ERROR, "weights of each batch beside class_weights"),
    "batch-weights": Kind(ERROR, "a number by which no batch can be weighed"),
    "background-weight": Kind(ERROR, "a background_weight that is not above 0"),
    "weights-with-box-weights": Kind(WARNING, "boxes have weights of their own besides"),
    "weights-with-sampling": Kind(NOTE, "sampling changes the frequencies besides"),
    "weights-with-class-sampling": Kind(WARNING, "sampling and weights make up for the same"),
    "weights-need-runtime": Kind(NOTE, "stock TFOD does not read class weights"),
    "sampling-values": Kind(ERROR, "class sampling that cannot be done"),
    "sampling-in-evaluation": Kind(ERROR, "class sampling of an evaluation input"),
    "sampling-sequences": Kind(ERROR, "class sampling of sequences"),
}

FINDINGS: Mapping[str, Kind] = MappingProxyType(
    {
        **_CONFIG,
        **_MODEL,
        **_TRAINING,
        **_CHECKPOINT,
        **_EVALUATION,
        **_LABEL_MAP,
        **_INPUT,
        **_RECORDS,
        **_WEIGHTS,
    }
)
"""id -> its kind, by subject."""


def require_kind(id: str) -> Kind:
    """The kind of an id.

    Raises:
        UsageError: there is none; the help names the closest.
    """
    if id in FINDINGS:
        return FINDINGS[id]
    guess = closest(id, FINDINGS)
    listing = "`tfod-weights explain` lists them all"
    help = f"did you mean {guess}? {listing}" if guess else listing
    raise UsageError(f"there is no finding {id!r}", help=help)
