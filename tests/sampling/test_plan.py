"""Expected copies: what every plan must keep, and what cannot be planned."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfod_weights.errors import UsageError
from tfod_weights.sampling import AGGREGATIONS, ClassSampling, plan_copies, require_examples

image = st.lists(st.integers(1, 4), max_size=5)
images = st.lists(image, min_size=1, max_size=30).filter(lambda all: any(all))
weights = st.lists(st.floats(0.01, 100), min_size=4, max_size=4).map(tuple)
weighted = st.builds(ClassSampling, weights, st.sampled_from(list(AGGREGATIONS)), st.floats(0, 10))
repeated = st.builds(ClassSampling, repeat_factor_threshold=st.floats(0.001, 1), sqrt=st.booleans())


@given(weighted, images)
def test_a_pass_keeps_its_expected_length(sampling: ClassSampling, images: list[list[int]]) -> None:
    plan = plan_copies(sampling, images)
    assert math.isclose(math.fsum(map(plan.copies, images)), len(images), rel_tol=1e-9)


@given(weighted, images)
def test_copies_are_proportional_to_the_weight(
    sampling: ClassSampling, images: list[list[int]]
) -> None:
    plan = plan_copies(sampling, images)
    for one in images:
        assert math.isclose(
            plan.copies(one) * plan.mean_weight, sampling.image_weight(one), abs_tol=1e-12
        )


@given(repeated, images)
def test_repeat_factors_leave_no_image_out(
    sampling: ClassSampling, images: list[list[int]]
) -> None:
    """r(I) = max_c max(1, √(t / f_c)), computed here a second time."""
    plan = plan_copies(sampling, images)
    threshold, power = sampling.repeat_factor_threshold, 0.5 if sampling.sqrt else 1.0
    assert threshold is not None
    for one in images:
        factors = [1.0]
        for class_id in one:
            frequency = sum(class_id in other for other in images) / len(images)
            factors.append((threshold / frequency) ** power)
        assert math.isclose(plan.copies(one), max(factors))


def test_equal_weights_change_nothing() -> None:
    images = [[1], [1, 2], [2, 2, 2]]
    for aggregation in ("MEAN", "MAX", "MEDIAN"):
        plan = plan_copies(ClassSampling((3.0, 3.0), aggregation), images)
        assert [plan.copies(one) for one in images] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("sampling", [ClassSampling((1, 2)), ClassSampling((), "MEAN", 1, 0.5)])
@pytest.mark.parametrize("images", [[], [[], []]])
def test_records_without_labels_are_refused(
    sampling: ClassSampling, images: list[list[int]]
) -> None:
    with pytest.raises(UsageError, match="has an object of a class to train"):
        plan_copies(sampling, images)


def test_a_plan_that_draws_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="mean weight of the images is 0"):
        plan_copies(ClassSampling((0, 1)), [[1], [1, 1]])


def test_sequences_are_refused() -> None:
    require_examples("TF_EXAMPLE")
    with pytest.raises(UsageError, match="TF_SEQUENCE_EXAMPLE"):
        require_examples("TF_SEQUENCE_EXAMPLE")
