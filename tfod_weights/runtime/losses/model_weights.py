"""What the config of a model asks of its losses, checked before anything is built.

Reads TFOD's messages with the fields of protos_ext/class_weights.proto; needs no TensorFlow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Optional, Sequence

from tfod_weights.errors import ConfigError, WeightsError
from tfod_weights.pipeline.architectures import (
    ARCHITECTURES,
    CLASSIFICATION,
    SOFTMAX_LOSSES,
    LossLocation,
)
from tfod_weights.runtime.losses.written_changes import read_batch, read_schedule
from tfod_weights.runtime.losses.written_losses import (
    BACKGROUND,
    MODE,
    WrittenLoss,
    member_of,
    written_fields,
    written_loss,
)
from tfod_weights.schema import enum_value_name
from tfod_weights.weighting.changing import ALWAYS, BatchClassWeights, WeightSchedule
from tfod_weights.wording import number_of

MATCHED_CLASS = "MATCHED_CLASS"
POSITIVE_LOGIT = "POSITIVE_LOGIT"
CLASS_COLUMN = "CLASS_COLUMN"

DICE = "weighted_dice_classification_loss"
LOGIT_TARGETS = "weighted_logits_softmax"


@dataclass(frozen=True)
class LossWeights:
    """The weights of one loss.

    Attributes:
        class_weights: By class_index; one for each class.
        background_weight: Of an anchor that is matched to no object.
        mode: MATCHED_CLASS, POSITIVE_LOGIT or CLASS_COLUMN.
        schedule: When the weights begin.
        batch: The class weights of each batch, in place of `class_weights`, which are then 1.
    """

    class_weights: tuple[float, ...]
    background_weight: float = 1.0
    mode: str = MATCHED_CLASS
    schedule: WeightSchedule = ALWAYS
    batch: Optional[BatchClassWeights] = None

    @property
    def change_nothing(self) -> bool:
        """Whether every weight is always 1."""
        return self.batch is None and {*self.class_weights, self.background_weight} == {1.0}


@dataclass(frozen=True)
class ModelWeights:
    """The weights of a model's losses.

    Attributes:
        num_classes: Without the background.
        classification: None where the config asks nothing of this loss.
        localization: As `classification`.
        logit_targets: Whether the targets of the classes are logits, not 0 and 1.
    """

    num_classes: int
    classification: Optional[LossWeights]
    localization: Optional[LossWeights]
    logit_targets: bool = False


def read_model_weights(model: Any, architecture: str) -> Optional[ModelWeights]:
    """The weights that a model's config asks for; None if it asks for none.

    Args:
        model: The architecture's message, such as object_detection.protos.Ssd.
        architecture: Its field in DetectionModel: ssd, faster_rcnn or center_net.

    Raises:
        ConfigError: there are not as many weights as classes, or no loss would use them.
        WeightsError: a weight is not finite or not greater than 0.
    """
    written = list(written_fields(model, architecture))
    if not written:
        return None
    row = ARCHITECTURES[architecture]
    found = {kind: written_loss(model, architecture, kind, loc) for kind, loc in row.losses.items()}
    used = {name for loss in found.values() if loss for name in loss.fields}
    _refuse_unused([path for path in written if path not in used], architecture)
    _refuse_one_stage(model, architecture, written[0])
    classification, localization = (
        _checked(loss, model.num_classes) if loss else None for loss in found.values()
    )
    return ModelWeights(
        num_classes=model.num_classes,
        classification=classification,
        localization=localization,
        logit_targets=member_of(model, row.losses[CLASSIFICATION]) == LOGIT_TARGETS,
    )


def _refuse_unused(paths: list[str], architecture: str) -> None:
    for path in paths:
        blocks = [_block(architecture, row) for row in ARCHITECTURES[architecture].losses.values()]
        raise ConfigError(
            f"{path}: TFOD trains no loss of object classes from this block",
            help=f"class weights go into {' and '.join(blocks)}; `tfod-weights strip` removes them "
            "all, `tfod-weights patch` writes them anew",
        )


def _block(architecture: str, location: LossLocation) -> str:
    """Where the weights of a loss belong, for a message."""
    names = [architecture, *location.path]
    return ".".join(names if location.oneof else [*names, location.weights_field])


def _refuse_one_stage(model: Any, architecture: str, path: str) -> None:
    if architecture == "faster_rcnn" and model.number_of_stages == 1:
        raise ConfigError(
            f"{path}: with number_of_stages: 1 only the region proposal network "
            "is trained, which knows no classes"
        )


def _checked(loss: WrittenLoss, num_classes: int) -> LossWeights:
    """The weights of a loss, usable as they are.

    Raises:
        ConfigError: they do not fit the model or the loss.
        WeightsError: a weight is not finite or not greater than 0.
    """
    weights = tuple(getattr(loss.message, loss.weights_field)) or (1.0,) * num_classes
    if len(weights) != num_classes:
        raise ConfigError(
            f"{loss.path}.{loss.weights_field} has {number_of(len(weights), 'weight')} "
            f"for num_classes: {num_classes}",
            help="`tfod-weights patch` computes and writes one weight for each class",
        )
    _require_positive(f"{loss.path}.{loss.weights_field}", weights)
    schedule, batch = read_schedule(loss), read_batch(loss)
    if loss.member is None or BACKGROUND not in loss.message.DESCRIPTOR.fields_by_name:
        return LossWeights(weights, schedule=schedule, batch=batch)
    background = float(loss.message.background_weight)
    _require_positive(f"{loss.path}.{BACKGROUND}", [background])
    return LossWeights(weights, background, _mode(loss), schedule, batch)


def _require_positive(path: str, weights: Sequence[float]) -> None:
    for index, weight in enumerate(weights):
        if not (math.isfinite(weight) and weight > 0):
            of_class = "" if path.endswith(BACKGROUND) else f" of class_id {index + 1}"
            raise WeightsError(
                f"{path}: the weight{of_class} is {weight:g}",
                help="weights are finite and greater than 0",
            )


def _mode(loss: WrittenLoss) -> str:
    mode = enum_value_name(loss.message, MODE)
    refused = SOFTMAX_LOSSES | ({DICE} if mode == POSITIVE_LOGIT else set())
    if mode != MATCHED_CLASS and loss.member in refused:
        raise ConfigError(
            f"{loss.path}: class_weight_mode {mode} needs a loss per anchor and class, which "
            f"{loss.member} does not have",
            help=f"{MATCHED_CLASS}, the default, works with every loss",
        )
    return mode
