"""What a `class_sampling` block asks for: message ClassSampling of protos_ext."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Callable, Iterator, Mapping, Optional, Sequence

from tfod_weights.errors import FieldFault
from tfod_weights.schema import enum_value_name
from tfod_weights.wording import number_of

# aggregation -> the weight of an image from the weights of its objects, at least one
AGGREGATIONS: Mapping[str, Callable[[Sequence[float]], float]] = MappingProxyType(
    {"MEAN": statistics.fmean, "MAX": max, "MEDIAN": statistics.median, "SUM": math.fsum}
)

DEFAULT_THRESHOLD = 0.001  # of repeat factors, as for LVIS


@dataclass(frozen=True)
class ClassSampling:
    """Images drawn by the classes of their objects; the fields are those of the message.

    Attributes:
        class_weights: By class_index; empty with repeat factors.
        aggregation: A key of AGGREGATIONS.
        background_weight: Of an image without objects.
        repeat_factor_threshold: The t of repeat factors, a share of images; None with weights.
        sqrt: Whether the repeat factor of a class is √(t / f_c), not t / f_c.
        seed: Of the random numbers.
    """

    class_weights: tuple[float, ...] = ()
    aggregation: str = "MEAN"
    background_weight: float = 1.0
    repeat_factor_threshold: Optional[float] = None
    sqrt: bool = True
    seed: int = 0

    def image_weight(self, class_ids: Sequence[int]) -> float:
        """The weight of an image by its objects, without repeat factors.

        Args:
            class_ids: One per object, each from 1 to the number of weights.
        """
        if not class_ids:
            return self.background_weight
        weights = [self.class_weights[class_id - 1] for class_id in class_ids]
        return AGGREGATIONS[self.aggregation](weights)

    def repeat_factor(self, frequency: float) -> float:
        """The repeat factor max(1, √(t / f)) of a class; without the root where `sqrt` is off.

        Args:
            frequency: f, the share of images with an object of the class, above 0.

        Source: Gupta, Dollár and Girshick, LVIS, 2019 (arXiv 1908.03195), section 5.
        """
        assert self.repeat_factor_threshold is not None
        ratio = self.repeat_factor_threshold / frequency
        return max(1.0, math.sqrt(ratio) if self.sqrt else ratio)

    def faults(self, num_classes: Optional[int] = None) -> Iterator[FieldFault]:
        """Why images cannot be drawn so; nothing if they can.

        Args:
            num_classes: The model's; None where it is not known.
        """
        threshold = self.repeat_factor_threshold
        if (threshold is None) != bool(self.class_weights):
            what = "neither" if threshold is None else "both"
            problem = f"class_sampling has {what} class_weights and repeat_factor_threshold"
            yield FieldFault("", problem, "give one of the two")
        if threshold is not None and not 0 < threshold <= 1:
            problem = f"repeat_factor_threshold is {threshold:g}"
            yield FieldFault("repeat_factor_threshold", problem, _THRESHOLD_HELP)
        if self.class_weights:
            yield from self._weight_faults(num_classes)

    def _weight_faults(self, num_classes: Optional[int]) -> Iterator[FieldFault]:
        field, weights = "class_weights", self.class_weights
        if num_classes is not None and len(weights) != num_classes:
            number = number_of(len(weights), "sampling weight")
            problem = f"{number} for num_classes: {num_classes}"
            yield FieldFault(field, problem, "give one weight per class, by class id")
        for class_id, weight in enumerate(weights, start=1):
            if not _is_usable(weight):
                problem = f"the sampling weight of class {class_id} is {weight:g}"
                yield FieldFault(field, problem, "sampling weights are finite, 0 or more")
        if not any(weights):
            problem = "all sampling weights are 0, so that no image would be drawn"
            yield FieldFault(field, problem, "give the classes to train on a weight above 0")
        if not _is_usable(self.background_weight):
            problem = f"background_weight is {self.background_weight:g}"
            yield FieldFault("background_weight", problem, "it is finite, 0 or more")


def sampling_from_message(message: Any) -> ClassSampling:
    """The class sampling in a protobuf message ClassSampling."""
    has_threshold = message.HasField("repeat_factor_threshold")
    return ClassSampling(
        class_weights=tuple(message.class_weights),
        aggregation=enum_value_name(message, "aggregation"),
        background_weight=message.background_weight,
        repeat_factor_threshold=message.repeat_factor_threshold if has_threshold else None,
        sqrt=message.sqrt,
        seed=message.seed,
    )


def _is_usable(weight: float) -> bool:
    return math.isfinite(weight) and weight >= 0


_THRESHOLD_HELP = f"it is a share of the images: above 0, at most 1; LVIS takes {DEFAULT_THRESHOLD}"
