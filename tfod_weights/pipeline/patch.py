"""Writing class weights into a config. Patching is stripping, then inserting.

So patching twice is patching once, whatever the options of the first time were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Mapping, Optional, Sequence, Union

from tfod_weights.errors import UsageError
from tfod_weights.files import StrPath
from tfod_weights.pipeline.additions import dead_fields
from tfod_weights.pipeline.architectures import CLASSIFICATION, LOCALIZATION
from tfod_weights.pipeline.changing_fields import AnyWeights
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.loss_switch import LossSwitch
from tfod_weights.pipeline.rewritten import RewrittenConfig
from tfod_weights.pipeline.sampling_block import NewSampling, sampling_edits
from tfod_weights.pipeline.strip import replaced_markers, stripped
from tfod_weights.pipeline.switches import (
    added_text,
    expected_message,
    switches_notes,
    with_switches,
)
from tfod_weights.pipeline.targets import LossTarget
from tfod_weights.pipeline.verify import parsed, verify
from tfod_weights.pipeline.weight_edits import (
    checked_weights,
    classification_fields,
    weight_edits,
    weighted_targets,
)
from tfod_weights.sampling.class_sampling import ClassSampling
from tfod_weights.textformat import apply_edits
from tfod_weights.weighting import ALWAYS, WeightSchedule

LOSSES: Mapping[str, tuple[str, ...]] = {
    "both": (CLASSIFICATION, LOCALIZATION),
    CLASSIFICATION: (CLASSIFICATION,),
    LOCALIZATION: (LOCALIZATION,),
    "none": (),
}


@dataclass(frozen=True)
class PatchOptions:
    """What a patch writes beside the weights: the keywords of `patch_text`."""

    losses: str = "both"
    mode: Optional[str] = None
    background_weight: Optional[float] = None
    schedule: WeightSchedule = ALWAYS
    sampling: Optional[NewSampling] = None
    switch: Optional[LossSwitch] = None
    augment: Optional[str] = None

    def require_usable(self, weights: object) -> None:
        """Refuse options that contradict each other.

        Raises:
            UsageError: with the contradiction.
        """
        if self.losses not in LOSSES:
            known = ", ".join(LOSSES)
            raise UsageError(f"losses is {self.losses!r}; it must be one of {known}")
        if bool(LOSSES[self.losses]) == (weights is None):
            needed = "needs weights" if weights is None else "takes no weights"
            raise UsageError(f"losses={self.losses!r} {needed}")
        if weights is None and not (self.sampling or self.switch or self.augment is not None):
            raise UsageError(
                "there is nothing to write: no class weights, no sampling, no other loss, "
                "no augmentation"
            )
        if weights is None and self.schedule != ALWAYS:
            raise UsageError("a step to start at belongs to class weights")
        self.schedule.require_usable()


@dataclass(frozen=True)
class PatchedConfig(RewrittenConfig):
    """A config with class weights. Nothing is written before `write`.

    Attributes:
        weights: The weights of the losses, by class_index; or how those of each batch are
            computed; None with losses="none".
        losses: Where they are now, such as `classification: weighted_sigmoid`.
        notes: What the user should know, such as blocks that nothing reads.
        schedule: When the weights begin.
        sampling: How images are drawn by their classes; None: each once in a pass.
        added: What there is besides, such as `augmentation: light (...)`.
    """

    weights: Optional[AnyWeights]
    losses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    schedule: WeightSchedule = ALWAYS
    sampling: Optional[NewSampling] = None
    added: tuple[str, ...] = ()


def patch_config(
    path: StrPath,
    weights: Union[AnyWeights, Sequence[float], None],
    *,
    losses: str = "both",
    mode: Optional[str] = None,
    background_weight: Optional[float] = None,
    schedule: WeightSchedule = ALWAYS,
    sampling: Union[ClassSampling, NewSampling, None] = None,
    switch: Optional[LossSwitch] = None,
    augment: Optional[str] = None,
) -> PatchedConfig:
    """`patch_text` of a file, which is not changed before `.write()`.

    Raises:
        ConfigError: the file cannot be read; else as `patch_text`.
    """
    options = PatchOptions(
        losses, mode, background_weight, schedule, _new(sampling), switch, augment
    )
    return patched(PipelineConfig.load(path), weights, options)


def patch_text(
    text: str,
    weights: Union[AnyWeights, Sequence[float], None],
    *,
    losses: str = "both",
    mode: Optional[str] = None,
    background_weight: Optional[float] = None,
    schedule: WeightSchedule = ALWAYS,
    sampling: Union[ClassSampling, NewSampling, None] = None,
    switch: Optional[LossSwitch] = None,
    augment: Optional[str] = None,
    path: str = "<text>",
) -> PatchedConfig:
    """Write class weights into the effective loss blocks of a config, or class sampling.

    Args:
        text: A pipeline.config.
        weights: One weight per class, by class_index: `weights[i]` belongs to class_id i + 1.
            Or how the weights of each batch are computed. None with losses="none".
        losses: "both", "classification", "localization" or "none".
        mode: MATCHED_CLASS (TFOD's schema default), POSITIVE_LOGIT or CLASS_COLUMN.
        background_weight: Of anchors that match no object; None leaves it at 1.
        schedule: When the weights begin.
        sampling: How to draw the training images by their classes; None: not at all.
        switch: The classification loss to switch to first; None leaves the config's.
        augment: The augmentation preset to add: light, medium, strong or detection-ssd.
        path: The name to show in messages.

    Raises:
        TextFormatError: the text is not protobuf text format.
        ConfigError: it is no config that TFOD could read, or nothing in it can be weighted.
        WeightsError: not one weight per class, or a weight is not finite and positive.
        UsageError: an option is unknown or does not fit the loss.
    """
    options = PatchOptions(
        losses, mode, background_weight, schedule, _new(sampling), switch, augment
    )
    return patched(PipelineConfig(text, path), weights, options)


def _new(sampling: Union[ClassSampling, NewSampling, None]) -> Optional[NewSampling]:
    return NewSampling(sampling) if isinstance(sampling, ClassSampling) else sampling


def patched(
    config: PipelineConfig,
    weights: Union[AnyWeights, Sequence[float], None],
    options: PatchOptions = PatchOptions(),
) -> PatchedConfig:
    """`patch_text` of a config that is already parsed."""
    options.require_usable(weights)
    message, kinds = parsed(config), LOSSES[options.losses]
    checked = None if weights is None else checked_weights(config, weights)
    plain = config.with_text(stripped(config, keep=list(dead_fields(config))))
    base = with_switches(config, plain, options.switch, options.augment)
    targets = weighted_targets(base, kinds)
    beside = classification_fields(config, targets, options.mode, options.background_weight)
    edits = weight_edits(base, targets, checked, options.schedule, beside) if checked else []
    edits += sampling_edits(base, options.sampling) if options.sampling else []
    text = apply_edits(base.text, [*replaced_markers(base, edits), *edits])
    expected = expected_message(config, message, plain, options.switch, options.augment)
    verify(config, expected, text, targets, checked, options.schedule, options.sampling)
    return PatchedConfig(
        path=config.path,
        original=config.text,
        text=text,
        weights=checked,
        losses=tuple(f"{t.kind}: {t.member or t.weights_field}" for t in targets),
        notes=(
            *_notes(plain, kinds, targets),
            *switches_notes(plain, base, options.switch, options.augment, targets),
        ),
        schedule=options.schedule,
        sampling=options.sampling,
        added=tuple(added_text(plain, base, options.switch, options.augment)),
    )


def _notes(
    config: PipelineConfig, kinds: Sequence[str], targets: Sequence[LossTarget]
) -> Iterator[str]:
    weighted = {target.kind for target in targets}
    for kind in kinds:
        if kind not in weighted:
            yield f"this {config.architecture.name} has no {kind} loss; none was weighted"
    for field in config.dead_fields():
        line = config.document.place(field.start).line
        yield f"line {line}: nothing reads {field.name}, a later member replaces it; left as it is"
