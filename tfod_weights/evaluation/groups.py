"""Rare, common and head classes, and their means."""

from __future__ import annotations

from typing import Iterator, Mapping, Optional, Sequence

from tfod_weights.evaluation.result import ClassMetrics, GroupMetrics

ALL = "all"
GROUPS = ("rare", "common", "head")
_RARE = 3.0


def groups_by_objects(objects: Mapping[int, int]) -> dict[int, str]:
    """class_id -> `rare`, `common` or `head`.

    A class is head if it has at least its equal share N/C of all objects, rare if it has less
    than a third of that: where the `inverse` weight N/(C·n_c) is at most 1, and above 3. LVIS's
    groups (up to 10 and up to 100 training images) would call nothing rare in a small data set.

    Args:
        objects: class_id -> objects in the training records.

    >>> groups_by_objects({1: 2382, 2: 214, 3: 209})
    {1: 'head', 2: 'rare', 3: 'rare'}
    """
    equal_share = sum(objects.values()) / len(objects) if objects else 0.0
    return {class_id: _group(number, equal_share) for class_id, number in objects.items()}


def _group(objects: int, equal_share: float) -> str:
    if objects >= equal_share:
        return "head"
    return "rare" if _RARE * objects < equal_share else "common"


def group_means(
    classes: Sequence[ClassMetrics], groups: Mapping[int, str]
) -> Iterator[GroupMetrics]:
    """The means over all classes, then over those of every group that has any.

    Args:
        classes: Metrics of every class.
        groups: class_id -> group.
    """
    yield _means(ALL, classes)
    for name in GROUPS:
        members = [row for row in classes if groups.get(row.class_id) == name]
        if members:
            yield _means(name, members)


def _means(name: str, classes: Sequence[ClassMetrics]) -> GroupMetrics:
    points = [row.at_threshold for row in classes if row.at_threshold is not None]
    return GroupMetrics(
        name,
        tuple(row.class_id for row in classes),
        ap=_mean([row.ap for row in classes]),
        ap50=_mean([row.ap50 for row in classes]),
        ap75=_mean([row.ap75 for row in classes]),
        precision=_mean([point.precision for point in points]),
        recall=_mean([point.recall for point in points]),
        f1=_mean([point.f1 for point in points]),
    )


def _mean(values: Sequence[Optional[float]]) -> Optional[float]:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
