"""Class weights in CenterNetMetaArch: the centres' heatmap, and the boxes' sizes and offsets."""

from __future__ import annotations

from typing import Any, Callable, Sequence

import tensorflow as tf
from object_detection.core import losses
from object_detection.core import standard_fields as fields

from tfod_weights.pipeline.architectures import CLASSIFICATION, LOCALIZATION
from tfod_weights.runtime.losses.matched_objects import class_mass, object_counts
from tfod_weights.runtime.losses.model_weights import ModelWeights
from tfod_weights.runtime.losses.training_step import TrainingStep
from tfod_weights.runtime.losses.weighted_loss import ClassWeightedLoss
from tfod_weights.runtime.losses.weightings import (
    DiceWeighting,
    ObjectWeighting,
    PeakWeighting,
    Weighting,
)
from tfod_weights.runtime.losses.weights_in_force import WeightsInForce

Tensor = Any


def weigh(model: Any, weights: ModelWeights, class_names: Sequence[str]) -> None:
    """Give a CenterNetMetaArch the class weights of its config."""
    step = TrainingStep(model)

    def labels() -> Tensor:
        """The class targets of the batch's objects, [objects, classes]."""
        return class_mass(tf.concat(model.groundtruth_lists(fields.BoxListFields.classes), axis=0))

    def counts() -> Tensor:
        return object_counts([labels()])

    if weights.classification:
        stock = model._center_params.classification_loss
        in_force = WeightsInForce(weights.classification, counts, step)
        heatmap = _heatmap_weighting(stock, in_force)
        loss = ClassWeightedLoss(stock, heatmap, CLASSIFICATION, class_names)
        model._center_params = model._center_params._replace(classification_loss=loss)
    if weights.localization:
        stock = model._od_params.localization_loss
        in_force = WeightsInForce(weights.localization, counts, step)
        boxes = _box_weighting(stock, in_force, labels)
        loss = ClassWeightedLoss(stock, boxes, LOCALIZATION, class_names)
        model._od_params = model._od_params._replace(localization_loss=loss)


def _heatmap_weighting(stock: Any, in_force: WeightsInForce) -> Weighting:
    if isinstance(stock, losses.WeightedDiceClassificationLoss):
        return DiceWeighting(in_force)
    return PeakWeighting(in_force)


def _box_weighting(
    stock: Any, in_force: WeightsInForce, labels: Callable[[], Tensor]
) -> ObjectWeighting:
    """The targets' rows follow the groundtruth lists (CenterNetBoxTargetAssigner)."""
    is_l2 = isinstance(stock, losses.WeightedL2LocalizationLoss)
    return ObjectWeighting(in_force, labels, objects_axis=1 if is_l2 else 0)
