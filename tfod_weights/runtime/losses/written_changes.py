"""The fields beside the class weights of a loss: when they begin, and weights of each batch."""

from __future__ import annotations

from typing import Any, Optional

from tfod_weights.errors import ConfigError
from tfod_weights.runtime.losses.written_losses import BACKGROUND, WrittenLoss
from tfod_weights.schema import enum_value_name
from tfod_weights.weighting.changing import (
    IDLE,
    IDLE_HELP,
    NUMBERS,
    TWICE,
    TWICE_HELP,
    BatchClassWeights,
    WeightSchedule,
)


def read_schedule(loss: WrittenLoss) -> WeightSchedule:
    """When the weights of a loss begin.

    Raises:
        ConfigError: not so, or there are no weights.
    """
    names, message = loss.beside, loss.message
    start = getattr(message, names.start_step) if message.HasField(names.start_step) else None
    schedule = WeightSchedule(start, getattr(message, names.ramp_steps))
    for fault in schedule.faults():
        name = getattr(names, fault.field)
        raise ConfigError(f"{loss.path}.{name} {fault.problem}", help=fault.help)
    begin = {loss.weights_field, names.batch, BACKGROUND}
    if start is not None and not begin & {field.name for field, _ in message.ListFields()}:
        raise ConfigError(f"{loss.path}.{names.start_step} {IDLE}", help=IDLE_HELP)
    return schedule


def read_batch(loss: WrittenLoss) -> Optional[BatchClassWeights]:
    """How the weights of each batch are computed; None where the weights are written.

    Raises:
        ConfigError: not so, or there are written weights as well.
    """
    name = loss.beside.batch
    if not loss.message.HasField(name):
        return None
    if getattr(loss.message, loss.weights_field):
        raise ConfigError(f"{loss.path}.{name} {_beside(loss)}", help=TWICE_HELP)
    batch = _from_message(getattr(loss.message, name))
    for fault in batch.faults():
        raise ConfigError(f"{loss.path}.{name}.{fault.field} {fault.problem}", help=fault.help)
    return batch


def _beside(loss: WrittenLoss) -> str:
    return TWICE.replace("class_weights", loss.weights_field)


def _from_message(message: Any) -> BatchClassWeights:
    """object_detection.protos.BatchClassWeights as our own."""
    scheme, normalize = (enum_value_name(message, name) for name in ("scheme", "normalize"))
    numbers = {name: getattr(message, name) for name in NUMBERS if message.HasField(name)}
    return BatchClassWeights.from_enums(scheme, normalize, numbers)
