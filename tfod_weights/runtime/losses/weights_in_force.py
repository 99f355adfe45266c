"""The weights that a loss has now: as they are written, of this batch, and at this step."""

from __future__ import annotations

from typing import Any, Callable, Optional, Sequence, Union

import tensorflow as tf

from tfod_weights.runtime.losses.batch_weights import batch_class_weights
from tfod_weights.runtime.losses.model_weights import LossWeights
from tfod_weights.runtime.losses.training_step import TrainingStep
from tfod_weights.weighting import WeightSchedule

Tensor = Any


class WeightsInForce:
    """The weights of one loss while it is computed.

    Weights that do not change are constants; those that do are computed in the graph from TFOD's
    step variable and the batch's groundtruth, so no step runs Python or traces anew.

    Attributes:
        written: What the config says.
    """

    def __init__(
        self, written: LossWeights, counts: Callable[[], Tensor], step: TrainingStep
    ) -> None:
        """Weights as they are written.

        Args:
            written: What the config says.
            counts: Gives the objects of the batch by class_index: [classes].
            step: The model's step of training.
        """
        self.written = written
        self._counts = counts
        self._step = step

    def class_weights(self) -> Union[Sequence[float], Tensor]:
        """By class_index: the numbers of the config, or float32 [classes]."""
        written = self.written
        if written.batch is None:
            return self._begun(written.class_weights)
        weights = batch_class_weights(self._counts(), written.batch)
        weights.set_shape([len(written.class_weights)])  # unpadded groundtruth has lost it
        return self._begun(weights)

    def background_weight(self) -> Union[float, Tensor]:
        """Of what is matched to no object: the number of the config, or float32 []."""
        return self._begun(self.written.background_weight)

    def _begun(self, weights: Any) -> Any:
        """w_t = 1 + (w − 1)·p, as w·p + (1 − p): exactly w and exactly 1 at the ends."""
        if self.written.schedule.start_step is None:
            return weights
        p = progress(self.written.schedule, self._step.value())
        return tf.convert_to_tensor(weights, tf.float32) * p + (1.0 - p)


def progress(schedule: WeightSchedule, step: Optional[Tensor]) -> Tensor:
    """`WeightSchedule.progress` of a step in the graph: float32 []; 1 where no step is known."""
    if step is None:
        return tf.ones([], tf.float32)
    done = tf.cast(step, tf.int64) - schedule.start_step
    if schedule.ramp_steps == 0:
        return tf.cast(done >= 0, tf.float32)
    done = tf.clip_by_value(done, 0, schedule.ramp_steps)
    return tf.cast(tf.cast(done, tf.float64) / schedule.ramp_steps, tf.float32)
