"""What the config of a model asks of its losses, checked before anything is built.

Reads TFOD's messages with the fields of protos_ext/class_weights.proto; needs no TensorFlow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Iterator, Optional, Sequence

from tfod_weights.errors import ConfigError, WeightsError
from tfod_weights.pipeline.architectures import (
    ARCHITECTURES,
    CLASSIFICATION,
    SOFTMAX_LOSSES,
    LossLocation,
)

MATCHED_CLASS = "MATCHED_CLASS"
POSITIVE_LOGIT = "POSITIVE_LOGIT"
CLASS_COLUMN = "CLASS_COLUMN"

DICE = "weighted_dice_classification_loss"
LOGIT_TARGETS = "weighted_logits_softmax"

_BACKGROUND = "background_weight"
_MODE = "class_weight_mode"
_OURS = {
    "class_weights",
    "second_stage_localization_class_weights",
    _BACKGROUND,
    _MODE,
}

# (architecture, kind) -> members that TFOD builds, but that fail or are wrong in training
_UNUSABLE = {
    ("center_net", "localization"): {
        "weighted_smooth_l1": "its weights do not fit CenterNet's targets",
        "weighted_iou": "it needs boxes, and CenterNet regresses heights and widths",
        "weighted_giou": "it needs boxes, and CenterNet regresses heights and widths",
    },
    ("ssd", "localization"): {"l1_localization_loss": "its weights do not fit SSD's targets"},
}


@dataclass(frozen=True)
class LossWeights:
    """The weights of one loss.

    Attributes:
        class_weights: By class_index; one for each class.
        background_weight: Of an anchor that is matched to no object.
        mode: MATCHED_CLASS, POSITIVE_LOGIT or CLASS_COLUMN.
    """

    class_weights: tuple[float, ...]
    background_weight: float = 1.0
    mode: str = MATCHED_CLASS

    @property
    def change_nothing(self) -> bool:
        """Whether every weight is 1."""
        return {*self.class_weights, self.background_weight} == {1.0}


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
    written = dict(_written(model, architecture))
    if not written:
        return None
    row = ARCHITECTURES[architecture]
    found = {kind: _loss(model, architecture, kind, loc) for kind, loc in row.losses.items()}
    used = {name for loss in found.values() if loss for name in loss.fields}
    _refuse_unused(written.keys() - used, architecture)
    _refuse_one_stage(model, architecture, written)
    classification, localization = (
        _checked(loss, model.num_classes) if loss else None for loss in found.values()
    )
    return ModelWeights(
        num_classes=model.num_classes,
        classification=classification,
        localization=localization,
        logit_targets=_member(model, row.losses[CLASSIFICATION]) == LOGIT_TARGETS,
    )


@dataclass(frozen=True)
class _WrittenLoss:
    """A loss as the config has it.

    Attributes:
        path: From the architecture on, such as ssd.loss.classification_loss.weighted_sigmoid.
        member: The loss; None where the weights are the architecture's own field.
        message: The message that holds the weights.
        weights_field: The name of the weights in it.
    """

    path: str
    member: Optional[str]
    message: Any
    weights_field: str

    @property
    def fields(self) -> list[str]:
        """The paths of our fields in it."""
        names = {self.weights_field, _BACKGROUND, _MODE} if self.member else {self.weights_field}
        present = {field.name for field, _ in self.message.ListFields()}
        return [f"{self.path}.{name}" for name in sorted(names & present)]


def _written(message: Any, path: str) -> Iterator[tuple[str, Any]]:
    """The paths and values of all fields of ours in a message, however deep."""
    for field, value in message.ListFields():
        here = f"{path}.{field.name}"
        if field.name in _OURS:
            yield here, value
        elif field.message_type is not None and not _is_map(field):
            for inner in [value] if hasattr(value, "ListFields") else value:
                yield from _written(inner, here)


def _is_map(field: Any) -> bool:
    return bool(field.message_type.GetOptions().map_entry)


def _loss(
    model: Any, architecture: str, kind: str, location: LossLocation
) -> Optional[_WrittenLoss]:
    """The loss that TFOD builds, if the config has any field of ours in it.

    Raises:
        ConfigError: TFOD builds another loss instead, or cannot train with this one.
    """
    message, member = _innermost(model, location), _member(model, location)
    if location.oneof is not None:
        if member is None:
            return None
        message = getattr(message, member)
    path = ".".join([architecture, *location.path, *([member] if member else [])])
    loss = _WrittenLoss(path, member, message, location.weights_field)
    if not loss.fields:
        return None
    if member and location.ignored_unless and member not in location.ignored_unless:
        raise ConfigError(
            f"{loss.fields[0]}: {architecture} does not build {member}; TFOD ignores it and trains "
            f"with {location.default_member}",
            help=f"write one of {', '.join(sorted(location.ignored_unless))}",
        )
    reason = _UNUSABLE.get((architecture, kind), {}).get(member or "")
    if reason:
        raise ConfigError(f"{loss.fields[0]}: TFOD cannot train {architecture} so: {reason}")
    return loss


def _innermost(model: Any, location: LossLocation) -> Any:
    for name in location.path:
        model = getattr(model, name)
    return model


def _member(model: Any, location: LossLocation) -> Optional[str]:
    if location.oneof is None:
        return None
    member: Optional[str] = _innermost(model, location).WhichOneof(location.oneof)
    return member


def _refuse_unused(paths: set[str], architecture: str) -> None:
    for path in sorted(paths):
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


def _refuse_one_stage(model: Any, architecture: str, written: dict[str, Any]) -> None:
    if architecture == "faster_rcnn" and model.number_of_stages == 1:
        raise ConfigError(
            f"{next(iter(written))}: with number_of_stages: 1 only the region proposal network "
            "is trained, which knows no classes"
        )


def _checked(loss: _WrittenLoss, num_classes: int) -> LossWeights:
    """The weights of a loss, usable as they are.

    Raises:
        ConfigError: they do not fit the model or the loss.
        WeightsError: a weight is not finite or not greater than 0.
    """
    weights = tuple(getattr(loss.message, loss.weights_field)) or (1.0,) * num_classes
    if len(weights) != num_classes:
        number = f"{len(weights)} weight{'s' if len(weights) > 1 else ''}"
        raise ConfigError(
            f"{loss.path}.{loss.weights_field} has {number} for num_classes: {num_classes}",
            help="`tfod-weights patch` computes and writes one weight for each class",
        )
    _require_positive(f"{loss.path}.{loss.weights_field}", weights)
    if loss.member is None or _BACKGROUND not in loss.message.DESCRIPTOR.fields_by_name:
        return LossWeights(weights)
    background = float(loss.message.background_weight)
    _require_positive(f"{loss.path}.{_BACKGROUND}", [background])
    return LossWeights(weights, background, _mode(loss))


def _require_positive(path: str, weights: Sequence[float]) -> None:
    for index, weight in enumerate(weights):
        if not (math.isfinite(weight) and weight > 0):
            of = "" if path.endswith(_BACKGROUND) else f" the weight of class_id {index + 1},"
            raise WeightsError(f"{path}:{of} {weight:g}, is not finite and greater than 0")


def _mode(loss: _WrittenLoss) -> str:
    message = loss.message
    modes = message.DESCRIPTOR.fields_by_name[_MODE].enum_type.values_by_number
    mode: str = modes[message.class_weight_mode].name
    refused = SOFTMAX_LOSSES | ({DICE} if mode == POSITIVE_LOGIT else set())
    if mode != MATCHED_CLASS and loss.member in refused:
        raise ConfigError(
            f"{loss.path}: class_weight_mode {mode} needs a loss per anchor and class, which "
            f"{loss.member} does not have",
            help=f"{MATCHED_CLASS}, the default, works with every loss",
        )
    return mode
