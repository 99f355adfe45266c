"""Class weights as edits: are they usable, where do they go, what is inserted there."""

from __future__ import annotations

import math
from typing import Optional, Sequence, Union

from tfod_weights.errors import UsageError, WeightsError
from tfod_weights.pipeline.architectures import CLASSIFICATION, SOFTMAX_LOSSES
from tfod_weights.pipeline.changing_fields import AnyWeights, schedule_fields, weights_content
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.layout import NewBlock, NewField, insertions
from tfod_weights.pipeline.marker import marker
from tfod_weights.pipeline.targets import LossTarget, loss_target, require_classes
from tfod_weights.pipeline.weights_fields import as_float32, float32_text, provenance
from tfod_weights.textformat import Edit
from tfod_weights.weighting import BatchClassWeights, ClassWeights, WeightSchedule, given_weights

MODES = ("MATCHED_CLASS", "POSITIVE_LOGIT", "CLASS_COLUMN")


def checked_weights(
    config: PipelineConfig, weights: Union[AnyWeights, Sequence[float]]
) -> AnyWeights:
    """The weights, if a config can hold them.

    Raises:
        WeightsError: not one weight per class, or a weight is not finite and positive.
        UsageError: the recipe of each batch's weights has a value out of its range.
    """
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


def classification_fields(
    config: PipelineConfig,
    targets: Sequence[LossTarget],
    mode: Optional[str],
    background_weight: Optional[float],
) -> tuple[NewField, ...]:
    """The fields that go beside the weights of the classification loss.

    Raises:
        UsageError: an option is unknown or does not fit the loss.
        WeightsError: the background weight is not finite and positive.
    """
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


def weighted_targets(config: PipelineConfig, kinds: Sequence[str]) -> list[LossTarget]:
    """Where the weights of these losses go.

    Raises:
        ConfigError: the model classifies nothing, or has none of the losses.
    """
    if not kinds:
        return []
    require_classes(config)
    found = [loss_target(config, kind) for kind in kinds]
    targets = [target for target in found if target is not None]
    if not targets:
        name = config.architecture.name
        raise config.error(f"this {name} has no {kinds[0]} loss", config.model_field(name))
    return targets


def weight_edits(
    config: PipelineConfig,
    targets: Sequence[LossTarget],
    weights: AnyWeights,
    schedule: WeightSchedule,
    options: tuple[NewField, ...],
) -> list[Edit]:
    """What puts the weights into their blocks."""
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
