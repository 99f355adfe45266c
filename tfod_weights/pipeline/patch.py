"""Writing class weights into a config. Patching is stripping, then inserting.

So patching twice is patching once, whatever the options of the first time were.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Iterator, Mapping, Optional, Sequence, Union

from tfod_weights.errors import UsageError, WeightsError
from tfod_weights.files import StrPath
from tfod_weights.pipeline.additions import dead_fields
from tfod_weights.pipeline.architectures import CLASSIFICATION, LOCALIZATION, SOFTMAX_LOSSES
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.layout import NewBlock, NewField, insertions
from tfod_weights.pipeline.loss_switch import LossSwitch
from tfod_weights.pipeline.marker import marker
from tfod_weights.pipeline.rewritten import RewrittenConfig
from tfod_weights.pipeline.strip import stripped
from tfod_weights.pipeline.switches import (
    added_text,
    expected_message,
    switches_notes,
    with_switches,
)
from tfod_weights.pipeline.targets import LossTarget, loss_target, require_classes
from tfod_weights.pipeline.verify import parsed, verify
from tfod_weights.pipeline.weights_fields import (
    as_float32,
    float32_text,
    provenance,
    weights_field,
)
from tfod_weights.textformat import Edit, apply_edits
from tfod_weights.weighting import ClassWeights, given_weights

LOSSES: Mapping[str, tuple[str, ...]] = {
    "both": (CLASSIFICATION, LOCALIZATION),
    CLASSIFICATION: (CLASSIFICATION,),
    LOCALIZATION: (LOCALIZATION,),
    "none": (),
}
MODES = ("MATCHED_CLASS", "POSITIVE_LOGIT", "CLASS_COLUMN")


@dataclass(frozen=True)
class PatchedConfig(RewrittenConfig):
    """A config with class weights. Nothing is written before `write`.

    Attributes:
        weights: The weights of the losses, by class_index; None with losses="none".
        losses: Where they are now, such as `classification: weighted_sigmoid`.
        notes: What the user should know, such as blocks that nothing reads.
        added: What there is beside weights, such as `augmentation: light (...)`.
    """

    weights: Optional[ClassWeights]
    losses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def patch_config(
    path: StrPath,
    weights: Union[ClassWeights, Sequence[float], None],
    *,
    losses: str = "both",
    mode: Optional[str] = None,
    background_weight: Optional[float] = None,
    switch: Optional[LossSwitch] = None,
    augment: Optional[str] = None,
) -> PatchedConfig:
    """`patch_text` of a file, which is not changed before `.write()`.

    Raises:
        ConfigError: the file cannot be read; else as `patch_text`.
    """
    config = PipelineConfig.load(path)
    return patched(
        config,
        weights,
        losses=losses,
        mode=mode,
        background_weight=background_weight,
        switch=switch,
        augment=augment,
    )


def patch_text(
    text: str,
    weights: Union[ClassWeights, Sequence[float], None],
    *,
    losses: str = "both",
    mode: Optional[str] = None,
    background_weight: Optional[float] = None,
    switch: Optional[LossSwitch] = None,
    augment: Optional[str] = None,
    path: str = "<text>",
) -> PatchedConfig:
    """Write class weights into the effective loss blocks of a config.

    Args:
        text: A pipeline.config.
        weights: One weight per class, by class_index: `weights[i]` belongs to class_id i + 1;
            None with losses="none".
        losses: "both", "classification", "localization" or "none".
        mode: MATCHED_CLASS (TFOD's schema default), POSITIVE_LOGIT or CLASS_COLUMN.
        background_weight: Of anchors that match no object; None leaves it at 1.
        switch: The classification loss to switch to first; None leaves the config's.
        augment: The augmentation preset to add: light, medium, strong or detection-ssd.
        path: The name to show in messages.

    Raises:
        TextFormatError: the text is not protobuf text format.
        ConfigError: it is no config that TFOD could read, or nothing in it can be weighted.
        WeightsError: not one weight per class, or a weight is not finite and positive.
        UsageError: an option is unknown or does not fit the loss.
    """
    return patched(
        PipelineConfig(text, path),
        weights,
        losses=losses,
        mode=mode,
        background_weight=background_weight,
        switch=switch,
        augment=augment,
    )


def patched(
    config: PipelineConfig,
    weights: Union[ClassWeights, Sequence[float], None],
    *,
    losses: str = "both",
    mode: Optional[str] = None,
    background_weight: Optional[float] = None,
    switch: Optional[LossSwitch] = None,
    augment: Optional[str] = None,
) -> PatchedConfig:
    """`patch_text` of a config that is already parsed."""
    if losses not in LOSSES:
        raise UsageError(f"losses is {losses!r}; it must be one of {', '.join(LOSSES)}")
    _require_something(losses, weights, switch, augment)
    message = parsed(config)
    class_weights = _checked_weights(config, weights) if weights is not None else None
    plain = config.with_text(stripped(config, keep=list(dead_fields(config))))
    base = with_switches(config, plain, switch, augment)
    targets = _targets(base, LOSSES[losses])
    options = _options(config, targets, mode, background_weight)
    edits = _edits(base, targets, class_weights, options) if class_weights else []
    text = apply_edits(base.text, edits)
    expected = expected_message(config, message, plain, switch, augment)
    verify(config, expected, text, targets, class_weights.values if class_weights else ())
    return PatchedConfig(
        path=config.path,
        original=config.text,
        text=text,
        weights=class_weights,
        losses=tuple(f"{t.kind}: {t.member or t.weights_field}" for t in targets),
        notes=(
            *_notes(plain, LOSSES[losses], targets),
            *switches_notes(plain, base, switch, augment, targets),
        ),
        added=tuple(added_text(plain, base, switch, augment)),
    )


# -- what to write ------------------------------------------------------------------------


def _require_something(
    losses: str,
    weights: Union[ClassWeights, Sequence[float], None],
    switch: Optional[LossSwitch],
    augment: Optional[str],
) -> None:
    if bool(LOSSES[losses]) == (weights is None):
        needed = "needs weights" if weights is None else "takes no weights"
        raise UsageError(f"losses={losses!r} {needed}")
    if weights is None and switch is None and augment is None:
        raise UsageError(
            "there is nothing to write: no class weights, no other loss, no augmentation"
        )


def _checked_weights(
    config: PipelineConfig, weights: Union[ClassWeights, Sequence[float]]
) -> ClassWeights:
    checked = weights if isinstance(weights, ClassWeights) else given_weights(weights)
    num_classes = config.num_classes
    if len(checked) != num_classes:
        field = config.model.occurrences("num_classes")[-1]
        raise WeightsError(
            f"{len(checked)} weights for num_classes: {num_classes}",
            place=config.document.place(field.start),
            help="give one weight per class, in the order of the label-map ids from 1 to "
            f"{num_classes}; a gap in the ids takes 1",
        )
    for row in checked.rows:
        _require_weight(row.weight, f"the weight of class {row.class_id} ({row.name})")
    return checked


def _require_weight(weight: float, what: str) -> None:
    """A weight must survive TFOD's 32-bit floats as a finite, positive number."""
    single = as_float32(weight)
    if not math.isfinite(single) or single <= 0:
        raise WeightsError(f"{what} is {weight}; it must be finite and greater than 0")


def _options(
    config: PipelineConfig,
    targets: Sequence[LossTarget],
    mode: Optional[str],
    background_weight: Optional[float],
) -> tuple[NewField, ...]:
    """The fields that go beside the weights of the classification loss."""
    fields = []
    if background_weight is not None:
        _require_weight(background_weight, "the background weight")
        fields.append(NewField("background_weight", (float32_text(background_weight),)))
    if mode is not None:
        _require_mode(config, targets, mode)
        fields.append(NewField("class_weight_mode", (mode,)))
    if fields and all(target.kind != CLASSIFICATION for target in targets):
        raise UsageError("mode and background weight belong to the classification loss")
    return tuple(fields)


def _require_mode(config: PipelineConfig, targets: Sequence[LossTarget], mode: str) -> None:
    if mode not in MODES:
        raise UsageError(f"mode is {mode!r}; it must be one of {', '.join(MODES)}")
    for target in targets:
        if mode != "MATCHED_CLASS" and target.member in SOFTMAX_LOSSES:
            raise UsageError(
                f"{config.path}: {mode} needs one logit per class, which {target.member} "
                "has not: a softmax couples them",
                help="leave the mode at MATCHED_CLASS, or use weighted_sigmoid",
            )


def _targets(config: PipelineConfig, kinds: Sequence[str]) -> list[LossTarget]:
    if not kinds:
        return []
    require_classes(config)
    found = [loss_target(config, kind) for kind in kinds]
    targets = [target for target in found if target is not None]
    if not targets:
        name = config.architecture.name
        raise config.error(f"this {name} has no {kinds[0]} loss", config.model_field(name))
    return targets


def _edits(
    config: PipelineConfig,
    targets: Sequence[LossTarget],
    weights: ClassWeights,
    options: tuple[NewField, ...],
) -> list[Edit]:
    edits: list[Edit] = []
    for target in targets:
        children: tuple[Union[NewField, NewBlock], ...] = (
            weights_field(target.weights_field, weights),
            *(options if target.kind == CLASSIFICATION else ()),
        )
        for name in reversed(target.missing):
            children = (NewBlock(name, children),)
        comment = marker(provenance(weights, target.missing))
        new = insertions(config.document, target.block, children, comment)
        edits += [edit for edit in new if edit not in edits]
    return edits


# -- what to say --------------------------------------------------------------------------


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
