"""What patch adds beside class weights: another loss, augmentation; and the proof of it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Iterator, Optional, Sequence

from google.protobuf import text_format

from tfod_weights.pipeline.additions import AUGMENT, LOSS, additions
from tfod_weights.pipeline.architectures import CLASSIFICATION
from tfod_weights.pipeline.augmentation import (
    OPTIONS,
    augmentation_notes,
    augmented,
    missing_options,
    require_augmentable,
)
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.loss_switch import LossSwitch, require_switchable, switch_notes, switched
from tfod_weights.pipeline.targets import LossTarget
from tfod_weights.pipeline.verify import parsed, require_same

if TYPE_CHECKING:
    from google.protobuf.message import Message


def with_switches(
    config: PipelineConfig,
    plain: PipelineConfig,
    switch: Optional[LossSwitch],
    augment: Optional[str],
) -> PipelineConfig:
    """A config with another loss and an augmentation preset.

    Args:
        config: The config as it is; errors point into it.
        plain: The config stripped, which gets the loss and the preset.
        switch: The loss to switch to; None leaves the config's.
        augment: The name of the preset; None adds none.

    Raises:
        ConfigError: TFOD would refuse the loss or an option.
        UsageError: there is no such preset.
    """
    result = plain
    if switch:
        require_switchable(config, switch.member)
        result = switched(result, switch)
    if augment is not None:
        require_augmentable(config, missing_options(plain, augment))
        result = augmented(result, augment)
    return result


def switches_notes(
    before: PipelineConfig,
    after: PipelineConfig,
    switch: Optional[LossSwitch],
    augment: Optional[str],
    targets: Sequence[LossTarget],
) -> Iterator[str]:
    """What to know of the result of `with_switches`."""
    if switch:
        has_weights = any(target.kind == CLASSIFICATION for target in targets)
        yield from switch_notes(before, after, switch, has_weights)
    if augment:
        yield from augmentation_notes(before, augment)


def added_text(
    before: PipelineConfig,
    after: PipelineConfig,
    switch: Optional[LossSwitch],
    augment: Optional[str],
) -> Iterator[str]:
    """What `with_switches` added, in words, one line for each addition."""
    kinds = {one.kind: one.provenance for one in additions(after)}
    if switch and LOSS in kinds:
        old = kinds[LOSS]["instead_of"]
        was = "what was there" if old == switch.member else old
        yield f"loss: {switch.described()} instead of {was}"
    if augment and AUGMENT in kinds:
        yield f"augmentation: {augment} ({', '.join(missing_options(before, augment))})"


def expected_message(
    config: PipelineConfig,
    message: Message,
    plain: PipelineConfig,
    switch: Optional[LossSwitch],
    augment: Optional[str],
) -> Message:
    """What protobuf should read in a patched config, made without the patched text.

    Args:
        config: The config to be patched.
        message: The config as protobuf reads it.
        plain: The config stripped.
        switch: The loss that it is switched to.
        augment: The preset that it gets.

    Raises:
        TfodWeightsError: stripping changed more than class weights and what patch had added; a
            bug in tfod-weights.
    """
    has_additions = any(additions(config))
    if switch is None and augment is None and not has_additions:
        return message
    expected: Any = parsed(plain)
    comparable = _without_switches if has_additions else _copied
    require_same(config, comparable(config, message), comparable(config, expected))
    if switch:
        _set_loss(config, expected, switch)
    if augment:
        for name, parameters in missing_options(plain, augment).items():
            fields = " ".join(f"{key}: {value}" for key, value in parameters.items())
            option = expected.train_config.data_augmentation_options.add()
            text_format.Parse(f"{name} {{ {fields} }}", option)
    result: Message = expected
    return result


def _copied(config: PipelineConfig, message: Message) -> Message:
    return copy.deepcopy(message)


def _without_switches(config: PipelineConfig, message: Any) -> Message:
    """A copy without what a switch or a preset can change."""
    result = copy.deepcopy(message)
    result.train_config.ClearField(OPTIONS)
    *path, wrapper = config.architecture.losses[CLASSIFICATION].path
    holder = getattr(result.model, config.architecture.name)
    for name in path:
        holder = getattr(holder, name)
    holder.ClearField(wrapper)
    checked: Message = result
    return checked


def _set_loss(config: PipelineConfig, message: Any, switch: LossSwitch) -> None:
    holder = getattr(message.model, config.architecture.name)
    for name in (*config.architecture.losses[CLASSIFICATION].path, switch.member):
        holder = getattr(holder, name)
    holder.SetInParent()
    values = switch.parameters
    if any(getattr(holder, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(holder, name, value)
