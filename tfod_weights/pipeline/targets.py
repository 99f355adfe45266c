"""Which block of a config gets the weights of a loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from tfod_weights.errors import ConfigError
from tfod_weights.pipeline.architectures import (
    CLASSIFICATION,
    LossLocation,
)
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.textformat import Block, MergedMessage


@dataclass(frozen=True)
class LossTarget:
    """Where the weights of one loss go.

    Attributes:
        kind: CLASSIFICATION or LOCALIZATION.
        block: The existing block that is written into: the last live one.
        missing: Names of the blocks that must be added inside it first, outermost first.
        weights_field: The name of the weights field.
        member: The loss, such as weighted_sigmoid; None where the weights field is the
            architecture's own.
        message: The message that holds (or will hold) the weights; None while it is missing.
    """

    kind: str
    block: Block
    missing: tuple[str, ...]
    weights_field: str
    member: Optional[str]
    message: Optional[MergedMessage]


def require_classes(config: PipelineConfig) -> None:
    """Refuse models that classify nothing.

    Raises:
        ConfigError: with the reason.
    """
    model, name = config.model, config.architecture.name
    if name == "faster_rcnn" and model.scalar("number_of_stages") == 1:
        raise config.error(
            "number_of_stages: 1 trains only the region proposal network, which knows no classes",
            model.occurrences("number_of_stages")[-1],
        )
    if name == "center_net" and not model.has("object_center_params"):
        raise config.error(
            "this center_net has no object_center_params, so it classifies nothing "
            "(DeepMAC's mask loss knows no classes)",
            config.model_field(name),
        )


def loss_target(config: PipelineConfig, kind: str) -> Optional[LossTarget]:
    """Where the weights of a loss go; None if the model is built without that loss.

    Args:
        config: A config without faults.
        kind: CLASSIFICATION or LOCALIZATION.

    Raises:
        ConfigError: TFOD could not build the loss, or would not use what is written.
    """
    location = config.architecture.losses[kind]
    model = config.model
    if location.oneof is None:
        return LossTarget(kind, _last_block(model), (), location.weights_field, None, model)
    if location.optional_task and not model.has(location.optional_task):
        return None
    parent, missing = descend(model, location.path)
    if missing:
        return _target_to_add(config, kind, location, parent, missing)
    return _target_in(config, kind, location, parent)


def usable_target(config: PipelineConfig, kind: str) -> Optional[LossTarget]:
    """As `loss_target`; None also if TFOD could not build the loss, or would not use it."""
    try:
        return loss_target(config, kind)
    except ConfigError:
        return None


def descend(message: MergedMessage, path: tuple[str, ...]) -> tuple[MergedMessage, tuple[str, ...]]:
    """The deepest existing message on a path, and the names that do not exist."""
    for depth, name in enumerate(path):
        inner = message.message(name)
        if inner is None:
            return message, path[depth:]
        message = inner
    return message, ()


def _target_in(
    config: PipelineConfig, kind: str, location: LossLocation, wrapper: MergedMessage
) -> LossTarget:
    assert location.oneof is not None
    member = wrapper.which(location.oneof)
    if member is None:
        return _target_to_add(config, kind, location, wrapper, ())
    if location.ignored_unless and member not in location.ignored_unless:
        raise config.error(
            f"{config.architecture.name} does not build {member}: TFOD ignores it and trains "
            f"with {location.default_member}",
            wrapper.occurrences(member)[-1],
            help=f"write one of {', '.join(sorted(location.ignored_unless))}",
        )
    message = wrapper.message(member)
    assert message is not None
    return LossTarget(kind, _last_block(message), (), location.weights_field, member, message)


def _target_to_add(
    config: PipelineConfig,
    kind: str,
    location: LossLocation,
    parent: MergedMessage,
    missing: tuple[str, ...],
) -> LossTarget:
    member, name = location.default_member, config.architecture.name
    if member is None:
        path = ".".join((name, *location.path))
        raise ConfigError(
            f"{path} names no loss, so TFOD cannot build this model",
            place=config.document.place(_last_block(parent).start),
            help=f"write the {kind} loss, e.g. {_EXAMPLES[name, kind]} {{ }}",
        )
    block = _last_block(parent)
    return LossTarget(kind, block, (*missing, member), location.weights_field, member, None)


_EXAMPLES = {
    ("ssd", CLASSIFICATION): "weighted_sigmoid_focal",
    ("ssd", "localization"): "weighted_smooth_l1",
    ("center_net", CLASSIFICATION): "penalty_reduced_logistic_focal_loss",
    ("center_net", "localization"): "l1_localization_loss",
}


def _last_block(message: MergedMessage) -> Block:
    block = message.blocks[-1]
    assert block is not None
    return block
