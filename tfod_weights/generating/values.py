"""What the placeholders of a template become."""

from __future__ import annotations

from typing import Sequence

from tfod_weights.generating.data import TrainingData
from tfod_weights.generating.rendering import Value, number_text
from tfod_weights.generating.schedule import Schedule
from tfod_weights.generating.template import Template
from tfod_weights.textformat.literals import string_literal

# Those that every template must use.
REQUIRED = frozenset(
    {
        "label_map",
        "train",
        "val",
        "num_classes",
        "max_boxes",
        "image_size",
        "fine_tune_checkpoint",
        "batch_size",
        "steps",
        "steps_remark",
        "learning_rate",
        "learning_rate_remark",
        "warmup_learning_rate",
        "warmup_steps",
        "warmup_remark",
    }
)
# Those that it may use, beside the columns of its own table.
OPTIONAL = frozenset({"name", "description", "source", "checkpoint"})


def placeholder_values(
    template: Template,
    data: TrainingData,
    schedule: Schedule,
    *,
    image_size: int,
    checkpoint: Sequence[str],
) -> dict[str, Value]:
    """The value of every placeholder; several values where its line may come several times."""
    return {
        "name": template.name,
        "description": template.description,
        "source": template.source,
        "checkpoint": template.checkpoint or "none for this model",
        **template.values,
        "label_map": string_literal(data.label_map_path),
        "train": [string_literal(pattern) for pattern in data.train],
        "val": [string_literal(pattern) for pattern in data.val],
        "num_classes": str(data.num_classes),
        "max_boxes": str(data.max_boxes),
        "image_size": str(image_size),
        "fine_tune_checkpoint": checkpoint,
        "batch_size": str(schedule.batch_size),
        "steps": str(schedule.steps),
        "steps_remark": schedule.steps_remark,
        "learning_rate": number_text(schedule.learning_rate),
        "learning_rate_remark": schedule.learning_rate_remark,
        "warmup_learning_rate": number_text(schedule.warmup_learning_rate),
        "warmup_steps": str(schedule.warmup_steps),
        "warmup_remark": schedule.warmup_remark,
    }
