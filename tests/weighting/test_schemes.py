"""Every scheme against its formula, its source's numbers and its limits."""

import math
from decimal import Decimal, getcontext
from fractions import Fraction

import pytest

from tfod_weights.errors import UsageError, WeightsError
from tfod_weights.weighting import SCHEMES
from tfod_weights.weighting import schemes as s

BCCD = {1: 2382, 2: 214, 3: 209}


def exact_inverse(counts):
    total = sum(map(Fraction, counts.values()))
    return {c: total / (len(counts) * Fraction(n)) for c, n in counts.items()}


def test_inverse_is_exact():
    expected = {c: float(w) for c, w in exact_inverse(BCCD).items()}
    assert s.inverse(BCCD) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("p", [0, 0.25, 0.5, 0.75, 1, 2])
def test_power_is_a_power_of_inverse(p):
    expected = {c: float(w) ** p for c, w in exact_inverse(BCCD).items()}
    assert s.power(BCCD, power=p) == pytest.approx(expected, rel=1e-15)


def test_power_holds_its_special_cases():
    assert s.power(BCCD, power=0) == s.uniform(BCCD)
    assert s.power(BCCD, power=1) == s.inverse(BCCD)
    assert s.power(BCCD, power=0.5) == pytest.approx(s.sqrt(BCCD), rel=1e-15)


def test_log_is_log_of_one_plus_inverse_share():
    expected = {c: math.log(1 + 2805 / n) for c, n in BCCD.items()}
    assert s.log(BCCD) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("counts", "median"),
    [({1: 10, 2: 30, 3: 20}, 20), ({1: 10, 2: 30}, 20), ({1: 1, 2: 2, 3: 3, 4: 100}, 2.5)],
)
def test_median_frequency(counts, median):
    assert s.median_frequency(counts) == {c: median / n for c, n in counts.items()}


def test_smoothed_gives_the_numbers_of_the_seed_document():
    """The formula (1 + s) / (n + s) with s = 0.1."""
    weights = s.smoothed({1: 800, 2: 100, 3: 1}, smoothing=0.1)
    assert weights == {1: 1.1 / 800.1, 2: 1.1 / 100.1, 3: 1.0}


def test_smoothed_without_smoothing_is_the_inverse_count():
    assert s.smoothed({1: 800, 2: 100}, smoothing=0) == {1: 1 / 800, 2: 1 / 100}


@pytest.mark.parametrize("beta", [0.9, 0.999, 0.9999999, 1 - 2**-40, 1 - 2**-53])
@pytest.mark.parametrize("objects", [1, 7, 209, 2382, 10**7, 10**12])
def test_effective_number_keeps_its_digits_near_one(beta, objects):
    getcontext().prec = 60
    exact = (1 - Decimal(beta)) / (1 - Decimal(beta) ** objects)
    assert s.effective_number({1: objects}, beta=beta)[1] == pytest.approx(float(exact), rel=1e-14)


def test_effective_number_with_beta_zero_is_uniform():
    assert s.effective_number(BCCD, beta=0) == {1: 1, 2: 1, 3: 1}
    assert s.effective_number(BCCD, beta=1e-300) == {1: 1, 2: 1, 3: 1}


def test_effective_number_tends_to_the_inverse_count():
    expected = {c: 1 / n for c, n in BCCD.items()}
    assert s.effective_number(BCCD, beta=1 - 2**-53) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize("objects", [0, -1, math.nan, math.inf])
def test_every_scheme_refuses_a_class_without_objects(name, objects):
    with pytest.raises(WeightsError, match="objects of class_id 2 is"):
        SCHEMES[name].function({1: 5, 2: objects})


@pytest.mark.parametrize(
    ("function", "parameter", "value"),
    [
        (s.power, "power", -0.1),
        (s.power, "power", math.inf),
        (s.smoothed, "smoothing", -1),
        (s.effective_number, "beta", 1),
        (s.effective_number, "beta", -0.5),
        (s.effective_number, "beta", math.nan),
        (s.effective_number, "beta", "0.9"),
    ],
)
def test_parameters_out_of_range(function, parameter, value):
    with pytest.raises(UsageError, match=parameter):
        function(BCCD, **{parameter: value})


def test_numbers_too_large_are_refused_by_name():
    with pytest.raises(WeightsError, match="too large"):
        s.power({1: 1, 2: 10**6}, power=1000)
    with pytest.raises(WeightsError, match="add up"):
        s.inverse({1: 1e308, 2: 1e308, 3: 1e308})


def test_every_scheme_has_one_line_of_help():
    for scheme in SCHEMES.values():
        assert scheme.description
        assert "\n" not in scheme.description
        assert scheme.function.__doc__
