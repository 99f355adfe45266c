"""Writing a preset of augmentation options into train_config."""

from __future__ import annotations

from typing import Iterator

from tfod_weights.errors import ConfigError, SourcePlace, UsageError
from tfod_weights.pipeline.additions import AUGMENT, COUNT, added
from tfod_weights.pipeline.augmentation_presets import (
    COLOURS,
    CROPS,
    FLIP,
    PRESETS,
    RESCALING,
    Parameters,
    Preset,
)
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.layout import NewBlock, NewField
from tfod_weights.suggestions import did_you_mean

OPTIONS = "data_augmentation_options"


def require_preset(name: str) -> Preset:
    """The options of a preset, in TFOD's order.

    Raises:
        UsageError: there is no such preset.
    """
    if name not in PRESETS:
        raise UsageError(
            f"augment is {name!r}; it must be one of {', '.join(PRESETS)}",
            help=did_you_mean(name, PRESETS),
        )
    return PRESETS[name]


def augmented(config: PipelineConfig, preset: str) -> PipelineConfig:
    """The config with those options of a preset that it does not have.

    Args:
        config: A config without an added preset, that `require_augmentable` lets pass.
        preset: A key of PRESETS.
    """
    new = missing_options(config, preset)
    train = config.root.message("train_config")
    block = train.blocks[-1] if train else None
    assert block is not None
    provenance = {AUGMENT: preset, COUNT: str(len(new))}
    children = [NewBlock(OPTIONS, (_option(name, new[name]),)) for name in new]
    return added(config, block, children, provenance) if new else config


def require_augmentable(config: PipelineConfig, new: Preset) -> None:
    """Refuse what cannot be augmented with new options.

    Raises:
        ConfigError: there is no train_config, or TFOD would refuse an option.
    """
    if not config.root.has("train_config"):
        raise ConfigError(
            "the config has no train_config, which is where augmentation options stand",
            place=SourcePlace(config.path),
            help="write train_config { ... }",
        )
    reader = config.root.message("train_input_reader")
    if FLIP in new and reader and reader.scalar("num_keypoints"):
        raise config.error(
            f"TFOD refuses {FLIP} for keypoints without keypoint_flip_permutation, which only "
            "you know",
            reader.occurrences("num_keypoints")[-1],
            help=f"write {OPTIONS} {{ {FLIP} {{ keypoint_flip_permutation: ... }} }}; "
            "the preset leaves it as it is",
        )


def missing_options(config: PipelineConfig, preset: str) -> Preset:
    """The options of a preset that a config does not have, whatever their parameters."""
    present = options_of(config)
    return {name: new for name, new in require_preset(preset).items() if name not in present}


def options_of(config: PipelineConfig) -> list[str]:
    """The names of the options that a config augments with, in order."""
    train = config.root.message("train_config")
    names = (one.which("preprocessing_step") for one in (train.messages(OPTIONS) if train else ()))
    return [name for name in names if name]


def augmentation_notes(config: PipelineConfig, preset: str) -> Iterator[str]:
    """What to know of a preset in a config that does not have it yet."""
    present, new = options_of(config), missing_options(config, preset)
    for name in require_preset(preset):
        if name not in new:
            yield f"{name} is there already; left as it is"
    for mine in CROPS & new.keys():
        for theirs in sorted(CROPS.intersection(present)):
            yield f"{theirs} is there as well as {mine}: images are cropped twice"
    if any(name in COLOURS for name in new):
        for theirs in sorted(RESCALING.intersection(present)):
            yield (
                f"{theirs} comes before the colours of {preset}, which expect values from 0 to "
                "255: move it to the end"
            )


def _option(name: str, parameters: Parameters) -> NewBlock:
    return NewBlock(name, tuple(NewField(key, (value,)) for key, value in parameters.items()))
