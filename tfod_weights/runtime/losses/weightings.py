"""The factor that each entry of a stock loss is multiplied by, for each shape of loss.

A factor multiplies the loss's *result*, never its `weights` argument: softmax losses average
those over the classes, L2 squares them, and SSD divides by their sum.
"""

from __future__ import annotations

from typing import Any, Callable, Protocol, Sequence, Union

import tensorflow as tf

from tfod_weights.runtime.losses.matched_objects import (
    MatchedObjects,
    class_shares,
    mean_weight,
)
from tfod_weights.runtime.losses.model_weights import CLASS_COLUMN, LossWeights
from tfod_weights.runtime.losses.weights_in_force import WeightsInForce

Tensor = Any
ByIndex = Union[Sequence[float], Tensor]  # class weights by class_index


class Weighting(Protocol):
    """How the entries of a loss are weighed."""

    @property
    def weights(self) -> LossWeights:
        """What the config says."""

    def factor(self, loss: Tensor, targets: Tensor) -> Tensor:
        """What the loss is multiplied by; broadcasts to it.

        Args:
            loss: What the stock loss returned.
            targets: The targets that it was called with.
        """

    def class_sums(self, loss: Tensor, targets: Tensor) -> Tensor:
        """The part of the loss that belongs to objects, summed class by class: [classes]."""


class _Weighting:
    """What all weightings share.

    Attributes:
        in_force: The weights at the time when the loss is computed.
    """

    def __init__(self, in_force: WeightsInForce) -> None:
        self.in_force = in_force

    @property
    def weights(self) -> LossWeights:
        """What the config says."""
        return self.in_force.written


class AnchorWeighting(_Weighting):
    """The whole loss of an anchor times the weight of the object it is matched to.

    Takes a loss [batch, anchors], [batch, anchors, columns] or, as WeightedIOULocalizationLoss
    returns it, flat [batch · anchors].
    """

    def __init__(self, in_force: WeightsInForce, objects: MatchedObjects) -> None:
        super().__init__(in_force)
        self._objects = objects

    def factor(self, loss: Tensor, targets: Tensor) -> Tensor:
        """As Weighting.factor."""
        return _as_loss(self._of_anchors(self.in_force.class_weights()), loss)

    def _of_anchors(self, class_weights: ByIndex) -> Tensor:
        """float32 [batch, anchors]."""
        background = self.in_force.background_weight()
        return self._objects.of_anchors(
            lambda labels: mean_weight(labels, class_weights, background), background
        )

    def class_sums(self, loss: Tensor, targets: Tensor) -> Tensor:
        """As Weighting.class_sums."""
        rows = tf.reduce_sum(loss, axis=-1) if loss.shape.rank == 3 else loss
        return self._objects.class_sums(rows)


class EntryWeighting(AnchorWeighting):
    """Single entries of a loss [batch, anchors, columns], by class_weight_mode.

    POSITIVE_LOGIT: 1 + y_ic·(w_c − 1). CLASS_COLUMN: w_c. The background's own column, if
    there is one, stays. In both, a background anchor's row is multiplied by background_weight.
    """

    def factor(self, loss: Tensor, targets: Tensor) -> Tensor:
        """As Weighting.factor."""
        weights = _column_weights(loss, self.in_force.class_weights(), background=1.0)
        factor = weights
        if self.weights.mode != CLASS_COLUMN:
            positive = self._positive(loss, targets)
            factor = positive * weights + (1.0 - positive)
        if self.weights.background_weight != 1.0:
            unweighted = [1.0] * len(self.weights.class_weights)
            factor *= self._of_anchors(unweighted)[..., tf.newaxis]
        return factor

    def _positive(self, loss: Tensor, targets: Tensor) -> Tensor:
        """The targets y [batch, anchors, columns] of anchors that are matched to objects.

        Without a column of its own (`add_background_class: false`), the background may be
        encoded as class 1 (`encode_background_as_zeros: false`); it is no object all the same.
        """
        targets = tf.cast(targets, tf.float32)
        if loss.shape[-1] > len(self.weights.class_weights):
            return targets
        return targets * self._objects.of_anchors(_ones, 0.0)[..., tf.newaxis]


class DiceWeighting(_Weighting):
    """The dice loss of a class times its weight.

    Dice compares whole areas: its loss is [batch, columns], without a part that belongs to an
    anchor. So a class's loss counts as often as its weight says, and so does the background's.
    """

    def factor(self, loss: Tensor, targets: Tensor) -> Tensor:
        """As Weighting.factor."""
        in_force = self.in_force
        return _column_weights(loss, in_force.class_weights(), in_force.background_weight())

    def class_sums(self, loss: Tensor, targets: Tensor) -> Tensor:
        """As Weighting.class_sums."""
        return tf.reduce_sum(loss, axis=0)[-len(self.weights.class_weights) :]


class PeakWeighting(_Weighting):
    """CenterNet's heatmap: the entry at an object's centre, in its class's channel.

    Centres are where the target is 1.0, as in PenaltyReducedLogisticFocalLoss. Scaling the
    target or the ground truth's weights instead would make them background. Takes a loss
    [batch, pixels, classes], or [batch, pixels] from the softmax losses.
    """

    def factor(self, loss: Tensor, targets: Tensor) -> Tensor:
        """As Weighting.factor."""
        class_weights = self.in_force.class_weights()
        background = self.in_force.background_weight()
        peaks = tf.equal(targets, 1.0)
        if loss.shape.rank == 2:
            return mean_weight(tf.cast(peaks, tf.float32), class_weights, background)
        weights = tf.convert_to_tensor(class_weights, tf.float32)
        by_column = self.weights.mode == CLASS_COLUMN
        return tf.where(peaks, weights, background * weights if by_column else background)

    def class_sums(self, loss: Tensor, targets: Tensor) -> Tensor:
        """As Weighting.class_sums."""
        peaks = tf.cast(tf.equal(targets, 1.0), loss.dtype)
        if loss.shape.rank == 2:
            peaks, loss = class_shares(peaks), loss[..., tf.newaxis]
        return tf.reduce_sum(peaks * loss, axis=[0, 1])


class ObjectWeighting(_Weighting):
    """CenterNet's size and offset losses, which have a row for each object of the batch.

    Args:
        labels: Gives [objects, classes], the class targets of the batch's objects.
        objects_axis: The axis of the loss that counts the objects: 0 in L1's [objects, 2].
            L2 multiplies each object's loss with each one's weight: [objects, objects], the
            last axis counting the losses.
    """

    def __init__(
        self, in_force: WeightsInForce, labels: Callable[[], Tensor], objects_axis: int = 0
    ) -> None:
        super().__init__(in_force)
        self._labels = labels
        self._other_axis = 1 - objects_axis

    def factor(self, loss: Tensor, targets: Tensor) -> Tensor:
        """As Weighting.factor."""
        factor = mean_weight(self._labels(), self.in_force.class_weights(), 1.0)
        return tf.expand_dims(factor, self._other_axis)

    def class_sums(self, loss: Tensor, targets: Tensor) -> Tensor:
        """As Weighting.class_sums."""
        of_objects = tf.reduce_sum(loss, self._other_axis)
        return tf.reduce_sum(class_shares(self._labels()) * of_objects[:, tf.newaxis], axis=0)


def _as_loss(factors: Tensor, loss: Tensor) -> Tensor:
    """[batch, anchors] in a shape that broadcasts to the loss."""
    if loss.shape.rank == 1:
        return tf.reshape(factors, [-1])
    return factors[..., tf.newaxis] if loss.shape.rank == 3 else factors


def _column_weights(
    loss: Tensor, class_weights: ByIndex, background: Union[float, Tensor]
) -> Tensor:
    """float32 [columns]: the background's first, where the loss has a column for it."""
    weights = tf.convert_to_tensor(class_weights, tf.float32)
    extra = loss.shape[-1] - weights.shape[0]
    return tf.concat([tf.fill([extra], tf.cast(background, tf.float32)), weights], axis=0)


def _ones(labels: Tensor) -> Tensor:
    return tf.ones_like(labels[:, 0])
