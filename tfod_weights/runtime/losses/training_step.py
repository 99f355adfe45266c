"""The step of training that a model is in, for weights that begin later.

TFOD tells its models: `model.provide_groundtruth(..., training_step=global_step)`, which
model_lib_v2's train loop calls with its variable, the one that is in the checkpoint. So the step
is read in the graph, and restoring a checkpoint restores it. A training loop of one's own does
the same. model_lib_v2 evaluates without saying the step; there it is taken from the loop.
"""

from __future__ import annotations

import functools
import inspect
from types import ModuleType
from typing import Any, Optional

import tensorflow as tf

from tfod_weights.errors import UsageError

Tensor = Any

_HOLDER = "_class_weights_step"


class TrainingStep:
    """The step of one model.

    Attributes:
        evaluated: The step whose checkpoint is evaluated, while model_lib_v2 does that.
    """

    def __init__(self, model: Any) -> None:
        """Read the step of a model that TFOD has built; the model remembers this object."""
        self._model = model
        self.evaluated: Optional[Tensor] = None
        setattr(model, _HOLDER, self)

    def value(self) -> Optional[Tensor]:
        """The step, int64 [] or a variable; None in an evaluation that knows none.

        Raises:
            UsageError: the model is trained and was not told the step, or told a number.
        """
        step = self._model._training_step
        if self._model._is_training:
            return _usable(step)
        if self.evaluated is not None:
            return self.evaluated
        return step if isinstance(step, tf.Variable) else None


def _usable(step: Any) -> Tensor:
    """A step that is another number in every step, also in a graph.

    A Python number is refused even outside of one: model_lib_v2 leaves a 0 in models whose
    checkpoint it loads, and in a tf.function a number would stay what it was at the first call.
    """
    if tf.is_tensor(step):
        return step
    wrong = "was not told the training step" if step is None else f"was told the number {step!r}"
    raise UsageError(
        f"the class weights begin at class_weights_start_step, but the model {wrong}",
        help="count the steps in a tf.Variable(0, trainable=False, dtype=tf.int64) and give it to "
        "model.provide_groundtruth(..., training_step=step), as model_main_tf2 does",
    )


def patch_model_lib(model_lib_v2: ModuleType) -> None:
    """Let an evaluation weigh its losses as they were in the step of the checkpoint."""
    module: Any = model_lib_v2
    stock = module.eager_eval_loop

    @functools.wraps(stock)
    def eager_eval_loop(detection_model: Any, *args: Any, **kwargs: Any) -> Any:
        holder = getattr(detection_model, _HOLDER, None)
        if holder is None:
            return stock(detection_model, *args, **kwargs)
        given = inspect.signature(stock).bind(detection_model, *args, **kwargs).arguments
        holder.evaluated = given.get("global_step")
        try:
            return stock(detection_model, *args, **kwargs)
        finally:
            holder.evaluated = None

    module.eager_eval_loop = eager_eval_loop
