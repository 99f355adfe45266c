"""A loss of TFOD whose result is multiplied by class weights."""

from __future__ import annotations

from typing import Any, Sequence

import tensorflow as tf
from object_detection.core import losses

from tfod_weights.pipeline.architectures import CLASSIFICATION, LOCALIZATION
from tfod_weights.runtime.losses import class_losses
from tfod_weights.runtime.losses.matched_objects import MatchedObjects
from tfod_weights.runtime.losses.model_weights import MATCHED_CLASS
from tfod_weights.runtime.losses.weightings import (
    AnchorWeighting,
    DiceWeighting,
    EntryWeighting,
    Weighting,
)
from tfod_weights.runtime.losses.weights_in_force import WeightsInForce

Tensor = Any


class ClassWeightedLoss(losses.Loss):  # type: ignore[misc]
    """Stands where a stock loss stood, and is called like it.

    Attributes:
        stock: The loss that TFOD built.
        weighting: What its result is multiplied by.
    """

    def __init__(
        self, stock: Any, weighting: Weighting, kind: str, class_names: Sequence[str]
    ) -> None:
        """Wrap a stock loss.

        Args:
            stock: The loss that TFOD built.
            weighting: What its result is multiplied by.
            kind: classification or localization; for the summaries.
            class_names: By class_index; for the summaries.
        """
        super().__init__()
        self.stock = stock
        self.weighting = weighting
        self._kind = kind
        self._class_names = tuple(class_names)

    def __call__(
        self, prediction_tensor: Tensor, target_tensor: Tensor, *args: Any, **kwargs: Any
    ) -> Tensor:
        """The stock loss, weighed; of the shape and type that the stock loss returns."""
        loss = self.stock(prediction_tensor, target_tensor, *args, **kwargs)
        with tf.name_scope("ClassWeights"):
            weighted = self._weighed(loss, target_tensor)
            if class_losses.are_collected():
                self._collect(loss, weighted, target_tensor)
        return weighted

    def _weighed(self, loss: Tensor, targets: Tensor) -> Tensor:
        """The loss times its factor.

        Weights of 1 leave even the graph as it is: a factor of 1 changes no bit of the loss, but
        TensorFlow's graph optimizer may then add up in another order.
        """
        if self.weighting.weights.change_nothing:
            return loss
        weighted = loss * tf.cast(self.weighting.factor(loss, targets), loss.dtype)
        weighted.set_shape(loss.shape)
        return weighted

    def _collect(self, loss: Tensor, weighted: Tensor, targets: Tensor) -> None:
        for suffix, tensor in (("", weighted), ("_unweighted", loss)):
            sums = self.weighting.class_sums(tf.cast(tensor, tf.float32), targets)
            class_losses.collect(self._kind + suffix, self._class_names, sums)

    def _compute_loss(self, *args: Any, **kwargs: Any) -> Tensor:
        return self.stock._compute_loss(*args, **kwargs)


def weigh_classification(
    stock: Any, weights: WeightsInForce, objects: MatchedObjects, class_names: Sequence[str]
) -> ClassWeightedLoss:
    """The classification loss of anchors or proposals, weighed as its mode says."""
    weighting: Weighting
    if isinstance(stock, losses.WeightedDiceClassificationLoss):
        weighting = DiceWeighting(weights)
    elif weights.written.mode == MATCHED_CLASS:
        weighting = AnchorWeighting(weights, objects)
    else:
        weighting = EntryWeighting(weights, objects)
    return ClassWeightedLoss(stock, weighting, CLASSIFICATION, class_names)


def weigh_localization(
    stock: Any, weights: WeightsInForce, objects: MatchedObjects, class_names: Sequence[str]
) -> ClassWeightedLoss:
    """The box regression loss of anchors or proposals; it has none for the background."""
    return ClassWeightedLoss(stock, AnchorWeighting(weights, objects), LOCALIZATION, class_names)
