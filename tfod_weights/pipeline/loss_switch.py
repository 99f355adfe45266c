"""Switching a config to another classification loss, so that `strip` can switch it back.

The new member of the oneof is added behind the old one. Protobuf's Merge, with which TFOD reads
configs, takes the last member of a oneof, so the old one stays in the file and nothing reads it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Iterator, Optional

from tfod_weights.errors import UsageError
from tfod_weights.pipeline.additions import LOSS, added
from tfod_weights.pipeline.architectures import CLASSIFICATION
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.layout import NewBlock, NewField
from tfod_weights.pipeline.loss_facts import (
    FOCAL,
    SIGMOID,
    SOFTMAX,
    background_conflict,
    bias_conflict,
    converter_conflict,
    miner_conflict,
)
from tfod_weights.pipeline.targets import descend, require_classes
from tfod_weights.pipeline.weights_fields import as_float32, float32_text

MEMBERS = (FOCAL, SIGMOID, SOFTMAX)


@dataclass(frozen=True)
class LossSwitch:
    """The classification loss that a config is to be switched to.

    Attributes:
        member: weighted_sigmoid_focal, weighted_sigmoid or weighted_softmax.
        gamma: Of the focal loss: how much less a loss counts that is small already; 0: not at
            all. The default is that of Lin et al. 2017.
        alpha: Of the focal loss: the share of objects, against 1 - alpha of background. The
            default is that of Lin et al. 2017.

    Raises:
        UsageError: another member, or a number that the loss cannot have.
    """

    member: str
    gamma: float = 2.0
    alpha: float = 0.25

    def __post_init__(self) -> None:
        if self.member not in MEMBERS:
            raise UsageError(f"switch to {self.member!r}; it must be one of {', '.join(MEMBERS)}")
        if not 0 <= as_float32(self.gamma) < math.inf:
            raise UsageError(f"gamma is {self.gamma:g}; it must be 0 or greater, and finite")
        if not 0 < as_float32(self.alpha) < 1:
            raise UsageError(f"alpha is {self.alpha:g}; it must lie between 0 and 1")

    @property
    def parameters(self) -> dict[str, float]:
        """The fields of the loss, as 32-bit floats keep them."""
        if self.member != FOCAL:
            return {}
        return {"gamma": as_float32(self.gamma), "alpha": as_float32(self.alpha)}

    def described(self) -> str:
        """The loss and its parameters, in words."""
        values = " and ".join(f"{name} {value:g}" for name, value in self.parameters.items())
        return f"{self.member} with {values}" if values else self.member


def switched(config: PipelineConfig, switch: LossSwitch) -> PipelineConfig:
    """The config with another classification loss; the same if it has that loss already.

    Args:
        config: A config without an added loss, that `require_switchable` lets pass.
        switch: The loss to switch to.
    """
    if _is_there(config, switch):
        return config
    path = config.architecture.losses[CLASSIFICATION].path
    parent, missing = descend(config.model, path)
    values = switch.parameters.items()
    fields = tuple(NewField(name, (float32_text(value),)) for name, value in values)
    child = NewBlock(switch.member, fields)
    for name in reversed(missing):
        child = NewBlock(name, (child,))
    block = parent.blocks[-1]
    assert block is not None
    provenance = {LOSS: switch.member, "instead_of": _member(config) or "none"}
    return added(config, block, [child], provenance)


def require_switchable(config: PipelineConfig, member: str) -> None:
    """Refuse what cannot be trained with another loss.

    Raises:
        ConfigError: the model classifies nothing, or TFOD would refuse the loss.
    """
    require_classes(config)
    if config.architecture.name == "center_net":
        raise config.error(
            f"center_net cannot train with {member}: its targets are heatmaps with a soft peak "
            "at every object, which only penalty_reduced_logistic_focal_loss is made for",
            config.model.occurrences("object_center_params")[-1],
            help="leave the loss as it is: it is a focal loss already",
        )
    conflict = miner_conflict(config, member)
    if conflict:
        miner = conflict.message.occurrences(conflict.field)[-1]
        raise config.error(conflict.problem, miner, conflict.help)


def _member(config: PipelineConfig) -> Optional[str]:
    """The member that the config names now, whether or not TFOD builds it, or its default."""
    location = config.architecture.losses[CLASSIFICATION]
    wrapper = config.model.inner(*location.path)
    assert location.oneof is not None
    return (wrapper.which(location.oneof) if wrapper else None) or location.default_member


def _is_there(config: PipelineConfig, switch: LossSwitch) -> bool:
    if _member(config) != switch.member:
        return False
    loss = config.model.inner(*config.architecture.losses[CLASSIFICATION].path, switch.member)
    return all(
        loss is not None and as_float32(float(loss.scalar(name))) == value
        for name, value in switch.parameters.items()
    )


def switch_notes(
    before: PipelineConfig, after: PipelineConfig, switch: LossSwitch, has_weights: bool
) -> Iterator[str]:
    """What else a user should change or know.

    Args:
        before: The config.
        after: The config switched.
        switch: The loss that it was switched to.
        has_weights: Whether the loss gets class weights.
    """
    if after is before:
        yield f"the classification loss is {switch.described()} already"
    for conflict in (converter_conflict, background_conflict, bias_conflict):
        found = conflict(after)
        if found:
            yield f"{found.problem}; {found.help}"
    if switch.member == FOCAL and has_weights:
        yield (
            f"alpha {switch.alpha:g} weighs the objects of every class alike against background; "
            "class weights come on top of it"
        )
