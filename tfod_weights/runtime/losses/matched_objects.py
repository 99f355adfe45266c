"""Which object each anchor (or proposal) is matched to, while a loss is computed.

TFOD tells a localization loss nothing of classes, so what its target assigner decides is kept
here from the assignment until the end of the `loss()` call that made it.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import Any, Callable, Iterator, Optional, Sequence, Union

import tensorflow as tf

from tfod_weights.errors import UsageError

Tensor = Any


class MatchedObjects(threading.local):
    """The objects of a batch and the anchors that are matched to them.

    One for each model. Its state belongs to a thread (MirroredStrategy runs one per replica) and
    lasts for one `loss()` call, so no tensor of one tf.function trace is seen by another.

    What is recorded is only looked at when a loss needs it: an operation before TFOD's own
    random ones would shift their seeds.
    """

    _targets: Optional[Sequence[Tensor]] = None
    _matches: Any = ()

    def __init__(self, logit_targets: bool = False) -> None:
        """Start without objects.

        Args:
            logit_targets: Whether class targets are logits (WeightedSoftmaxClassification-
                AgainstLogitsLoss); an object is then of the class with the highest one.
        """
        self._as_mass = class_of_logits if logit_targets else class_mass

    @contextmanager
    def during_loss(self) -> Iterator[None]:
        """Forget everything when the loss is computed."""
        try:
            yield
        finally:
            self._targets, self._matches = None, ()

    def record(self, targets: Sequence[Tensor], matches: Any) -> None:
        """Keep what was assigned.

        Args:
            targets: For each image, [objects, classes].
            matches: For each image, int32 [anchors]: the object's row in `targets`; negative
                where the anchor is matched to none.
        """
        self._targets, self._matches = targets, matches

    def add_match(self, match: Tensor) -> None:
        """Keep the matches of one more image of those in `targets`."""
        if self._targets is not None and len(self._matches) < len(self._targets):
            self._matches = [*self._matches, match]

    def counts(self) -> Tensor:
        """How many objects of each class the batch has, matched or not: float32 [classes]."""
        return object_counts([labels for labels, _ in self._images()])

    def of_anchors(
        self, of_objects: Callable[[Tensor], Tensor], otherwise: Union[float, Tensor]
    ) -> Tensor:
        """A number of each anchor's object.

        Args:
            of_objects: labels [objects, classes] -> [objects].
            otherwise: The number of an anchor without an object.

        Returns:
            float32 [batch, anchors].
        """
        images = self._images()
        return tf.stack([_gather(of_objects(rows), match, otherwise) for rows, match in images])

    def class_sums(self, losses: Tensor) -> Tensor:
        """The losses of the matched anchors, summed class by class.

        Args:
            losses: [batch, anchors] or flat [batch · anchors].

        Returns:
            [classes]: Σ over anchors of loss · share of the class in the anchor's object.
        """
        images = self._images()
        rows = tf.unstack(tf.reshape(losses, [len(images), -1]))
        return tf.add_n([_class_sums(*image, loss) for image, loss in zip(images, rows)])

    def _images(self) -> list[tuple[Tensor, Tensor]]:
        """For each image, labels [objects, classes] and matches [anchors]."""
        if self._targets is None:
            raise UsageError(
                "a class-weighted loss was called outside of the model's loss(), where the "
                "classes of its anchors are not known"
            )
        labels = [self._as_mass(rows) for rows in self._targets]
        return list(zip(labels, tf.unstack(self._matches, len(labels))))


def class_mass(targets: Tensor) -> Tensor:
    """Class targets as float32; explicit negatives (−1 in confidences) have no mass."""
    return tf.nn.relu(tf.cast(targets, tf.float32))


def object_counts(labels: Sequence[Tensor]) -> Tensor:
    """The objects of a batch by class_index, [classes]; rows of zeros are padding.

    Args:
        labels: For each image, [objects, classes], not negative.
    """
    return tf.reduce_sum(tf.concat(labels, axis=0), axis=0)


def class_of_logits(targets: Tensor) -> Tensor:
    """One-hot [objects, classes]; zeros where no logit is above the background's, which is 0."""
    with_background = tf.pad(tf.cast(targets, tf.float32), [[0, 0], [1, 0]])
    columns = tf.shape(with_background)[1]
    return tf.one_hot(tf.argmax(with_background, axis=1), columns)[:, 1:]


def _gather(values: Tensor, match: Tensor, otherwise: Union[float, Tensor]) -> Tensor:
    """[objects], int32 [anchors] -> [anchors]."""
    values = tf.concat([[tf.cast(otherwise, values.dtype)], values], axis=0)
    return tf.gather(values, tf.maximum(match + 1, 0))


def _class_sums(labels: Tensor, match: Tensor, losses: Tensor) -> Tensor:
    """[objects, classes], [anchors], [anchors] -> [classes]."""
    of_objects = tf.math.unsorted_segment_sum(losses, match, tf.shape(labels)[0])
    return tf.reduce_sum(class_shares(labels) * of_objects[:, tf.newaxis], axis=0)


def class_shares(labels: Tensor) -> Tensor:
    """Which part of an object belongs to each class: y_c / max(Σ y, 1), as labels."""
    return labels / tf.maximum(tf.reduce_sum(labels, axis=-1, keepdims=True), 1.0)


def mean_weight(
    labels: Tensor, class_weights: Union[Sequence[float], Tensor], background: Union[float, Tensor]
) -> Tensor:
    """The weight of an object (anchor, pixel) by its class targets.

    With m = min(Σ y, 1), the mass that is not background:
    a = Σ_c y_c·w_c / max(Σ y, 1) + (1 − m)·w_background.
    For a one-hot y that is its class's weight, for a k-hot one the mean of its classes'
    weights, for a row of zeros the background's.

    Args:
        labels: [..., classes], not negative.
        class_weights: By class_index.
        background: The weight of what is of no class.

    Returns:
        float32 [...].
    """
    weights = tf.convert_to_tensor(class_weights, tf.float32)
    mass = tf.reduce_sum(labels, axis=-1)
    weighted = tf.reduce_sum(labels * weights, axis=-1)
    return weighted / tf.maximum(mass, 1.0) + (1.0 - tf.minimum(mass, 1.0)) * background
