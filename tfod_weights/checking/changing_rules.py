"""Rules about weights that change: from a step on, or with every batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator

from tfod_weights.checking.findings import Finding
from tfod_weights.checking.places import field_place
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.targets import usable_target
from tfod_weights.pipeline.weights_fields import as_float32
from tfod_weights.textformat import Field, MergedMessage
from tfod_weights.weighting.changing import (
    IDLE,
    IDLE_HELP,
    NUMBERS,
    TWICE,
    TWICE_HELP,
    BatchClassWeights,
    FieldNames,
    WeightSchedule,
)


@dataclass(frozen=True)
class WeightedBlock:
    """The live message that holds the weights of one loss.

    Attributes:
        kind: CLASSIFICATION or LOCALIZATION.
        message: The message.
        weights_field: The name of the weights in it.
    """

    kind: str
    message: MergedMessage
    weights_field: str

    @property
    def beside(self) -> FieldNames:
        """The names of the fields that change the weights."""
        return FieldNames.beside(self.weights_field)

    @property
    def schedule(self) -> WeightSchedule:
        """When the weights begin."""
        message, names = self.message, self.beside
        start = int(message.scalar(names.start_step)) if message.has(names.start_step) else None
        return WeightSchedule(start, int(message.scalar(names.ramp_steps)))

    @property
    def batch_fields(self) -> list[Field]:
        """The fields of per-batch weights."""
        return self.message.occurrences(self.beside.batch)


def weighted_blocks(config: PipelineConfig) -> Iterator[WeightedBlock]:
    """The messages in which TFOD would look for weights, loss by loss."""
    for kind in config.architecture.losses:
        target = usable_target(config, kind)
        if target and target.message:
            yield WeightedBlock(kind, target.message, target.weights_field)


def changing_findings(config: PipelineConfig) -> Iterator[Finding]:
    """What the runtime refuses, and weights that never come to bear."""
    for block in weighted_blocks(config):
        yield from _schedule_findings(config, block)
        yield from _batch_findings(config, block)


def _schedule_findings(config: PipelineConfig, block: WeightedBlock) -> Iterator[Finding]:
    message, names = block.message, block.beside
    schedule = block.schedule
    start, faults = schedule.start_step, list(schedule.faults())
    for fault in faults:
        name = getattr(names, fault.field)
        place = field_place(config, message, name)
        yield Finding("weights-schedule", f"{name} {fault.problem}", place, fault.help)
    if start is None or faults:
        return
    place = field_place(config, message, names.start_step)
    if not any(map(message.has, (block.weights_field, names.batch))) and not _has_background(block):
        yield Finding("weights-schedule", f"{names.start_step} {IDLE}", place, IDLE_HELP)
        return
    if 0 < config.num_steps <= start:
        end = f"training ends after num_steps: {config.num_steps}"
        problem = f"{names.start_step} is {start}, but {end}"
        help = "lower it: in Cao et al. 2019 the weights begin after 160 of 200 epochs"
        yield Finding("weights-begin-late", problem, place, help)


def _has_background(block: WeightedBlock) -> bool:
    name = "background_weight"
    return name in block.message.descriptor.fields_by_name and block.message.has(name)


def _batch_findings(config: PipelineConfig, block: WeightedBlock) -> Iterator[Finding]:
    message, name = block.message, block.beside.batch
    batch = message.message(name)
    if batch is None:
        return
    if message.has(block.weights_field):
        problem = f"{name} {TWICE.replace('class_weights', block.weights_field)}"
        yield Finding("weights-twice", problem, field_place(config, message, name), TWICE_HELP)
    for fault in _recipe(batch).faults():
        problem = f"{name}.{fault.field} {fault.problem}"
        place = field_place(config, batch, fault.field)
        yield Finding("batch-weights", problem, place, fault.help)


def _recipe(batch: MergedMessage) -> BatchClassWeights:
    numbers = {name: as_float32(float(batch.scalar(name))) for name in NUMBERS if batch.has(name)}
    return BatchClassWeights.from_enums(
        batch.enum_name("scheme"), batch.enum_name("normalize"), numbers
    )
