"""Class weights in SSDMetaArch: SSD, RetinaNet, EfficientDet."""

from __future__ import annotations

from typing import Any, Optional, Sequence

from tfod_weights.runtime.losses.matched_objects import MatchedObjects
from tfod_weights.runtime.losses.mixing import mix_in
from tfod_weights.runtime.losses.model_weights import ModelWeights
from tfod_weights.runtime.losses.training_step import TrainingStep
from tfod_weights.runtime.losses.weighted_loss import weigh_classification, weigh_localization
from tfod_weights.runtime.losses.weights_in_force import WeightsInForce

Tensor = Any


class WeightedSSD:
    """Mixed into an SSDMetaArch: remembers the assigned objects while the loss is computed.

    `loss` calls `_assign_targets`, then the localization loss, then the classification loss,
    and that a second time with background targets where there are `expected_loss_weights`. In
    all of them an anchor weighs as much as the object it is assigned to.
    """

    _matched_objects: MatchedObjects

    def loss(self, *args: Any, **kwargs: Any) -> dict[str, Tensor]:
        """SSDMetaArch.loss."""
        stock: Any = super()
        with self._matched_objects.during_loss():
            losses: dict[str, Tensor] = stock.loss(*args, **kwargs)
        return losses

    def _assign_targets(
        self,
        groundtruth_boxes_list: Sequence[Tensor],
        groundtruth_classes_list: Sequence[Tensor],
        groundtruth_keypoints_list: Optional[Sequence[Tensor]] = None,
        groundtruth_weights_list: Optional[Sequence[Tensor]] = None,
        groundtruth_confidences_list: Optional[Sequence[Tensor]] = None,
    ) -> tuple[Tensor, ...]:
        """SSDMetaArch._assign_targets, whose last result is the matches [batch, anchors]."""
        stock: Any = super()
        assigned: tuple[Tensor, ...] = stock._assign_targets(
            groundtruth_boxes_list,
            groundtruth_classes_list,
            groundtruth_keypoints_list,
            groundtruth_weights_list,
            groundtruth_confidences_list,
        )
        labels = groundtruth_classes_list
        if _trains_with_confidences(self):
            assert groundtruth_confidences_list is not None
            labels = groundtruth_confidences_list
        self._matched_objects.record(labels, assigned[-1])
        return assigned


def _trains_with_confidences(model: Any) -> bool:
    return bool(model._is_training and model._use_confidences_as_targets)


def weigh(model: Any, weights: ModelWeights, class_names: Sequence[str]) -> None:
    """Give an SSDMetaArch the class weights of its config."""
    objects = MatchedObjects(weights.logit_targets)
    mix_in(model, WeightedSSD)
    model._matched_objects = objects
    step = TrainingStep(model)
    if weights.classification:
        in_force = WeightsInForce(weights.classification, objects.counts, step)
        model._classification_loss = weigh_classification(
            model._classification_loss, in_force, objects, class_names
        )
    if weights.localization:
        in_force = WeightsInForce(weights.localization, objects.counts, step)
        model._localization_loss = weigh_localization(
            model._localization_loss, in_force, objects, class_names
        )
