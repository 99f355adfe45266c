"""What must hold for any counts."""

import math

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from tfod_weights.weighting import SCHEMES, class_weights

COUNTS = st.lists(st.integers(1, 10**9), min_size=1, max_size=40)
SCHEME = st.sampled_from(sorted(SCHEMES))
NORMALIZE = st.sampled_from(["objects", "min", "mean", "sum", "none"])


@given(COUNTS, SCHEME)
def test_objects_keeps_the_total(counts, scheme):
    weights = class_weights(counts, scheme=scheme, normalize="objects")
    assert math.fsum(n * w for n, w in zip(counts, weights)) == approx(sum(counts), rel=1e-12)


@given(COUNTS, SCHEME)
def test_min_makes_the_smallest_exactly_one(counts, scheme):
    assert min(class_weights(counts, scheme=scheme, normalize="min")) == 1


@given(COUNTS, SCHEME)
def test_mean_makes_the_mean_one(counts, scheme):
    weights = class_weights(counts, scheme=scheme, normalize="mean")
    assert math.fsum(weights) / len(weights) == approx(1, rel=1e-12)


@given(COUNTS, SCHEME)
def test_sum_makes_the_sum_one(counts, scheme):
    weights = class_weights(counts, scheme=scheme, normalize="sum")
    assert math.fsum(weights) == approx(1, rel=1e-12)


@given(COUNTS, SCHEME, NORMALIZE)
def test_a_rarer_class_never_weighs_less(counts, scheme, normalize):
    weights = class_weights(counts, scheme=scheme, normalize=normalize)
    common_first = [w for _, w in sorted(zip(counts, weights), key=lambda pair: -pair[0])]
    assert all(b >= a * (1 - 1e-14) for a, b in zip(common_first, common_first[1:]))


@given(COUNTS, st.integers(1, 1000), st.sampled_from(["inverse", "sqrt", "power"]), NORMALIZE)
def test_more_of_the_same_data_changes_nothing(counts, factor, scheme, normalize):
    options = {"scheme": scheme, "normalize": normalize, "power": 0.3}
    weights = class_weights(counts, **options)
    assert class_weights([n * factor for n in counts], **options).values == approx(
        weights.values, rel=1e-12
    )


@given(COUNTS, SCHEME, NORMALIZE, st.floats(1, 1000))
def test_the_cap_holds(counts, scheme, normalize, max_ratio):
    weights = class_weights(counts, scheme=scheme, normalize=normalize, max_ratio=max_ratio)
    assert weights.ratio <= max_ratio * (1 + 1e-12)


@given(COUNTS, NORMALIZE)
def test_a_generous_cap_changes_nothing(counts, normalize):
    weights = class_weights(counts, normalize=normalize)
    assert class_weights(counts, normalize=normalize, max_ratio=1e9).values == weights.values


@given(COUNTS, NORMALIZE)
def test_power_one_is_inverse_and_zero_is_uniform(counts, normalize):
    for power, scheme in ((1, "inverse"), (0.5, "sqrt"), (0, "uniform")):
        weights = class_weights(counts, scheme="power", power=power, normalize=normalize)
        expected = class_weights(counts, scheme=scheme, normalize=normalize)
        assert weights.values == approx(expected.values, rel=1e-13)


@given(COUNTS)
def test_effective_number_lies_between_uniform_and_inverse(counts):
    def weights(**options):
        return class_weights(counts, normalize="mean", **options).values

    low = weights(scheme="effective-number", beta=1e-18)
    high = weights(scheme="effective-number", beta=1 - 2**-53)
    assert low == approx(weights(scheme="uniform"), rel=1e-12)
    if sum(counts) < 10**6:
        assert high == approx(weights(scheme="inverse"), rel=1e-9)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=20).filter(any), SCHEME, NORMALIZE)
def test_empty_classes_never_matter(counts, scheme, normalize):
    weights = class_weights(counts, scheme=scheme, normalize=normalize)
    present = class_weights([n for n in counts if n], scheme=scheme, normalize=normalize)
    assert [w for n, w in zip(counts, weights) if n] == list(present)
    assert all(w == 1 for n, w in zip(counts, weights) if not n)
