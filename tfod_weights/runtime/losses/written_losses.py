"""Our fields in the config of a model, and the losses that TFOD builds from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, Optional

from tfod_weights.errors import ConfigError
from tfod_weights.pipeline.architectures import ARCHITECTURES, LossLocation
from tfod_weights.weighting.changing import FieldNames

BACKGROUND = "background_weight"
MODE = "class_weight_mode"

_WEIGHTS = {row.weights_field for each in ARCHITECTURES.values() for row in each.losses.values()}
_OURS = {BACKGROUND, MODE, *_WEIGHTS, *(n for w in _WEIGHTS for n in FieldNames.beside(w).all)}

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
class WrittenLoss:
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
    def beside(self) -> FieldNames:
        """The names of the fields that change the weights."""
        return FieldNames.beside(self.weights_field)

    @property
    def fields(self) -> list[str]:
        """The paths of our fields in it."""
        names = {self.weights_field, *self.beside.all, *([BACKGROUND, MODE] if self.member else [])}
        present = {field.name for field, _ in self.message.ListFields()}
        return [f"{self.path}.{name}" for name in sorted(names & present)]


def written_fields(message: Any, path: str) -> Iterator[str]:
    """The paths of all fields of ours in a message, however deep."""
    for field, value in message.ListFields():
        here = f"{path}.{field.name}"
        if field.name in _OURS:
            yield here
        elif field.message_type is not None and not _is_map(field):
            for inner in [value] if hasattr(value, "ListFields") else value:
                yield from written_fields(inner, here)


def _is_map(field: Any) -> bool:
    return bool(field.message_type.GetOptions().map_entry)


def written_loss(
    model: Any, architecture: str, kind: str, location: LossLocation
) -> Optional[WrittenLoss]:
    """The loss that TFOD builds, if the config has any field of ours in it.

    Raises:
        ConfigError: TFOD builds another loss instead, or cannot train with this one.
    """
    message, member = _innermost(model, location), member_of(model, location)
    if location.oneof is not None:
        if member is None:
            return None
        message = getattr(message, member)
    path = ".".join([architecture, *location.path, *([member] if member else [])])
    loss = WrittenLoss(path, member, message, location.weights_field)
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
        raise ConfigError(
            f"{loss.fields[0]}: {architecture} cannot be trained with {member}: {reason}"
        )
    return loss


def _innermost(model: Any, location: LossLocation) -> Any:
    for name in location.path:
        model = getattr(model, name)
    return model


def member_of(model: Any, location: LossLocation) -> Optional[str]:
    """The name of the loss that is written there; None for none."""
    if location.oneof is None:
        return None
    member: Optional[str] = _innermost(model, location).WhichOneof(location.oneof)
    return member
