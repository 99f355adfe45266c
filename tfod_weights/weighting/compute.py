"""Class weights from class counts: scheme, then cap, then normalisation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import Callable, Iterable, Mapping, Optional, Union

from tfod_weights.counting.counts import ClassCounts
from tfod_weights.errors import WeightsError
from tfod_weights.weighting.checks import choose, require_positive, require_range
from tfod_weights.weighting.normalization import NORMALIZATIONS, Normalization
from tfod_weights.weighting.rows import rows_from_counts
from tfod_weights.weighting.schemes import SCHEMES
from tfod_weights.weighting.weights import ClassWeights

CustomScheme = Callable[[Mapping[int, float]], Mapping[int, float]]


def class_weights(
    counts: Union[ClassCounts, Mapping[int, float], Iterable[float]],
    *,
    scheme: Union[str, CustomScheme] = "sqrt",
    normalize: str = "objects",
    max_ratio: Optional[float] = None,
    beta: float = 0.999,
    smoothing: float = 0.1,
    power: float = 0.5,
    num_classes: Optional[int] = None,
) -> ClassWeights:
    """Weights for every class_id from 1 to num_classes, larger for rarer classes.

    First the scheme, then the cap w_c = min(w_c, max_ratio · min w), then the normalisation.
    All three look only at the classes that have objects; a class without objects and a gap in
    the label map get weight 1, which has no effect, and are reported in `.warnings`.

    Args:
        counts: ClassCounts (its effective objects), or class_id (one-based) -> objects, or
            objects in class_index order (the first belongs to class_id 1).
        scheme: A key of SCHEMES, or a function from class_id -> objects, each above 0, to
            class_id -> weight.
        normalize: A key of NORMALIZATIONS.
        max_ratio: The largest allowed ratio of two weights, at least 1; None for no cap.
        beta: β of `effective-number`, in [0, 1).
        smoothing: s of `smoothed`, at least 0.
        power: p of `power`, at least 0.
        num_classes: How many weights there must be; default: the highest class_id.

    Raises:
        UsageError: Unknown scheme or normalisation, or a parameter out of its range.
        WeightsError: Counts that are no counts, no class has objects, or a weight that is
            NaN, infinite, zero or negative.

    >>> class_weights([100, 20], scheme="inverse", normalize="min").values
    (1.0, 5.0)
    >>> [round(w, 2) for w in class_weights({1: 2382, 2: 214, 3: 209})]
    [0.74, 2.46, 2.49]
    >>> class_weights([100, 20], scheme=lambda n: {c: 2 / n[c] for c in n}, normalize="none")[1]
    0.1
    """
    settings = _checked_settings(beta=beta, smoothing=smoothing, power=power)
    if max_ratio is not None:
        settings.update(_checked_settings(max_ratio=max_ratio))
    normalization = choose(normalize, NORMALIZATIONS, "normalisation")
    plan = _custom_scheme(scheme) if callable(scheme) else _named_scheme(scheme, settings)
    rows = rows_from_counts(counts, num_classes)
    objects = {row.class_id: row.objects for row in rows if row.objects}
    if not objects:
        raise WeightsError(
            "no class has objects, so there is nothing to weigh",
            help="check that the records and the label map belong together",
        )
    weights = _scale(plan.weigh(objects), objects, normalization, settings.get("max_ratio"))
    used = (*plan.parameters, "max_ratio")
    return ClassWeights(
        rows=tuple(replace(row, weight=weights.get(row.class_id, 1.0)) for row in rows),
        scheme=plan.name,
        normalize=normalize,
        parameters={name: settings[name] for name in used if name in settings},
    )


@dataclass(frozen=True)
class _Plan:
    """A scheme with its parameters bound."""

    name: str
    weigh: CustomScheme
    parameters: tuple[str, ...] = ()


def _checked_settings(**given: float) -> dict[str, float]:
    ranges = {"beta": (0, 1), "smoothing": (0, inf), "power": (0, inf), "max_ratio": (1, inf)}
    return {
        name: require_range(name, value, ranges[name][0], below=ranges[name][1])
        for name, value in given.items()
    }


def _named_scheme(name: str, settings: Mapping[str, float]) -> _Plan:
    scheme = choose(name, SCHEMES, "scheme")
    bound = partial(scheme.function, **{key: settings[key] for key in scheme.parameters})
    return _Plan(name, bound, scheme.parameters)


def _custom_scheme(function: CustomScheme) -> _Plan:
    name = getattr(function, "__name__", "<lambda>")
    return _Plan("custom" if name == "<lambda>" else name, partial(_call_custom, function))


def _call_custom(function: CustomScheme, objects: Mapping[int, float]) -> Mapping[int, float]:
    weights = function(dict(objects))
    if not isinstance(weights, Mapping):
        raise WeightsError(
            f"the scheme function returned {type(weights).__name__}, not class_id -> weight",
            help="return a dict with the keys that the function was given",
        )
    if weights.keys() != objects.keys():
        missing, extra = objects.keys() - weights.keys(), weights.keys() - objects.keys()
        wrong = [f"no weight for class_id {c}" for c in sorted(missing)]
        wrong += [f"a weight for {c!r}, which has no objects" for c in extra]
        raise WeightsError(f"the scheme function returned {', '.join(wrong)}")
    return weights


def _scale(
    weights: Mapping[int, float],
    objects: Mapping[int, float],
    normalization: Normalization,
    max_ratio: Optional[float],
) -> dict[int, float]:
    weights = require_positive(weights, "weight")
    if max_ratio is not None:
        cap = max_ratio * min(weights.values())
        weights = {c: min(weight, cap) for c, weight in weights.items()}
    try:
        return require_positive(normalization.function(weights, objects), "weight")
    except ArithmeticError:
        raise WeightsError("the weights are too far apart to be computed") from None
