"""The class weights in the config, and what balances besides."""

from __future__ import annotations

from tests.checking.cases.inputs import sampled
from tests.checking.making import (
    CENTER_NET,
    FASTER_RCNN,
    Case,
    Make,
    both,
    config,
    model,
    record,
    weighted,
)

_NOTE = "weights-need-runtime"
_READER = "train_input_reader {\n"


def drawn_by(block: str, reader: str = _READER) -> Make:
    """A class_sampling block in line 107."""
    return config(reader, f"{reader}  class_sampling {{ {block} }}\n")


_SECOND = "second_stage_localization_class_weights: [1, 2, 3]"

CASES = {
    "weights of no class": Case(
        model(FASTER_RCNN, "num_classes: 3",
              f"num_classes: 3\n    number_of_stages: 1\n    {_SECOND}"),
        "weights-without-classes", 4, "region proposal network",
    ),
    "two weights": Case(
        weighted("[1, 2]"), "weights-length", 60, "2 weights for num_classes: 3", others=[_NOTE],
    ),
    "nan weight": Case(
        weighted("[1, nan, 1]"), "weights-not-finite", 60, "class 2 is nan", others=[_NOTE],
    ),
    "zero weight": Case(
        weighted("[1, 0, 1]"), "weights-not-positive", 60, "class 2 is 0", others=[_NOTE],
    ),
    "weight that 32 bits make 0": Case(
        weighted("[1e-60, 1, 1]"), "weights-not-positive", 60, "numbers are kept in 32 bits",
        others=[_NOTE],
    ),
    "weight that 32 bits make infinite": Case(
        weighted("[1, 1e39, 1]"), "weights-not-finite", 60, "class 2 is inf", others=[_NOTE],
    ),
    "extreme": Case(weighted("[1, 50, 1]"), "weights-extreme", 60, "50 times", others=[_NOTE]),
    "stale": Case(
        config("alpha: 0.25", "alpha: 0.25\n          # tfod-weights: scheme=sqrt normalize=min\n"
               "          class_weights: [1, 3.77, 1]"),
        "weights-stale", 62, "by today's counts", others=[_NOTE],
    ),
    "unused": Case(
        config("weighted_sigmoid_focal {",
               "weighted_sigmoid { class_weights: [1, 1, 1] } weighted_sigmoid_focal {"),
        "weights-unused", 59, "no loss of this ssd", others=["dead-block"],
    ),
    "mode of a softmax": Case(
        config("weighted_sigmoid_focal {\n          alpha: 0.25\n          gamma: 2.0",
               "weighted_softmax {\n          class_weights: [1, 2, 3]\n"
               "          class_weight_mode: CLASS_COLUMN"),
        "weights-mode", 61, "CLASS_COLUMN needs a loss per class",
        others=["score-converter", _NOTE],
    ),
    "background of 0": Case(
        config("alpha: 0.25", "alpha: 0.25 background_weight: 0"),
        "background-weight", 60, "background_weight is 0",
    ),
    "background that 32 bits make 0": Case(
        config("alpha: 0.25", "alpha: 0.25 background_weight: 1e-60"),
        "background-weight", 60, "background_weight is 0",
    ),
    "begin before the first step": Case(
        weighted("[1, 2, 3] class_weights_start_step: -5"),
        "weights-schedule", 60, "class_weights_start_step is -5", others=[_NOTE],
    ),
    "negative ramp": Case(
        weighted("[1, 2, 3] class_weights_start_step: 5 class_weights_ramp_steps: -1"),
        "weights-schedule", 60, "class_weights_ramp_steps is -1", others=[_NOTE],
    ),
    "ramp without start": Case(
        weighted("[1, 2, 3] class_weights_ramp_steps: 100"),
        "weights-schedule", 60, "does not say where the ramp starts", others=[_NOTE],
    ),
    "nothing to begin": Case(
        config("alpha: 0.25", "alpha: 0.25 class_weights_start_step: 5"),
        "weights-schedule", 60, "says when weights begin, but there are none",
    ),
    "begin of the box weights before the first step": Case(
        model(FASTER_RCNN, "initial_crop_size: 14",
              f"{_SECOND}\n    second_stage_localization_class_weights_start_step: -1"),
        "weights-schedule", 8, "second_stage_localization_class_weights_start_step is -1",
        others=[_NOTE],
    ),
    "begin after the end": Case(
        weighted("[1, 2, 3] class_weights_start_step: 100000"),
        "weights-begin-late", 60, "training ends after num_steps", others=[_NOTE],
    ),
    "batch weights beside weights": Case(
        config("alpha: 0.25", "alpha: 0.25 class_weights: [1, 2, 3]\n"
               "          batch_class_weights { scheme: INVERSE }"),
        "weights-twice", 61, "batch_class_weights are written beside class_weights",
        others=[_NOTE],
    ),
    "batch weights by an impossible power": Case(
        config("alpha: 0.25", "alpha: 0.25\n"
               "          batch_class_weights { scheme: POWER power: -2 }"),
        "batch-weights", 61, "batch_class_weights.power is -2", others=[_NOTE],
    ),
    "batch weights by an impossible beta": Case(
        config("alpha: 0.25", "alpha: 0.25\n          batch_class_weights { beta: 1 }"),
        "batch-weights", 61, "batch_class_weights.beta is 1", others=[_NOTE],
    ),
    "batch weights by a beta that 32 bits make 1": Case(
        config("alpha: 0.25", "alpha: 0.25\n          batch_class_weights { beta: 0.9999999999 }"),
        "batch-weights", 61, "batch_class_weights.beta is 1", others=[_NOTE],
    ),
    "batch weights with a cap below 1": Case(
        config("alpha: 0.25", "alpha: 0.25\n          batch_class_weights { max_ratio: 0.5 }"),
        "batch-weights", 61, "it is at least 1", others=[_NOTE],
    ),
    "batch weights with smoothing of nan": Case(
        config("alpha: 0.25", "alpha: 0.25\n          batch_class_weights { smoothing: nan }"),
        "batch-weights", 61, "batch_class_weights.smoothing is nan", others=[_NOTE],
    ),
    "batch weights that nothing reads": Case(
        config("weighted_sigmoid_focal {",
               "weighted_sigmoid { batch_class_weights { } } weighted_sigmoid_focal {"),
        "weights-unused", 59, "no loss of this ssd", others=["dead-block"],
    ),
    "box weights": Case(
        both(record(weight=[2.0]), weighted("[1, 2, 3]")),
        "weights-with-box-weights", 60, "SSD multiplies both", others=[_NOTE],
    ),
    "box weights in CenterNet": Case(
        both(record(weight=[2.0]),
             model(CENTER_NET, "focal_loss { }", "focal_loss { class_weights: [1, 2, 3] }")),
        "weights-with-box-weights", 7, "no longer finds the centres", others=[_NOTE],
    ),
    "box weights in Faster R-CNN": Case(
        both(record(weight=[2.0]), model(FASTER_RCNN, "initial_crop_size: 14", _SECOND)),
        "weights-with-box-weights", 7, "counts twice over", others=[_NOTE],
    ),
    "sampling": Case(
        both(sampled("[1, 9]"), weighted("[1, 2, 3]")),
        "weights-with-sampling", 60, "circle ×", others=[_NOTE],
    ),
    "class sampling": Case(
        both(drawn_by("class_weights: [1, 2, 3]"), weighted("[1, 2, 3]")),
        "weights-with-class-sampling", 60, "triangle ×", others=[_NOTE],
    ),
    "class sampling of dead weights": Case(
        both(drawn_by("class_weights: [0, 0, 0]"), weighted("[1, 2, 3]")),
        "sampling-values", 107, "all sampling weights are 0", others=[_NOTE],
    ),
    "sampling weights that 32 bits make 0": Case(
        drawn_by("class_weights: [1e-60, 1e-60, 1e-60]"),
        "sampling-values", 107, "all sampling weights are 0", others=[_NOTE],
    ),
    "two sampling weights": Case(
        drawn_by("class_weights: [1, 2]"),
        "sampling-values", 107, "2 sampling weights for num_classes: 3", others=[_NOTE],
    ),
    "negative sampling weight": Case(
        drawn_by("class_weights: [1, -2, 1]"),
        "sampling-values", 107, "class 2 is -2", others=[_NOTE],
    ),
    "negative sampling background": Case(
        drawn_by("class_weights: [1, 2, 1] background_weight: -1"),
        "sampling-values", 107, "background_weight is -1", others=[_NOTE],
    ),
    "two ways to sample": Case(
        drawn_by("class_weights: [1, 2, 1] repeat_factor_threshold: 0.1"),
        "sampling-values", 107, "both class_weights and", others=[_NOTE],
    ),
    "no way to sample": Case(
        drawn_by("seed: 3"), "sampling-values", 107, "neither", others=[_NOTE],
    ),
    "threshold of 0": Case(
        drawn_by("repeat_factor_threshold: 0"), "sampling-values", 107, "threshold is 0",
        others=[_NOTE],
    ),
    "repeat threshold in per cent": Case(
        drawn_by("repeat_factor_threshold: 10"), "sampling-values", 107, "above 0, at most 1",
        others=[_NOTE],
    ),
    "nothing would be drawn": Case(
        both(record(), config("train.record-?????", "train.record-00000"),
             drawn_by("class_weights: [0, 1, 1]")),
        "sampling-values", 107, "mean weight of the images is 0",
        others=["class-without-objects", _NOTE],
    ),
    "nothing to draw by": Case(
        both(record(boxes=0), config("train.record-?????", "train.record-00000"),
             drawn_by("repeat_factor_threshold: 0.001")),
        "sampling-values", 107, "none of the 1 images has an object",
        others=["input-without-objects", _NOTE],
    ),
    "unknown sampling aggregation": Case(
        drawn_by("class_weights: [1, 2, 3] aggregation: AVERAGE"),
        "unknown-value", 107, "AVERAGE",
    ),
    "evaluation sampled": Case(
        drawn_by("class_weights: [1, 2, 3]", "eval_input_reader {\n"),
        "sampling-in-evaluation", 120, "it belongs to train_input_reader",
    ),
    "class sampling of sequences": Case(
        both(drawn_by("class_weights: [1, 2, 3]"),
             config(_READER, f"{_READER}  input_type: TF_SEQUENCE_EXAMPLE\n")),
        "sampling-sequences", 108, "TF_SEQUENCE_EXAMPLE", others=["input-unreadable", _NOTE],
    ),
    "sampling weights of other records": Case(
        config(_READER, f"{_READER}  # tfod-weights: scheme=sqrt normalize=min\n"
               "  class_sampling { class_weights: [1, 3.77, 1] }\n"),
        "weights-stale", 108, "by today's counts", others=[_NOTE],
    ),
    "need runtime": Case(weighted("[1, 2, 3]"), _NOTE, 60, "stock TFOD"),
    "batch weights need the runtime": Case(
        config("alpha: 0.25", "alpha: 0.25 batch_class_weights { }"),
        _NOTE, 60, "stock TFOD does not read batch_class_weights",
    ),
}  # fmt: skip
