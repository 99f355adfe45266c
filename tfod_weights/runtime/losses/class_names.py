"""What the classes of a model are called: for the summaries only."""

from __future__ import annotations

import functools
from collections import Counter
from types import ModuleType
from typing import Any, Optional

from tfod_weights.errors import TfodWeightsError
from tfod_weights.runtime.label_maps import read_label_map

# the model of the pipeline config that was read last, and its train label map
_last_read: Optional[tuple[Any, str]] = None


def patch_config_util(config_util: ModuleType) -> None:
    """Remember which label map belongs to a model: its builder only sees the model."""
    module: Any = config_util
    stock = module.create_configs_from_pipeline_proto

    @functools.wraps(stock)
    def create(pipeline_config: Any) -> Any:
        global _last_read
        configs = stock(pipeline_config)
        _last_read = configs["model"], configs["train_input_config"].label_map_path
        return configs

    module.create_configs_from_pipeline_proto = create


def class_names(model: Any, architecture: str, num_classes: int) -> tuple[str, ...]:
    """The names of a model's classes by class_index; their ids where no label map is known.

    Args:
        model: The architecture's message.
        architecture: Its field in DetectionModel.
        num_classes: Without the background.
    """
    labels: dict[int, str] = {}
    if _last_read and getattr(_last_read[0], architecture) == model:
        labels = _labels(_last_read[1])
    names = [labels.get(class_id, str(class_id)) for class_id in range(1, num_classes + 1)]
    times = Counter(names)
    return tuple(
        name if times[name] == 1 else f"{name} ({class_id})"
        for class_id, name in enumerate(names, 1)
    )


def _labels(path: str) -> dict[int, str]:
    """class_id -> name; empty where the label map cannot be read: TFOD says so itself."""
    try:
        return read_label_map(path).labels()
    except TfodWeightsError:
        return {}
