"""One row per class_id from whatever the caller has: counts, a mapping or a sequence."""

from __future__ import annotations

from typing import Iterable, Mapping, Optional, Union

from tfod_weights.counting.counts import ClassCounts
from tfod_weights.errors import UsageError, WeightsError
from tfod_weights.weighting.checks import as_number, require_count, require_usable_size
from tfod_weights.weighting.weights import ClassWeight

Counts = Union[ClassCounts, Mapping[int, float], Iterable[float]]


def rows_from_counts(counts: Counts, num_classes: Optional[int] = None) -> tuple[ClassWeight, ...]:
    """Rows of weight 1 for class_id 1..num_classes, with the objects that `counts` has.

    Args:
        counts: ClassCounts, or class_id (one-based) -> objects, or objects by class_index.
        num_classes: Default: that of ClassCounts, else the highest class_id.

    Raises:
        UsageError: `num_classes` is below a class_id of `counts`, or either above all reason, or
            `counts` is a path.
        WeightsError: A count is no number, NaN, infinite or negative, or a class_id is below 1.

    >>> [(row.class_id, row.objects, row.is_gap) for row in rows_from_counts({1: 7, 3: 2})]
    [(1, 7.0, False), (2, None, True), (3, 2.0, False)]
    """
    if isinstance(counts, ClassCounts):
        counted = _of_class_counts(counts)
        default = counts.num_classes
    else:
        counted = _of_numbers(_by_class_id(counts))
        default = 0
    highest = max(counted, default=0)
    size = (
        max(default, highest) if num_classes is None else require_count("num_classes", num_classes)
    )
    if size < highest:
        raise UsageError(
            f"num_classes is {size}, but the counts have class_id {highest}",
            help=f"num_classes must be at least the highest class_id, {highest}",
        )
    require_usable_size(size, "num_classes" if size > highest else "the highest class_id")
    return tuple(counted.get(c) or gap_row(c) for c in range(1, size + 1))


def gap_row(class_id: int) -> ClassWeight:
    """The row of a class_id (one-based) that no class has."""
    return ClassWeight(class_id, str(class_id), is_gap=True)


def _of_class_counts(counts: ClassCounts) -> dict[int, ClassWeight]:
    return {
        row.class_id: ClassWeight(
            row.class_id, row.name, _count(row.effective_objects, row.class_id), row.images
        )
        for row in counts.classes
    }


def _of_numbers(counts: Mapping[int, float]) -> dict[int, ClassWeight]:
    return {
        class_id: ClassWeight(class_id, str(class_id), _count(objects, class_id))
        for class_id, objects in counts.items()
    }


def _by_class_id(counts: Union[Mapping[int, float], Iterable[float]]) -> dict[int, float]:
    if isinstance(counts, (str, bytes)) or not hasattr(counts, "__iter__"):
        raise UsageError(
            f"counts must be ClassCounts, a mapping or a sequence of numbers, not {counts!r}",
            help="count_classes(paths) counts the objects of TFRecord files",
        )
    if not isinstance(counts, Mapping):
        return dict(enumerate(counts, start=1))
    return {_class_id(key): objects for key, objects in counts.items()}


def _class_id(key: object) -> int:
    if isinstance(key, bool) or not hasattr(key, "__index__"):
        raise WeightsError(
            f"{key!r} is not a class_id",
            help="give class_id (one-based) -> objects, or the objects in class_id order",
        )
    class_id = int(key.__index__())
    if class_id < 1:
        raise WeightsError(f"class_id {class_id} is below 1; the background has no class weight")
    return class_id


def _count(objects: object, class_id: int) -> float:
    number = as_number(objects, f"objects of class_id {class_id}")
    if number < 0:
        raise WeightsError(f"objects of class_id {class_id} is {objects!r}, but cannot be negative")
    return number
