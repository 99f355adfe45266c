"""What a class_sampling block asks for, and what it must not."""

from __future__ import annotations

import math

import pytest

from tfod_weights.sampling import AGGREGATIONS, ClassSampling

WEIGHTS = (1.0, 2.0, 6.0)
NAN = float("nan")

# aggregation -> class_ids of an image -> its weight
IMAGE_WEIGHTS = {
    "MEAN": {(1,): 1.0, (1, 1, 3, 3): 3.5, (1, 2, 3): 3.0},
    "MAX": {(1,): 1.0, (1, 1, 3, 3): 6.0, (1, 2, 2): 2.0},
    "MEDIAN": {(1,): 1.0, (1, 1, 3, 3): 3.5, (3, 1, 2): 2.0, (2, 1): 1.5},
    "SUM": {(1,): 1.0, (1, 1, 3, 3): 14.0, (1, 2, 3): 9.0},
}


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
def test_the_weight_of_an_image(aggregation: str) -> None:
    sampling = ClassSampling(WEIGHTS, aggregation, background_weight=0.25)
    for class_ids, weight in IMAGE_WEIGHTS[aggregation].items():
        assert sampling.image_weight(class_ids) == weight
    assert sampling.image_weight(()) == 0.25


def test_the_repeat_factor_of_a_class() -> None:
    sampling = ClassSampling(repeat_factor_threshold=0.1)
    assert sampling.repeat_factor(0.1) == sampling.repeat_factor(0.9) == 1.0
    assert sampling.repeat_factor(0.025) == 2.0
    linear = ClassSampling(repeat_factor_threshold=0.1, sqrt=False)
    assert math.isclose(linear.repeat_factor(0.025), 4.0)


FAULTS = {
    "nothing": (ClassSampling(), "", "neither"),
    "both": (ClassSampling(WEIGHTS, repeat_factor_threshold=0.1), "", "both"),
    "two weights": (ClassSampling((1, 2)), "class_weights", "2 sampling weights for"),
    "one weight": (ClassSampling((1,)), "class_weights", "1 sampling weight for"),
    "negative": (ClassSampling((1, -1, 1)), "class_weights", "class 2 is -1"),
    "nan": (ClassSampling((1, 1, NAN)), "class_weights", "class 3 is nan"),
    "infinite": (ClassSampling((math.inf, 1, 1)), "class_weights", "class 1 is inf"),
    "zeros": (ClassSampling((0, 0, 0)), "class_weights", "all sampling weights are 0"),
    "background": (ClassSampling(WEIGHTS, background_weight=-1), "background_weight", "is -1"),
    "threshold 0": (ClassSampling(repeat_factor_threshold=0), "repeat_factor_threshold", "is 0"),
    "above 1": (ClassSampling(repeat_factor_threshold=1.5), "repeat_factor_threshold", "is 1.5"),
    "no number": (ClassSampling(repeat_factor_threshold=NAN), "repeat_factor_threshold", "nan"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_done_is_said(name: str) -> None:
    sampling, field, says = FAULTS[name]
    [fault] = sampling.faults(num_classes=3)
    assert fault.field == field
    assert says in fault.problem
    assert fault.help


@pytest.mark.parametrize(
    "sampling",
    [
        ClassSampling((0, 0, 1)),
        ClassSampling(WEIGHTS, "SUM", background_weight=0),
        ClassSampling(repeat_factor_threshold=1),
    ],
)
def test_what_can_be_done(sampling: ClassSampling) -> None:
    assert not list(sampling.faults(num_classes=3))
    assert not list(sampling.faults())
