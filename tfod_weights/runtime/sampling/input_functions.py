"""TFOD's input functions: class sampling in the training input, and nowhere else."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any, Callable

from tfod_weights.errors import ConfigError
from tfod_weights.pipeline.inputs import CLASS_SAMPLING
from tfod_weights.runtime.sampling.record_readers import training_for
from tfod_weights.sampling import require_examples
from tfod_weights.schema import enum_value_name


def patch_inputs(inputs: ModuleType) -> None:
    """Wrap `train_input` and `eval_input`, which other functions of TFOD look up when called."""
    module: Any = inputs
    module.train_input = _training(module.train_input)
    module.eval_input = _evaluating(module.eval_input)


def _training(stock: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(stock)
    def train_input(
        train_config: Any, train_input_config: Any, model_config: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Build the training input.

        Raises:
            ConfigError: images cannot be drawn as the config says.
            UsageError: the records hold sequences, or nothing to balance.
        """
        from object_detection.utils import config_util

        if not train_input_config.HasField(CLASS_SAMPLING):
            return stock(train_config, train_input_config, model_config, *args, **kwargs)
        require_examples(enum_value_name(train_input_config, "input_type"))
        with training_for(
            config_util.get_number_of_classes(model_config),
            merge_multiple_label_boxes=train_config.merge_multiple_label_boxes,
        ):
            return stock(train_config, train_input_config, model_config, *args, **kwargs)

    return train_input


def _evaluating(stock: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(stock)
    def eval_input(eval_config: Any, eval_input_config: Any, *args: Any, **kwargs: Any) -> Any:
        """Build an evaluation input.

        Raises:
            ConfigError: it is to be sampled.
        """
        if eval_input_config.HasField(CLASS_SAMPLING):
            raise ConfigError(
                f"eval_input_reader has {CLASS_SAMPLING}: evaluation must see every image once",
                help="take it out; it belongs to train_input_reader",
            )
        return stock(eval_config, eval_input_config, *args, **kwargs)

    return eval_input
