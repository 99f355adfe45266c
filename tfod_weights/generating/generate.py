"""`generate_config`: a template, a label map and records in, a whole pipeline.config out."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, replace
from typing import Any, Iterator, Mapping, Optional

from tfod_weights.count_config import TRAIN_INPUT
from tfod_weights.counting import ClassCounts, Progress
from tfod_weights.errors import SourcePlace, UsageError
from tfod_weights.files import StrPath, write_atomically
from tfod_weights.generating.checkpoint import checkpoint_fields
from tfod_weights.generating.data import Patterns, TrainingData, read_data
from tfod_weights.generating.library import find_template
from tfod_weights.generating.rendering import render
from tfod_weights.generating.schedule import Schedule, schedule
from tfod_weights.generating.template import Template
from tfod_weights.generating.values import placeholder_values
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.patch import patched
from tfod_weights.pipeline.verify import parsed
from tfod_weights.pipeline.weights_fields import as_float32
from tfod_weights.weighting import ClassWeights, class_weights
from tfod_weights.weighting.checks import refuse_settings

_MAX_INT = 2**31 - 1  # of protobuf's int32


@dataclass(frozen=True)
class GeneratedConfig:
    """A whole pipeline.config. Nothing is written before `write`.

    Attributes:
        text: The config.
        template: The name of its template.
        image_size: Pixels of a side.
        num_classes: The highest id of the label map.
        schedule: Batch size, steps and learning rate.
        counts: The objects in the training records.
        weights: The class weights in the text, by class_index; None if it has none.
        losses: Where the weights are, such as `classification: weighted_sigmoid`.
        warnings: What is probably a mistake.
        notes: What the user should know.
    """

    text: str
    template: str
    image_size: int
    num_classes: int
    schedule: Schedule
    counts: ClassCounts
    weights: Optional[ClassWeights] = None
    losses: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def write(self, path: StrPath, *, overwrite: bool = False) -> None:
        """Write the text atomically.

        Raises:
            UsageError: there is a file already, and `overwrite` is not set.
            TfodWeightsError: the file cannot be written.
        """
        if not overwrite:
            require_new(path)
        write_atomically(path, self.text)


def require_new(path: StrPath) -> None:
    """Refuse to replace what is at a path.

    Raises:
        UsageError: something is there.
    """
    if os.path.lexists(path):
        place, help = SourcePlace(os.fspath(path)), "choose another name, or --force to replace it"
        raise UsageError("this exists already, and is left as it is", place=place, help=help)


def generate_config(
    template: str,
    *,
    label_map: StrPath,
    train: Patterns,
    val: Patterns,
    image_size: Optional[int] = None,
    batch_size: Optional[int] = None,
    steps: Optional[int] = None,
    learning_rate: Optional[float] = None,
    fine_tune_checkpoint: Optional[StrPath] = None,
    fine_tune_checkpoint_type: str = "detection",
    weighted: bool = True,
    progress: Optional[Progress] = None,
    **scheme: Any,
) -> GeneratedConfig:
    """A pipeline.config from a template, ready to train on the given records.

    Args:
        template: Its name; `tfod-weights generate --list` shows them.
        label_map: The label map; `num_classes` is its highest id.
        train: The training records: a path, a pattern, or several, written as they are given.
        val: The records for evaluation.
        image_size: Pixels of a side; default: the template's.
        batch_size: Images per step; default: the template's.
        steps: Training steps; default: by the number of images.
        learning_rate: The highest one; default: the template's, scaled to the batch size.
        fine_tune_checkpoint: The prefix of a checkpoint to start from.
        fine_tune_checkpoint_type: "detection", "classification" or "full".
        weighted: Whether to write class weights, computed from the training records.
        progress: Called with (bytes done, bytes in all) while the records are read.
        **scheme: As for `class_weights`.

    Raises:
        UsageError: there is no such template, or it cannot take an option.
        LabelMapError, TextFormatError: the label map cannot be used.
        RecordError: records are missing or cannot be read.
        WeightsError: no class has objects.
    """
    if not weighted:
        refuse_settings(scheme, "no class weights are written")
    chosen = find_template(template)
    size = chosen.image_size if image_size is None else image_size
    _require_usable(chosen, size, batch_size, steps, learning_rate)
    checkpoint = checkpoint_fields(chosen, fine_tune_checkpoint, fine_tune_checkpoint_type)
    data = read_data(label_map, train, val, needs_feature=chosen.needs_feature, progress=progress)
    plan = schedule(
        chosen,
        data.counts.images,
        batch_size=batch_size,
        steps=steps,
        learning_rate=learning_rate,
    )
    values = placeholder_values(chosen, data, plan, image_size=size, checkpoint=checkpoint)
    generated = GeneratedConfig(
        text=render(chosen.body, values),
        template=chosen.name,
        image_size=size,
        num_classes=data.num_classes,
        schedule=plan,
        counts=data.counts,
        warnings=tuple(_warnings(data)),
        notes=tuple(_notes(chosen, data, bool(checkpoint))),
    )
    config = PipelineConfig(generated.text, chosen.path)
    parsed(config)
    return _weighted(generated, config, scheme) if weighted else generated


def _weighted(
    generated: GeneratedConfig, config: PipelineConfig, scheme: Mapping[str, Any]
) -> GeneratedConfig:
    """The config with class weights by its own training records."""
    weights = class_weights(generated.counts, num_classes=generated.num_classes, **scheme)
    weights = replace(weights, source=TRAIN_INPUT)
    result = patched(config, weights)
    return replace(generated, text=result.text, weights=weights, losses=result.losses)


def _require_usable(
    template: Template,
    image_size: int,
    batch_size: Optional[int],
    steps: Optional[int],
    learning_rate: Optional[float],
) -> None:
    """Refuse options that the template cannot take, before anything is read."""
    if not template.takes(image_size):
        problem = f"{template.name} cannot take images of {image_size} pixels a side"
        help = f"it takes {template.image_sizes}, such as {_near(template, image_size)}"
        raise UsageError(problem, help=help)
    numbers = {"image size": image_size, "batch size": batch_size, "number of steps": steps}
    for what, number in numbers.items():
        if number is not None and not 1 <= number <= _MAX_INT:
            raise UsageError(f"the {what} is {number}; it must be from 1 to {_MAX_INT}")
    if learning_rate is not None and not 0 < as_float32(learning_rate) < math.inf:
        problem = f"the learning rate is {learning_rate}; it must be finite and greater than 0"
        raise UsageError(problem)


def _near(template: Template, size: int) -> str:
    """The sizes next to one that the template cannot take."""
    multiple, least = template.image_size_multiple, template.image_size_minimum
    below = size - size % multiple
    return " or ".join(map(str, sorted({max(below, least), max(below + multiple, least)})))


def _warnings(data: TrainingData) -> Iterator[str]:
    if data.shared_files:
        yield (
            f"{len(data.shared_files)} of the validation files are training files, too, such as "
            f"{data.shared_files[0]}: evaluation will flatter the model"
        )


def _notes(template: Template, data: TrainingData, has_checkpoint: bool) -> Iterator[str]:
    if data.max_boxes > 100:
        yield f"max_number_of_boxes is {data.max_boxes}, as some images have more than 100 boxes"
    if template.checkpoint and not has_checkpoint:
        yield (
            "training starts from random weights, which takes many images; TFOD's model zoo has "
            f"{template.checkpoint}, which --fine-tune-checkpoint can name"
        )
