"""What a classification loss needs from the rest of the config, for `check` and for `patch`.

Facts from object_detection/builders/losses_builder.py, post_processing_builder.py and
box_predictor_builder.py of TFOD.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from tfod_weights.pipeline.architectures import CLASSIFICATION, SOFTMAX_LOSSES
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.targets import usable_target
from tfod_weights.textformat import MergedMessage

SIGMOID, SOFTMAX, FOCAL = "weighted_sigmoid", "weighted_softmax", "weighted_sigmoid_focal"
# The losses that train one logit per class and one for the background against each other take
# a SOFTMAX; the others train each logit for itself.
SIGMOID_LOSSES = frozenset({SIGMOID, FOCAL, "bootstrapped_sigmoid"})

POST_PROCESSING = {
    "ssd": "post_processing",
    "faster_rcnn": "second_stage_post_processing",
    "center_net": "post_processing",
}

# -log((1 - π) / π) where π = 0.01 is the score of every anchor at first (Lin et al. 2017, 4.1).
FOCAL_BIAS = -4.6
_PREDICTORS_WITH_BIAS = (
    "convolutional_box_predictor",
    "weight_shared_convolutional_box_predictor",
)


@dataclass(frozen=True)
class LossConflict:
    """Something in the config that does not go with its classification loss.

    Attributes:
        problem: What is wrong, in one sentence without a full stop.
        help: The next step for the user.
        message: The message that it is in.
        field: The field of that message; it may be missing.
    """

    problem: str
    help: str
    message: MergedMessage
    field: str


def classification_loss(config: PipelineConfig) -> Optional[str]:
    """The member that TFOD builds for the classification loss; None if it cannot."""
    target = usable_target(config, CLASSIFICATION)
    return target.member if target else None


def miner_conflict(config: PipelineConfig, member: Optional[str]) -> Optional[LossConflict]:
    """A hard_example_miner that TFOD would refuse to build beside a classification loss.

    It does so in ssd with focal loss; faster_rcnn mines beside every loss.
    """
    loss = config.model.message("loss") if config.architecture.name == "ssd" else None
    if loss is None or not loss.has("hard_example_miner") or member != FOCAL:
        return None
    problem = f"TFOD refuses a hard_example_miner beside {FOCAL}"
    help = "remove the miner: focal loss already looks at the hard examples"
    return LossConflict(problem, help, loss, "hard_example_miner")


def converter_conflict(config: PipelineConfig) -> Optional[LossConflict]:
    """A score_converter that does not give the scores which the loss trains."""
    name, model = config.architecture.name, config.model
    if name not in ("ssd", "faster_rcnn"):
        return None
    post_processing = model.message(POST_PROCESSING[name])
    loss = classification_loss(config)
    written = post_processing.enum_name("score_converter") if post_processing else "IDENTITY"
    expected = _expected_converter(loss)
    if expected in (None, written) or (written == "IDENTITY" and _is_converted_before(model)):
        return None
    problem = f"{loss} trains for {expected} scores, but score_converter is {written}"
    if written == "IDENTITY" and not (post_processing and post_processing.has("score_converter")):
        problem = f"{loss} trains for {expected} scores, but there is no score_converter"
    help = f"write score_converter: {expected} in {POST_PROCESSING[name]}"
    return LossConflict(problem, help, post_processing or model, "score_converter")


def bias_conflict(config: PipelineConfig) -> Optional[LossConflict]:
    """A box predictor whose first scores drown a focal loss in the background anchors."""
    predictor = config.model.message("box_predictor") if config.model.has("box_predictor") else None
    if predictor is None or classification_loss(config) != FOCAL:
        return None
    for name in _PREDICTORS_WITH_BIAS:
        inner = predictor.message(name)
        if inner and not inner.scalar("class_prediction_bias_init"):
            problem = f"every anchor starts with the score 0.5, too high for {FOCAL}"
            help = f"write class_prediction_bias_init: {FOCAL_BIAS} in {name}, for a score of 0.01"
            return LossConflict(problem, help, inner, "class_prediction_bias_init")
    return None


def background_conflict(config: PipelineConfig) -> Optional[LossConflict]:
    """An ssd whose softmax has no background class to train anchors without an object for."""
    model = config.model
    if config.architecture.name != "ssd" or classification_loss(config) not in SOFTMAX_LOSSES:
        return None
    loss = classification_loss(config)
    if not model.scalar("add_background_class"):
        problem = f"{loss} needs a background class, but add_background_class is false"
        return LossConflict(
            problem, "write add_background_class: true", model, "add_background_class"
        )
    if model.scalar("encode_background_as_zeros"):
        problem = f"{loss} learns nothing from background with encode_background_as_zeros: true"
        help = "write encode_background_as_zeros: false"
        return LossConflict(problem, help, model, "encode_background_as_zeros")
    return None


def _is_converted_before(model: MergedMessage) -> bool:
    """Whether the box predictor turns logits into scores itself."""
    predictor = model.inner("box_predictor", "weight_shared_convolutional_box_predictor")
    return predictor is not None and predictor.enum_name("score_converter") == "SIGMOID"


def _expected_converter(loss: Optional[str]) -> Optional[str]:
    if loss in SOFTMAX_LOSSES:
        return "SOFTMAX"
    return "SIGMOID" if loss in SIGMOID_LOSSES else None
