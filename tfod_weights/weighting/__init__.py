"""Weighting: class counts → class weights, by scheme, cap and normalisation.

Never imports TensorFlow, NumPy or rich.
"""

from __future__ import annotations

from tfod_weights.weighting.changing import ALWAYS, BatchClassWeights, WeightSchedule
from tfod_weights.weighting.compute import class_weights
from tfod_weights.weighting.given import given_weights, weights_from_file
from tfod_weights.weighting.normalization import NORMALIZATIONS, Normalization
from tfod_weights.weighting.schemes import SCHEMES, Scheme
from tfod_weights.weighting.warnings import WeightsWarning
from tfod_weights.weighting.weights import ClassWeight, ClassWeights, parameter_texts

__all__ = [
    "ALWAYS",
    "NORMALIZATIONS",
    "SCHEMES",
    "BatchClassWeights",
    "ClassWeight",
    "ClassWeights",
    "Normalization",
    "Scheme",
    "WeightSchedule",
    "WeightsWarning",
    "class_weights",
    "given_weights",
    "parameter_texts",
    "weights_from_file",
]
