"""Normalisations: the scale of the weights. None of them changes the ratio of two weights.

Every one takes class_id (one-based) -> weight and class_id -> objects, both above 0 and of
the same classes, and returns class_id -> unitless weight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import Callable, Mapping

from tfod_weights.weighting.schemes import total_objects

Weights = Mapping[int, float]


def keep_objects(weights: Weights, counts: Mapping[int, float]) -> dict[int, float]:
    """Σ n_c · w_c = N: the expected total loss of the positives stays what it was.

    >>> keep_objects({1: 1, 2: 5}, {1: 100, 2: 20})
    {1: 0.6, 2: 3.0}
    """
    weighted = math.fsum(counts[c] * weight for c, weight in weights.items())
    factor = total_objects(counts) / weighted
    return {c: weight * factor for c, weight in weights.items()}


def smallest_is_one(weights: Weights, counts: Mapping[int, float]) -> dict[int, float]:
    """The smallest w_c is 1: no class weighs less than without weights.

    >>> smallest_is_one({1: 0.6, 2: 3}, {1: 100, 2: 20})
    {1: 1.0, 2: 5.0}
    """
    smallest = min(weights.values())
    return {c: weight / smallest for c, weight in weights.items()}


def mean_is_one(weights: Weights, counts: Mapping[int, float]) -> dict[int, float]:
    """Σ w_c / C = 1 over the C classes that have objects.

    >>> mean_is_one({1: 1, 2: 3}, {1: 100, 2: 20})
    {1: 0.5, 2: 1.5}
    """
    mean = math.fsum(weight / len(weights) for weight in weights.values())
    return {c: weight / mean for c, weight in weights.items()}


def sum_is_one(weights: Weights, counts: Mapping[int, float]) -> dict[int, float]:
    """Σ w_c = 1 over the classes that have objects.

    >>> sum_is_one({1: 1, 2: 3}, {1: 100, 2: 20})
    {1: 0.25, 2: 0.75}
    """
    scaled = mean_is_one(weights, counts)
    return {c: weight / len(scaled) for c, weight in scaled.items()}


def as_they_are(weights: Weights, counts: Mapping[int, float]) -> dict[int, float]:
    """The weights of the scheme, unscaled."""
    return dict(weights)


@dataclass(frozen=True)
class Normalization:
    """One row of NORMALIZATIONS: the function and one line for `--help`."""

    function: Callable[[Weights, Mapping[int, float]], dict[int, float]]
    description: str


NORMALIZATIONS: Mapping[str, Normalization] = MappingProxyType(
    {
        "objects": Normalization(
            keep_objects, "Σ n·w = N: keeps the total loss and so the learning rate, the default"
        ),
        "min": Normalization(smallest_is_one, "the smallest weight is 1"),
        "mean": Normalization(mean_is_one, "the mean of the weights is 1"),
        "sum": Normalization(sum_is_one, "the weights add up to 1"),
        "none": Normalization(as_they_are, "the scheme's own scale"),
    }
)
