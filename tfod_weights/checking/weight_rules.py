"""Rules about the class weights that a config has."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Iterator

from tfod_weights.checking.changing_rules import changing_findings, weighted_blocks
from tfod_weights.checking.findings import Finding
from tfod_weights.checking.places import field_place
from tfod_weights.errors import SourcePlace
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.architectures import CLASSIFICATION, SOFTMAX_LOSSES
from tfod_weights.pipeline.inputs import CLASS_SAMPLING
from tfod_weights.pipeline.strip import grafted_fields
from tfod_weights.pipeline.targets import usable_target
from tfod_weights.pipeline.weights_fields import as_float32
from tfod_weights.textformat import Field
from tfod_weights.wording import number_of

EXTREME_RATIO = 10
SAMPLING = "sampling"
BACKGROUND, MODE = "background_weight", "class_weight_mode"
MATCHED_CLASS = "MATCHED_CLASS"
DICE = "weighted_dice_classification_loss"


@dataclass(frozen=True)
class WrittenWeights:
    """The class weights of one loss, or of the sampling, as the config has them.

    Attributes:
        kind: CLASSIFICATION, LOCALIZATION or SAMPLING.
        fields: The fields that hold them; protobuf appends one to the other.
        values: The weights by class_index, as protobuf keeps them, in 32 bits.
        place: Where the field is.
    """

    kind: str
    fields: tuple[Field, ...]
    values: tuple[float, ...]
    place: SourcePlace


def written_weights(config: PipelineConfig) -> list[WrittenWeights]:
    """The weights that TFOD would use, loss by loss."""
    found = []
    for block in weighted_blocks(config):
        fields = tuple(block.message.occurrences(block.weights_field))
        if fields:
            written = block.message.scalars(block.weights_field)
            values = tuple(as_float32(float(value)) for value in written)
            place = config.document.place(fields[-1].start)
            found.append(WrittenWeights(block.kind, fields, values, place))
    return found


def sampling_weights(config: PipelineConfig) -> list[WrittenWeights]:
    """The weights by which images are drawn, if they are."""
    reader = config.root.message("train_input_reader")
    if reader is None or config.train_input is None or config.train_input.class_sampling is None:
        return []
    fields = tuple(reader.occurrences(CLASS_SAMPLING))
    values = config.train_input.class_sampling.class_weights
    place = config.document.place(fields[-1].start)
    return [WrittenWeights(SAMPLING, fields, values, place)] if values else []


def value_findings(config: PipelineConfig, num_classes: int) -> Iterator[Finding]:
    """Weights that cannot be trained with, or only with care."""
    for weights in written_weights(config):
        if len(weights.values) != num_classes:
            problem = f"{number_of(len(weights.values), 'weight')} for num_classes: {num_classes}"
            help = f"`tfod-weights patch {config.path}` computes and writes them again"
            yield Finding("weights-length", problem, weights.place, help)
        yield from _number_findings(weights)
    yield from changing_findings(config)
    yield from _option_findings(config)
    yield from _unused_findings(config)


def _number_findings(weights: WrittenWeights) -> Iterator[Finding]:
    for index, value in enumerate(weights.values):
        what = f"the weight of class {index + 1} is {value:g}"
        if not math.isfinite(value):
            help = f"a loss times that is no loss; {_SINGLE}"
            yield Finding("weights-not-finite", what, weights.place, help)
        elif value <= 0:
            help = f"weights are greater than 0; {_SINGLE}"
            yield Finding("weights-not-positive", what, weights.place, help)
    usable = [value for value in weights.values if math.isfinite(value) and value > 0]
    ratio = max(usable, default=1.0) / min(usable, default=1.0)
    if ratio > EXTREME_RATIO * (1 + 1e-6):
        problem = f"the largest weight is {ratio:.3g} times the smallest"
        help = "training often suffers above 10: consider --scheme sqrt or --max-ratio 10"
        yield Finding("weights-extreme", problem, weights.place, help)


_SINGLE = "numbers are kept in 32 bits, from 1e-45 to 3.4e38"


def _option_findings(config: PipelineConfig) -> Iterator[Finding]:
    """The fields beside the weights of the classification loss, as the runtime refuses them."""
    target = usable_target(config, CLASSIFICATION)
    message = target.message if target else None
    if target is None or message is None:
        return
    written = float(message.scalar(BACKGROUND)) if message.has(BACKGROUND) else 1.0
    background = as_float32(written)
    if not (math.isfinite(background) and background > 0):
        problem = f"{BACKGROUND} is {background:g}"
        place = field_place(config, message, BACKGROUND)
        yield Finding(
            "background-weight", problem, place, "it is greater than 0; 1 changes nothing"
        )
    mode = message.enum_name(MODE) if message.has(MODE) else MATCHED_CLASS
    refused = SOFTMAX_LOSSES | ({DICE} if mode == "POSITIVE_LOGIT" else set())
    if mode != MATCHED_CLASS and target.member in refused:
        problem = f"{mode} needs a loss per class, which {target.member} does not have"
        place = field_place(config, message, MODE)
        help = f"{MATCHED_CLASS}, the default, works with every loss"
        yield Finding("weights-mode", problem, place, help)


def _used_fields(config: PipelineConfig) -> list[Field]:
    """The fields from which the losses take their weights, written ones and those of batches."""
    used = [field for weights in written_weights(config) for field in weights.fields]
    return used + [field for block in weighted_blocks(config) for field in block.batch_fields]


def _unused_findings(config: PipelineConfig) -> Iterator[Finding]:
    used = _used_fields(config)
    for field in grafted_fields(config):
        if field.name.endswith("class_weights") and field not in used:
            yield Finding(
                "weights-unused",
                f"no loss of this {config.architecture.name} reads these weights",
                config.document.place(field.start),
                f"`tfod-weights strip {config.path}` removes them, `patch` writes them anew",
            )


def runtime_findings(config: PipelineConfig) -> Iterator[Finding]:
    """A reminder that stock TFOD does not know the fields."""
    used = _used_fields(config)
    reader = config.root.message("train_input_reader")
    used += reader.occurrences(CLASS_SAMPLING) if reader else []
    for field in sorted(used, key=lambda field: field.start)[:1]:
        name = field.name.replace("second_stage_localization_", "")
        yield Finding(
            "weights-need-runtime",
            f"stock TFOD does not read {name}: it stops at this line",
            config.document.place(field.start),
            "put tfod-weights in front: tfod-weights run -m object_detection.model_main_tf2 …",
        )
