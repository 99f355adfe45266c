"""The fields beside class weights as text: when weights begin, and weights of each batch."""

from __future__ import annotations

from typing import Any, Iterator, Union

from tfod_weights.pipeline.layout import NewBlock, NewField
from tfod_weights.pipeline.weights_fields import weights_field
from tfod_weights.schema import enum_value_name
from tfod_weights.weighting import BatchClassWeights, ClassWeights, WeightSchedule
from tfod_weights.weighting.changing import FieldNames, enum_name

AnyWeights = Union[ClassWeights, BatchClassWeights]


def weights_content(name: str, weights: AnyWeights) -> Union[NewField, NewBlock]:
    """The field of that name with the weights; the message beside it for those of each batch."""
    if isinstance(weights, ClassWeights):
        return weights_field(name, weights)
    return NewBlock(FieldNames.beside(name).batch, tuple(_recipe(weights)))


def _recipe(weights: BatchClassWeights) -> Iterator[NewField]:
    """The scheme and what matters for it, as protobuf's text format reads back exactly."""
    yield NewField("scheme", (enum_name(weights.scheme),))
    yield NewField("normalize", (enum_name(weights.normalize),))
    for name, number in weights.parameters.items():
        yield NewField(name, (repr(number),))


def schedule_fields(name: str, schedule: WeightSchedule) -> Iterator[NewField]:
    """The fields that say when the weights of the field of that name begin."""
    names = FieldNames.beside(name)
    if schedule.start_step is not None:
        yield NewField(names.start_step, (str(schedule.start_step),))
    if schedule.ramp_steps:
        yield NewField(names.ramp_steps, (str(schedule.ramp_steps),))


def says_changes(holder: Any, name: str, weights: AnyWeights, schedule: WeightSchedule) -> bool:
    """Whether a message that protobuf has read says what was to be written.

    Args:
        holder: The message that holds the weights.
        name: Of the field of its weights.
        weights: The weights; written ones are not compared.
        schedule: When they begin.
    """
    names = FieldNames.beside(name)
    start = getattr(holder, names.start_step) if holder.HasField(names.start_step) else None
    if WeightSchedule(start, getattr(holder, names.ramp_steps)) != schedule:
        return False
    if isinstance(weights, ClassWeights):
        return not holder.HasField(names.batch)
    return holder.HasField(names.batch) and _says(getattr(holder, names.batch), weights)


def _says(message: Any, weights: BatchClassWeights) -> bool:
    """Whether a BatchClassWeights message holds the recipe and nothing else."""
    enums = {"scheme": enum_name(weights.scheme), "normalize": enum_name(weights.normalize)}
    found = {
        field.name: enum_value_name(message, field.name) if field.enum_type else value
        for field, value in message.ListFields()
    }
    return found == {**enums, **weights.parameters}
