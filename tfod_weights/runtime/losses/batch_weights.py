"""Class weights from a batch's own objects: tfod_weights/weighting once more, in TensorFlow.

Everything is float64 on [classes], which costs nothing: a batch may hold thousands of objects
of one class and none of another, and the result must be that of the Python functions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Callable, Mapping

import tensorflow as tf

from tfod_weights.weighting import BatchClassWeights

Tensor = Any

# What a float32 can hold, with room for the loss that it multiplies.
_SMALLEST, _LARGEST = 1e-30, 1e30
_HUGE = 1e300  # of a float64


def batch_class_weights(counts: Tensor, recipe: BatchClassWeights) -> Tensor:
    """The weights of a batch: scheme, cap, normalisation, as `tfod_weights.class_weights`.

    Args:
        counts: The batch's objects by class_index, not negative: [classes].
        recipe: How the weights are computed.

    Returns:
        float32 [classes], finite and above 0; 1 for a class without objects.
    """
    present = _Present(tf.cast(counts, tf.float64))
    weights = _SCHEMES[recipe.scheme](present, recipe)
    if recipe.max_ratio is not None:
        weights = tf.minimum(weights, recipe.max_ratio * present.smallest(weights))
    weights = weights * _FACTORS[recipe.normalize](present, weights)
    weights = tf.clip_by_value(present.only(weights, 1.0), _SMALLEST, _LARGEST)
    return tf.cast(weights, tf.float32)


@dataclass(frozen=True)
class _Present:
    """The classes that have objects.

    Attributes:
        counts: n_c, 0 where there are none: float64 [classes].
    """

    counts: Tensor

    @property
    def mask(self) -> Tensor:
        """Whether a class has objects."""
        return self.counts > 0

    @property
    def objects(self) -> Tensor:
        """n_c, or 1 where a class has none: safe to divide by."""
        return self.only(self.counts, otherwise=1.0)

    @property
    def total(self) -> Tensor:
        """N; 0 for an empty batch."""
        return tf.reduce_sum(self.counts)

    @property
    def number(self) -> Tensor:
        """C, at least 1."""
        return tf.maximum(tf.reduce_sum(tf.cast(self.mask, tf.float64)), 1.0)

    def only(self, values: Tensor, otherwise: float) -> Tensor:
        """The values of classes that have objects, another value for the rest."""
        return tf.where(self.mask, values, tf.constant(otherwise, tf.float64))

    def sum(self, values: Tensor) -> Tensor:
        """Σ over the classes that have objects."""
        return tf.reduce_sum(self.only(values, 0.0))

    def smallest(self, values: Tensor) -> Tensor:
        """The minimum over the classes that have objects; huge for an empty batch."""
        return tf.reduce_min(self.only(values, _HUGE))


def _inverse(present: _Present) -> Tensor:
    return present.total / (present.number * present.objects)


def _power(present: _Present, recipe: BatchClassWeights) -> Tensor:
    return tf.pow(_inverse(present), tf.constant(recipe.power, tf.float64))


def _log(present: _Present) -> Tensor:
    return tf.math.log1p(present.total / present.objects)


def _effective_number(present: _Present, recipe: BatchClassWeights) -> Tensor:
    if recipe.beta == 0:
        return _uniform(present)
    return (1 - recipe.beta) / -tf.math.expm1(present.objects * math.log(recipe.beta))


def _median_frequency(present: _Present) -> Tensor:
    ordered = tf.sort(present.only(present.counts, _HUGE))
    number = tf.cast(present.number, tf.int32)
    middle = tf.gather(ordered, [(number - 1) // 2, number // 2])
    return tf.reduce_sum(middle / 2) / present.objects


def _smoothed(present: _Present, recipe: BatchClassWeights) -> Tensor:
    return (1 + recipe.smoothing) / (present.objects + recipe.smoothing)


def _uniform(present: _Present) -> Tensor:
    return tf.ones_like(present.counts)


_SCHEMES: Mapping[str, Callable[[_Present, BatchClassWeights], Tensor]] = {
    "sqrt": lambda present, recipe: tf.sqrt(_inverse(present)),
    "inverse": lambda present, recipe: _inverse(present),
    "power": _power,
    "log": lambda present, recipe: _log(present),
    "effective-number": _effective_number,
    "median-frequency": lambda present, recipe: _median_frequency(present),
    "smoothed": _smoothed,
    "uniform": lambda present, recipe: _uniform(present),
}

# What the weights are multiplied by; 0 for an empty batch, whose weights are not used.
_FACTORS: Mapping[str, Callable[[_Present, Tensor], Tensor]] = {
    "objects": lambda present, weights: tf.math.divide_no_nan(
        present.total, present.sum(present.counts * weights)
    ),
    "min": lambda present, weights: 1 / present.smallest(weights),
    "mean": lambda present, weights: tf.math.divide_no_nan(present.number, present.sum(weights)),
    "sum": lambda present, weights: tf.math.reciprocal_no_nan(present.sum(weights)),
    "none": lambda present, weights: tf.ones([], tf.float64),
}
