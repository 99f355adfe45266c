"""How often each image is expected in a pass over the records."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Iterable, Mapping, Sequence

from tfod_weights.errors import UsageError
from tfod_weights.sampling.class_sampling import ClassSampling


@dataclass(frozen=True)
class CopyPlan:
    """The expected copies of an image, from what all images together hold.

    Attributes:
        sampling: What was asked for.
        mean_weight: The mean weight of the images; 1 with repeat factors.
        repeat_factors: class_id -> repeat factor of each class that occurs; empty with weights.
    """

    sampling: ClassSampling
    mean_weight: float
    repeat_factors: Mapping[int, float]

    def copies(self, class_ids: Sequence[int]) -> float:
        """The expected number of copies of an image in a pass.

        Args:
            class_ids: One per object that TFOD trains on, from 1 to num_classes.
        """
        if self.sampling.repeat_factor_threshold is not None:
            return max((self.repeat_factors[class_id] for class_id in class_ids), default=1.0)
        return self.sampling.image_weight(class_ids) / self.mean_weight


def plan_copies(sampling: ClassSampling, images: Iterable[Sequence[int]]) -> CopyPlan:
    """Look at the objects of all images once.

    Args:
        sampling: Without faults.
        images: The class_ids of each image's objects, as for `CopyPlan.copies`.

    Raises:
        UsageError: there is nothing to balance, or no image would be drawn.
    """
    total, number, images_with = 0.0, 0, Counter[int]()
    for class_ids in images:
        number += 1
        images_with.update(set(class_ids))
        if sampling.class_weights:
            total += sampling.image_weight(class_ids)
    _require_objects(number, sum(images_with.values()))
    if sampling.class_weights:
        return CopyPlan(sampling, _require_weight(total / number), {})
    factors = {c: sampling.repeat_factor(with_it / number) for c, with_it in images_with.items()}
    return CopyPlan(sampling, 1.0, factors)


def require_examples(input_type: str) -> None:
    """Refuse to sample sequences, of which TFOD draws one frame each.

    Args:
        input_type: The input reader's.

    Raises:
        UsageError: it is not TF_EXAMPLE.
    """
    if input_type != "TF_EXAMPLE":
        raise UsageError(
            f"class_sampling does not work with input_type: {input_type}",
            help="write the frames as tf.train.Examples, or use class weights in the losses",
        )


def _require_objects(images: int, objects: int) -> None:
    """Refuse records without labels."""
    if not objects:
        raise UsageError(
            f"class_sampling: none of the {images:,} images has an object of a class to train",
            help="check that the training records and the label map belong together",
        )


def _require_weight(mean_weight: float) -> float:
    """The mean image weight, if it can be divided by.

    It cannot if no image would be drawn, or if the weights are too large to add up.
    """
    if not (math.isfinite(mean_weight) and mean_weight > 0):
        raise UsageError(
            f"class_sampling: the mean weight of the images is {mean_weight:g}",
            help="some class that occurs in the records needs a weight above 0",
        )
    return mean_weight
