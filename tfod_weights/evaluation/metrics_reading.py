"""What metrics.json must be, value by value, to be taken for an Evaluation."""

from __future__ import annotations

import math
from typing import Any, Iterator, Mapping, Optional

from tfod_weights.evaluation.confusion import nothing_among
from tfod_weights.evaluation.groups import ALL
from tfod_weights.evaluation.json_content import number, shown, whole
from tfod_weights.evaluation.result import (
    IOU_THRESHOLDS,
    ClassMatches,
    ClassMetrics,
    Confusion,
    CurvePoint,
    Evaluation,
    GroupMetrics,
)

_ROUNDING = 1e-9
_BITS = (1 << len(IOU_THRESHOLDS)) - 1


def read_evaluation(content: Any) -> Evaluation:
    """The evaluation that the content of a metrics.json holds.

    Raises:
        KeyError: something is missing; names it.
        ValueError: a value is not what it should be; says which.
    """
    file = _Value(content)
    images = file["images"].whole()
    classes = tuple(_class_metrics(row) for row in file["classes"].rows())
    class_ids = [row.class_id for row in classes]
    if not classes:
        raise ValueError("there are no classes")
    _require_unique(class_ids, "class")
    return Evaluation(
        images=images,
        iou=file["iou"].number(),
        score_threshold=file["score_threshold"].number(),
        classes=classes,
        groups=_groups(file["groups"], class_ids),
        coco={name: row.share() for name, row in file["coco"].items()},
        confusion=tuple(_confusion(row, class_ids) for row in file["confusion"].rows()),
        matches=_all_matches(file["matches"]),
        source={name: row.text() for name, row in file["source"].items()},
    )


class _Value:
    """A value of the file; errors say where it is: `classes[0].AP`."""

    def __init__(self, content: Any, place: str = "it") -> None:
        self._content, self.place = content, place

    def __getitem__(self, key: str) -> _Value:
        place = key if self.place == "it" else f"{self.place}.{key}"
        if not isinstance(self._content, dict):
            raise self.error()
        if key not in self._content:
            raise KeyError(place)
        return _Value(self._content[key], place)

    def items(self) -> Iterator[tuple[str, _Value]]:
        """The values of an object, by name."""
        if not isinstance(self._content, dict):
            raise self.error()
        return ((key, self[key]) for key in self._content)

    def rows(self) -> list[_Value]:
        """The values of a list."""
        if not isinstance(self._content, list):
            raise self.error()
        return [_Value(row, f"{self.place}[{i}]") for i, row in enumerate(self._content)]

    def error(self) -> ValueError:
        """That it is not what it should be."""
        return ValueError(f"{self.place} is {shown(self._content)}")

    def is_missing(self) -> bool:
        """Whether it is null: not known."""
        return self._content is None

    def text(self) -> str:
        """As a text."""
        if not isinstance(self._content, str):
            raise self.error()
        return self._content

    def number(self) -> float:
        """As a finite number."""
        return number(self._content, self.place)

    def whole(self) -> int:
        """As a whole number from 0."""
        return whole(self._content, self.place)

    def share(self) -> Optional[float]:
        """As a number from 0 to 1, or nothing."""
        if self.is_missing():
            return None
        if not 0 <= self.number() <= 1 + _ROUNDING:
            raise self.error()
        return self.number()

    def wholes(self, least: int = 0, most: Optional[int] = None) -> list[int]:
        """As a list of whole numbers, which may be long."""
        found = self._content
        if not isinstance(found, list) or not set(map(type, found)) <= {int}:
            raise ValueError(f"{self.place} is no list of whole numbers")
        if found and (min(found) < least or (most is not None and max(found) > most)):
            raise ValueError(f"{self.place} has a number that cannot be in it")
        return found

    def numbers(self) -> list[float]:
        """As a list of finite numbers, which may be long."""
        found = self._content
        if not isinstance(found, list) or not set(map(type, found)) <= {int, float}:
            raise ValueError(f"{self.place} is no list of numbers")
        if not all(-math.inf < one < math.inf for one in found):
            raise ValueError(f"{self.place} has a number that is none")
        return found


def _require_unique(names: list[Any], what: str) -> None:
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        raise ValueError(f"the {what} {twice} is in it twice")


def _class_metrics(row: _Value) -> ClassMetrics:
    training_objects = row["training_objects"]
    return ClassMetrics(
        class_id=row["id"].whole(),
        name=row["name"].text(),
        objects=row["objects"].whole(),
        images=row["images"].whole(),
        training_objects=None if training_objects.is_missing() else training_objects.whole(),
        ap=row["AP"].share(),
        ap50=row["AP50"].share(),
        ap75=row["AP75"].share(),
        at_threshold=_point(row["at_threshold"]),
        best=_point(row["best"]),
        roc_auc=row["roc_auc"].share(),
        curve=tuple(_curve_point(point) for point in row["curve"].rows()),
    )


def _point(row: _Value) -> Optional[CurvePoint]:
    if row.is_missing():
        return None
    return _checked(row, row["score"].number(), row["precision"].number(), row["recall"].number())


def _curve_point(row: _Value) -> CurvePoint:
    numbers = row.numbers()
    if len(numbers) != 3:
        raise row.error()
    return _checked(row, *numbers)


def _checked(row: _Value, score: float, precision: float, recall: float) -> CurvePoint:
    if not 0 <= min(precision, recall) <= max(precision, recall) <= 1 + _ROUNDING:
        raise row.error()
    return CurvePoint(score, precision, recall)


def _groups(rows: _Value, class_ids: list[int]) -> tuple[GroupMetrics, ...]:
    groups = tuple(_group_metrics(row, class_ids) for row in rows.rows())
    if [group.name for group in groups[:1]] != [ALL]:
        raise ValueError(f"groups do not begin with {ALL}")
    _require_unique([group.name for group in groups], "group")
    return groups


def _group_metrics(row: _Value, class_ids: list[int]) -> GroupMetrics:
    members = row["classes"].wholes()
    if not set(members) <= set(class_ids):
        raise ValueError(f"{row.place} has a class that is not in classes")
    return GroupMetrics(
        row["name"].text(),
        tuple(members),
        ap=row["AP"].share(),
        ap50=row["AP50"].share(),
        ap75=row["AP75"].share(),
        precision=row["precision"].share(),
        recall=row["recall"].share(),
        f1=row["F1"].share(),
    )


def _confusion(row: _Value, class_ids: list[int]) -> Confusion:
    nothing = nothing_among(class_ids)
    cell = row.wholes(least=nothing)
    if len(cell) != 3 or not {*cell[:2]} <= {nothing, *class_ids} or cell[2] < 0:
        raise row.error()
    return Confusion(*cell)


def _all_matches(rows: _Value) -> Mapping[int, ClassMatches]:
    found = {}
    for class_id, row in rows.items():
        if not class_id.isdecimal() or len(class_id) > 10:
            raise ValueError(f"matches are of a class {shown(class_id)}")
        found[int(class_id)] = _matches(row)
    return found


def _matches(row: _Value) -> ClassMatches:
    matches = ClassMatches(
        images=tuple(row["images"].wholes()),
        scores=tuple(row["scores"].numbers()),
        matched=tuple(row["matched"].wholes(most=_BITS)),
        ignored=tuple(row["ignored"].wholes(most=_BITS)),
        objects=dict(map(_image_objects, row["objects"].rows())),
    )
    columns = (matches.images, matches.scores, matches.matched, matches.ignored)
    if len({len(column) for column in columns}) != 1:
        raise ValueError(f"the columns of {row.place} differ in length")
    return matches


def _image_objects(row: _Value) -> tuple[int, int]:
    pair = row.wholes()
    if len(pair) != 2:
        raise row.error()
    return pair[0], pair[1]
