"""Schemes: how rare a class is → how much it weighs, before normalisation.

In every formula n_c is the number of objects of class c, C the number of classes that have
objects, and N = Σ n_c. Every scheme maps class_id (one-based) -> objects, each above 0, to
class_id -> unitless weight, gives a rarer class at least the weight of a more frequent one,
and raises WeightsError for a class without objects.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import Callable, Mapping

from tfod_weights.errors import WeightsError
from tfod_weights.weighting.checks import require_positive, require_range


def inverse(counts: Mapping[int, float]) -> dict[int, float]:
    """Inverse frequency: w_c = N / (C · n_c), so that Σ n_c · w_c = N.

    King and Zeng 2001, "Logistic Regression in Rare Events Data"; scikit-learn's `balanced`.

    >>> inverse({1: 100, 2: 20})
    {1: 0.6, 2: 3.0}
    """
    counts = require_positive(counts, "objects")
    total = total_objects(counts)
    return {c: total / (len(counts) * n) for c, n in counts.items()}


def sqrt(counts: Mapping[int, float]) -> dict[int, float]:
    """Square root of the inverse frequency: w_c = √(N / (C · n_c)).

    The loss-side twin of the square-root sampling of Mahajan et al. 2018, "Exploring the
    Limits of Weakly Supervised Pretraining".

    >>> sqrt({1: 90, 2: 10})[2]
    2.23606797749979
    """
    return {c: math.sqrt(weight) for c, weight in inverse(counts).items()}


def power(counts: Mapping[int, float], *, power: float = 0.5) -> dict[int, float]:
    """A power of the inverse frequency: w_c = (N / (C · n_c))^p.

    p = 0 is `uniform`, p = 0.5 is `sqrt`, p = 1 is `inverse`.

    Raises:
        UsageError: p is negative.

    >>> power({1: 90, 2: 10}, power=1) == inverse({1: 90, 2: 10})
    True
    """
    exponent = require_range("power", power, 0)
    try:
        return {c: weight**exponent for c, weight in inverse(counts).items()}
    except OverflowError:
        raise WeightsError(f"power {exponent:g} makes a weight too large for a number") from None


def log(counts: Mapping[int, float]) -> dict[int, float]:
    """Logarithm of the inverse frequency: w_c = ln(1 + N / n_c).

    Akin to the inverse document frequency of Spärck Jones 1972, "A Statistical Interpretation
    of Term Specificity"; the 1 keeps the weight of a class that holds every object above 0.

    >>> round(log({1: 100, 2: 20})[1], 6) == round(math.log(1 + 120 / 100), 6)
    True
    """
    counts = require_positive(counts, "objects")
    total = total_objects(counts)
    return {c: math.log1p(total / n) for c, n in counts.items()}


def effective_number(counts: Mapping[int, float], *, beta: float = 0.999) -> dict[int, float]:
    """Inverse effective number of objects: w_c = (1 − β) / (1 − β^n_c).

    Cui et al. 2019, "Class-Balanced Loss Based on Effective Number of Samples". β → 0 tends
    to `uniform`, β → 1 to 1 / n_c. 1 − β^n is computed as −expm1(n · ln β): plain subtraction
    loses every digit when β^n is close to 1.

    Raises:
        UsageError: β is not in [0, 1).

    >>> effective_number({1: 1, 2: 2}, beta=0.5)
    {1: 1.0, 2: 0.6666666666666666}
    """
    beta = require_range("beta", beta, 0, below=1)
    counts = require_positive(counts, "objects")
    if beta == 0:
        return uniform(counts)
    return {c: (1 - beta) / -math.expm1(n * math.log(beta)) for c, n in counts.items()}


def median_frequency(counts: Mapping[int, float]) -> dict[int, float]:
    """Median frequency balancing: w_c = median(n) / n_c.

    Eigen and Fergus 2015, "Predicting Depth, Surface Normals and Semantic Labels with a Common
    Multi-Scale Convolutional Architecture", with objects in place of pixels.

    >>> median_frequency({1: 100, 2: 50, 3: 20})
    {1: 0.5, 2: 1.0, 3: 2.5}
    """
    counts = require_positive(counts, "objects")
    ordered = sorted(counts.values())
    upper, lower = len(ordered) // 2, (len(ordered) - 1) // 2
    median = ordered[lower] / 2 + ordered[upper] / 2
    return {c: median / n for c, n in counts.items()}


def smoothed(counts: Mapping[int, float], *, smoothing: float = 0.1) -> dict[int, float]:
    """Inverse count with additive smoothing: w_c = (1 + s) / (n_c + s).

    The larger s is, the closer a class of few objects comes to the others; s = 0 is 1 / n_c.

    Raises:
        UsageError: s is negative.

    >>> {c: round(w, 4) for c, w in smoothed({1: 800, 2: 100, 3: 100}).items()}
    {1: 0.0014, 2: 0.011, 3: 0.011}
    """
    smoothing = require_range("smoothing", smoothing, 0)
    counts = require_positive(counts, "objects")
    return {c: (1 + smoothing) / (n + smoothing) for c, n in counts.items()}


def uniform(counts: Mapping[int, float]) -> dict[int, float]:
    """No weighting: w_c = 1.

    >>> uniform({1: 100, 2: 20})
    {1: 1.0, 2: 1.0}
    """
    return dict.fromkeys(require_positive(counts, "objects"), 1.0)


def total_objects(counts: Mapping[int, float]) -> float:
    """N = Σ n_c.

    Raises:
        WeightsError: The sum is too large for a number.
    """
    try:
        return math.fsum(counts.values())
    except OverflowError:
        raise WeightsError("the objects of all classes add up to too large a number") from None


@dataclass(frozen=True)
class Scheme:
    """One row of SCHEMES.

    Attributes:
        function: class_id -> objects to class_id -> weight, plus the parameters as keywords.
        description: One line for `--help`.
        parameters: The keywords of `class_weights` that matter for this scheme.
    """

    function: Callable[..., Mapping[int, float]]
    description: str
    parameters: tuple[str, ...] = ()


SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {
        "sqrt": Scheme(sqrt, "√(N / (C·n)): damped inverse frequency, the default"),
        "inverse": Scheme(inverse, "N / (C·n): every class gets the same total weight"),
        "power": Scheme(
            power, "(N / (C·n))^p: 0 is uniform, 0.5 is sqrt, 1 is inverse", ("power",)
        ),
        "log": Scheme(log, "ln(1 + N / n): mild even for very rare classes"),
        "effective-number": Scheme(
            effective_number, "(1 − β) / (1 − β^n): Cui et al. 2019", ("beta",)
        ),
        "median-frequency": Scheme(median_frequency, "median(n) / n: the middle class weighs 1"),
        "smoothed": Scheme(smoothed, "(1 + s) / (n + s): inverse count, smoothed", ("smoothing",)),
        "uniform": Scheme(uniform, "1: every class weighs the same"),
    }
)
