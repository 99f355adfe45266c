"""Writing class weights into a config. Patching is stripping, then inserting.

So patching twice is patching once, whatever the options of the first time were.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Iterator, Mapping, Optional, Sequence, Union

from tfod_weights.errors import UsageError, WeightsError
from tfod_weights.files import StrPath
from tfod_weights.pipeline.architectures import CLASSIFICATION, LOCALIZATION, SOFTMAX_LOSSES
from tfod_weights.pipeline.changing_fields import AnyWeights, schedule_fields, weights_content
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.layout import NewBlock, NewField, insertions
from tfod_weights.pipeline.marker import marker
from tfod_weights.pipeline.rewritten import RewrittenConfig
from tfod_weights.pipeline.strip import stripped
from tfod_weights.pipeline.targets import LossTarget, loss_target, require_classes
from tfod_weights.pipeline.verify import parsed, verify
from tfod_weights.pipeline.weights_fields import as_float32, float32_text, provenance
from tfod_weights.textformat import Edit, apply_edits
from tfod_weights.weighting import (
    ALWAYS,
    BatchClassWeights,
    ClassWeights,
    WeightSchedule,
    given_weights,
)

LOSSES: Mapping[str, tuple[str, ...]] = {
    "both": (CLASSIFICATION, LOCALIZATION),
    CLASSIFICATION: (CLASSIFICATION,),
    LOCALIZATION: (LOCALIZATION,),
}
MODES = ("MATCHED_CLASS", "POSITIVE_LOGIT", "CLASS_COLUMN")


@dataclass(frozen=True)
class PatchedConfig(RewrittenConfig):
    """A config with class weights. Nothing is written before `write`.

    Attributes:
        weights: The weights written, by class_index; or how those of each batch are computed.
        losses: Where they are now, such as `classification: weighted_sigmoid`.
        notes: What the user should know, such as blocks that nothing reads.
        schedule: When the weights begin.
    """

    weights: AnyWeights
    losses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    schedule: WeightSchedule = ALWAYS


def patch_config(
    path: StrPath,
    weights: Union[AnyWeights, Sequence[float]],
    *,
    losses: str = "both",
    mode: Optional[str] = None,
    background_weight: Optional[float] = None,
    schedule: WeightSchedule = ALWAYS,
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
        schedule=schedule,
    )


def patch_text(
    text: str,
    weights: Union[AnyWeights, Sequence[float]],
    *,
    losses: str = "both",
    mode: Optional[str] = None,
    background_weight: Optional[float] = None,
    schedule: WeightSchedule = ALWAYS,
    path: str = "<text>",
) -> PatchedConfig:
    """Write class weights into the effective loss blocks of a config.

    Args:
        text: A pipeline.config.
        weights: One weight per class, by class_index: `weights[i]` belongs to class_id i + 1.
            Or how the weights of each batch are computed.
        losses: "both", "classification" or "localization".
        mode: MATCHED_CLASS (TFOD's schema default), POSITIVE_LOGIT or CLASS_COLUMN.
        background_weight: Of anchors that match no object; None leaves it at 1.
        schedule: When the weights begin.
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
        schedule=schedule,
    )


def patched(
    config: PipelineConfig,
    weights: Union[AnyWeights, Sequence[float]],
    *,
    losses: str = "both",
    mode: Optional[str] = None,
    background_weight: Optional[float] = None,
    schedule: WeightSchedule = ALWAYS,
) -> PatchedConfig:
    """`patch_text` of a config that is already parsed."""
    if losses not in LOSSES:
        raise UsageError(f"losses is {losses!r}; it must be one of {', '.join(LOSSES)}")
    schedule.require_usable()
    message = parsed(config)
    class_weights = _checked_weights(config, weights)
    base = config.with_text(stripped(config, keep=list(config.dead_fields())))
    targets = _targets(base, LOSSES[losses])
    options = _options(config, targets, mode, background_weight)
    edits = _edits(base, targets, class_weights, schedule, options)
    text = apply_edits(base.text, edits)
    verify(config, message, text, targets, class_weights, schedule)
    return PatchedConfig(
        path=config.path,
        original=config.text,
        text=text,
        weights=class_weights,
        schedule=schedule,
        losses=tuple(f"{t.kind}: {t.member or t.weights_field}" for t in targets),
        notes=tuple(_notes(base, LOSSES[losses], targets)),
    )


# -- what to write ------------------------------------------------------------------------


def _checked_weights(
    config: PipelineConfig, weights: Union[AnyWeights, Sequence[float]]
) -> AnyWeights:
    num_classes = config.num_classes
    if isinstance(weights, BatchClassWeights):
        weights.require_usable()
        return weights
    checked = weights if isinstance(weights, ClassWeights) else given_weights(weights)
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
    weights: AnyWeights,
    schedule: WeightSchedule,
    options: tuple[NewField, ...],
) -> list[Edit]:
    edits: list[Edit] = []
    for target in targets:
        children: tuple[Union[NewField, NewBlock], ...] = (
            weights_content(target.weights_field, weights),
            *schedule_fields(target.weights_field, schedule),
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
