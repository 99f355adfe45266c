"""The `class_sampling` block of an input reader: its faults, and writing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Optional

from tfod_weights.errors import FieldFault, SourcePlace, UsageError
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.inputs import CLASS_SAMPLING, read_sampling
from tfod_weights.pipeline.layout import NewBlock, NewField, insertions
from tfod_weights.pipeline.marker import REPEAT_FACTOR, marker
from tfod_weights.pipeline.weights_fields import float32_text, provenance, weights_field
from tfod_weights.sampling.class_sampling import ClassSampling
from tfod_weights.textformat import Edit, MergedMessage
from tfod_weights.weighting import ClassWeights


def sampling_faults(
    reader: MergedMessage, num_classes: Optional[int]
) -> Iterator[tuple[FieldFault, SourcePlace]]:
    """The faults of an input reader's class sampling, each with its place."""
    block, sampling = reader.message(CLASS_SAMPLING), read_sampling(reader)
    if block is None or sampling is None:
        return
    for fault in sampling.faults(num_classes):
        fields = block.occurrences(fault.field) or reader.occurrences(CLASS_SAMPLING)
        yield fault, reader.document.place(fields[-1].start)


@dataclass(frozen=True)
class NewSampling:
    """Class sampling that a config is to get.

    Attributes:
        sampling: What it is.
        weights: Where its class weights come from, for the comments; None where unknown, or
            with repeat factors.
    """

    sampling: ClassSampling
    weights: Optional[ClassWeights] = None


def sampling_edits(config: PipelineConfig, new: NewSampling) -> list[Edit]:
    """What puts class sampling into the train_input_reader.

    Args:
        config: A config without class sampling.
        new: What to put there.

    Raises:
        UsageError: images cannot be drawn so.
        ConfigError: there is no train_input_reader.
    """
    for fault in new.sampling.faults(config.num_classes):
        raise UsageError(f"{config.path}: {fault.problem}", help=fault.help)
    config.require_train_input()
    reader = config.root.message("train_input_reader")
    block = reader.blocks[-1] if reader else None
    assert block is not None
    origin = provenance(new.weights, ()) if new.weights else {"scheme": _scheme(new.sampling)}
    return insertions(config.document, block, [_block(new)], marker(origin))


def _scheme(sampling: ClassSampling) -> str:
    return "given" if sampling.class_weights else REPEAT_FACTOR


def _block(new: NewSampling) -> NewBlock:
    """The block; what is the field's default is left out, but for the aggregation."""
    sampling, children = new.sampling, list[NewField]()
    if sampling.class_weights:
        texts = tuple(float32_text(weight) for weight in sampling.class_weights)
        plain = NewField("class_weights", texts, is_list=True)
        children.append(weights_field("class_weights", new.weights) if new.weights else plain)
        children.append(NewField("aggregation", (sampling.aggregation,)))
    written = {
        "background_weight": (sampling.background_weight, 1.0),
        "repeat_factor_threshold": (sampling.repeat_factor_threshold, None),
    }
    for name, (value, default) in written.items():
        if value is not None and value != default:
            children.append(NewField(name, (float32_text(value),)))
    if not sampling.sqrt:
        children.append(NewField("sqrt", ("false",)))
    if sampling.seed:
        children.append(NewField("seed", (str(sampling.seed),)))
    return NewBlock(CLASS_SAMPLING, tuple(children))
