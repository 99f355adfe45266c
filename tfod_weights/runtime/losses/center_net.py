"""Class weights in CenterNetMetaArch: the centres' heatmap, and the boxes' sizes and offsets."""

from __future__ import annotations

from typing import Any, Sequence

import tensorflow as tf
from object_detection.core import losses
from object_detection.core import standard_fields as fields

from tfod_weights.pipeline.architectures import CLASSIFICATION, LOCALIZATION
from tfod_weights.runtime.losses.matched_objects import class_mass
from tfod_weights.runtime.losses.model_weights import LossWeights, ModelWeights
from tfod_weights.runtime.losses.weighted_loss import ClassWeightedLoss
from tfod_weights.runtime.losses.weightings import (
    DiceWeighting,
    ObjectWeighting,
    PeakWeighting,
    Weighting,
)

Tensor = Any


def weigh(model: Any, weights: ModelWeights, class_names: Sequence[str]) -> None:
    """Give a CenterNetMetaArch the class weights of its config."""
    if weights.classification:
        stock = model._center_params.classification_loss
        heatmap = _heatmap_weighting(stock, weights.classification)
        loss = ClassWeightedLoss(stock, heatmap, CLASSIFICATION, class_names)
        model._center_params = model._center_params._replace(classification_loss=loss)
    if weights.localization:
        stock = model._od_params.localization_loss
        boxes = _box_weighting(model, stock, weights.localization)
        loss = ClassWeightedLoss(stock, boxes, LOCALIZATION, class_names)
        model._od_params = model._od_params._replace(localization_loss=loss)


def _heatmap_weighting(stock: Any, weights: LossWeights) -> Weighting:
    if isinstance(stock, losses.WeightedDiceClassificationLoss):
        return DiceWeighting(weights)
    return PeakWeighting(weights)


def _box_weighting(model: Any, stock: Any, weights: LossWeights) -> Weighting:
    """The targets' rows follow the groundtruth lists (CenterNetBoxTargetAssigner)."""

    def labels() -> Tensor:
        return class_mass(tf.concat(model.groundtruth_lists(fields.BoxListFields.classes), axis=0))

    is_l2 = isinstance(stock, losses.WeightedL2LocalizationLoss)
    return ObjectWeighting(weights, labels, objects_axis=1 if is_l2 else 0)
