"""What every weight and every argument must satisfy, and the errors when it does not."""

from __future__ import annotations

import math
from typing import Mapping, Optional, TypeVar

from tfod_weights.errors import Place, UsageError, WeightsError
from tfod_weights.label_map import MAX_CLASSES
from tfod_weights.suggestions import closest

T = TypeVar("T")


def as_number(value: object, label: str, *, place: Optional[Place] = None) -> float:
    """`value` as a finite float.

    Args:
        value: Anything a caller or a file gave; text and booleans are no numbers.
        label: What it belongs to, such as `weight of class_id 3`.
        place: Where it was read, for the error.

    Raises:
        WeightsError: It is no number, NaN or infinite.

    >>> as_number(2, "weight of class_id 1")
    2.0
    """
    if isinstance(value, (str, bytes, bool)) or not hasattr(value, "__float__"):
        raise WeightsError(f"{label}: {value!r} is not a number", place=place)
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError) as error:
        raise WeightsError(f"{label} cannot be used: {error}", place=place) from None
    if not math.isfinite(number):
        raise WeightsError(f"{label} is {number!r}, not a finite number", place=place)
    return number


def positive_number(value: object, label: str, *, place: Optional[Place] = None) -> float:
    """`value` as a finite float above 0.

    Raises:
        WeightsError: It is no number, NaN, infinite, zero or negative.
    """
    number = as_number(value, label, place=place)
    if number <= 0:
        raise WeightsError(f"{label} is {value!r}, but must be above 0", place=place)
    return number


def require_positive(values: Mapping[int, float], label: str) -> dict[int, float]:
    """Every value of a class_id (one-based) -> number mapping as a finite float above 0.

    Raises:
        WeightsError: A value is not; the error names its class_id.

    >>> require_positive({1: 20, 2: 0}, "objects")
    Traceback (most recent call last):
        ...
    tfod_weights.errors.WeightsError: objects of class_id 2 is 0, but must be above 0
    """
    return {c: positive_number(v, f"{label} of class_id {c}") for c, v in values.items()}


def require_range(name: str, value: float, low: float, below: float = math.inf) -> float:
    """`value` as a float if low ≤ value < below.

    Raises:
        UsageError: It is outside, NaN or no number.
    """
    try:
        number = as_number(value, name)
    except WeightsError as error:
        raise UsageError(error.problem) from None
    if not low <= number < below:
        limit = f" and below {below:g}" if math.isfinite(below) else ""
        raise UsageError(f"{name} is {value!r}, but must be at least {low:g}{limit}")
    return number


def require_count(name: str, value: object) -> int:
    """`value` as an integer of at least 1.

    Raises:
        UsageError: It is not.
    """
    if isinstance(value, bool) or not hasattr(value, "__index__") or value.__index__() < 1:
        raise UsageError(f"{name} is {value!r}, but must be a whole number of at least 1")
    return int(value.__index__())


def require_usable_size(size: int, what: str) -> None:
    """Check that there can be a weight for each class_id from 1 to `size`.

    Args:
        size: The number of weights.
        what: Where it comes from: `num_classes`, or `the highest class_id`.

    Raises:
        UsageError: Nobody has so many classes, and no model could train them.
    """
    if size > MAX_CLASSES:
        raise UsageError(
            f"{what} is {size}, above the limit of {MAX_CLASSES:,}",
            help="there is a weight for each id from 1 on: see the ids in the label map, or "
            "without one the labels in the records",
        )


def refuse_settings(settings: Mapping[str, object], why: str) -> None:
    """Refuse keywords of `class_weights` where no weights are computed.

    Raises:
        UsageError: There are some.

    >>> refuse_settings({"max_ratio": 5}, "the weights are given")
    Traceback (most recent call last):
        ...
    tfod_weights.errors.UsageError: --max-ratio would do nothing: the weights are given
    """
    if settings:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in settings)
        raise UsageError(f"{names} would do nothing: {why}")


def choose(name: object, table: Mapping[str, T], kind: str) -> T:
    """The entry of `table` called `name`.

    Raises:
        UsageError: There is none; the help names the closest and lists all.

    >>> choose("sqr", {"sqrt": 1, "inverse": 2}, "scheme")
    Traceback (most recent call last):
        ...
    tfod_weights.errors.UsageError: there is no scheme 'sqr'
    help: did you mean 'sqrt'? There are sqrt, inverse
    """
    if isinstance(name, str) and name in table:
        return table[name]
    guess = closest(str(name), tuple(table))
    hint = f"did you mean {guess!r}? " if guess else ""
    raise UsageError(
        f"there is no {kind} {name!r}", help=f"{hint}There are {', '.join(table)}"
    ) from None
