"""The expected copies of an image: tfod_weights.sampling.plan in TensorFlow."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence

import tensorflow as tf

from tfod_weights.sampling import ClassSampling
from tfod_weights.sampling.plan import require_objects, require_weight

Tensor = Any
Labels = Callable[[Tensor], Tensor]  # as labels_reader gives


def copies_function(
    sampling: ClassSampling, labels: Labels, files: Sequence[str], num_classes: int
) -> Callable[[Tensor], Tensor]:
    """A function from a serialized record to its expected copies in a pass, float64 [].

    Reads the labels of all records once, now.

    Args:
        sampling: Without faults.
        labels: Gives the class_ids of a record.
        files: All record files.
        num_classes: The model's.

    Raises:
        UsageError: there is nothing to balance.
    """
    records = tf.data.TFRecordDataset(list(files), num_parallel_reads=tf.data.AUTOTUNE)
    images = records.map(labels, tf.data.AUTOTUNE)
    if sampling.class_weights:
        weight = image_weight(sampling)
        mean = _mean_weight(images, weight)
        return lambda record: weight(labels(record)) / mean
    factors = _repeat_factors(sampling, images, num_classes)
    return lambda record: tf.reduce_max(tf.concat([[1.0], tf.gather(factors, labels(record))], 0))


def image_weight(sampling: ClassSampling) -> Callable[[Tensor], Tensor]:
    """The weight of an image, float64 [], from its class_ids, int64 [objects]."""
    class_weights = tf.constant(sampling.class_weights, tf.float64)
    aggregate = _AGGREGATIONS[sampling.aggregation]

    def weight(class_ids: Tensor) -> Tensor:
        weights = tf.gather(class_weights, class_ids - 1)
        background = tf.constant(sampling.background_weight, tf.float64)
        return tf.cond(tf.size(weights) > 0, lambda: aggregate(weights), lambda: background)

    return weight


def _median(weights: Tensor) -> Tensor:
    ordered, last = tf.sort(weights), tf.size(weights) - 1
    return (ordered[last // 2] + ordered[(last + 1) // 2]) / 2


_AGGREGATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    "MEAN": tf.reduce_mean,
    "MAX": tf.reduce_max,
    "MEDIAN": _median,
    "SUM": tf.reduce_sum,
}


def _mean_weight(images: Any, weight: Callable[[Tensor], Tensor]) -> float:
    def add(totals: Any, class_ids: Tensor) -> Any:
        number, objects, total = totals
        return (number + 1, objects + tf.size(class_ids, tf.int64), total + weight(class_ids))

    zero = tf.constant(0, tf.int64)
    number, objects, total = images.reduce((zero, zero, tf.constant(0.0, tf.float64)), add)
    require_objects(int(number), int(objects))
    return require_weight(float(total) / int(number))


def _repeat_factors(sampling: ClassSampling, images: Any, num_classes: int) -> Tensor:
    """float64 [num_classes + 1], by class_id; 1 for a class that no image has."""

    def add(totals: Any, class_ids: Tensor) -> Any:
        number, images_with = totals
        present = tf.math.bincount(
            tf.cast(class_ids, tf.int32), minlength=num_classes + 1, binary_output=True
        )
        return number + 1, images_with + tf.cast(present, tf.int64)

    none = tf.zeros([num_classes + 1], tf.int64)
    number, images_with = images.reduce((tf.constant(0, tf.int64), none), add)
    counted, images_in_all = images_with.numpy().tolist(), int(number)
    require_objects(images_in_all, sum(counted))
    factors = [sampling.repeat_factor(n / images_in_all) if n else 1.0 for n in counted]
    return tf.constant(factors, tf.float64)
