"""Detections and ground truth from COCO's JSON files, whatever made them."""

from __future__ import annotations

import math
from typing import Any, Iterator, Mapping, Sequence

from tfod_weights.errors import EvaluationError, SourcePlace
from tfod_weights.evaluation.detections import Box, DetectedImages, Detection, GroundtruthObject
from tfod_weights.files import StrPath, read_json

_HELP_GROUNDTRUTH = "COCO's instances_*.json: images, categories and annotations with bbox"
_HELP_DETECTIONS = (
    "COCO's results format: a list of {image_id, category_id, bbox: [x, y, width, height], score}"
)


def load_coco(groundtruth: StrPath, detections: StrPath) -> DetectedImages:
    """Read what is to be evaluated.

    Args:
        groundtruth: COCO's instances file.
        detections: A list in COCO's results format.

    Raises:
        EvaluationError: a file cannot be read, is not in its format, or the two do not fit.
    """
    content = read_json(groundtruth, EvaluationError)
    with _Format(groundtruth, _HELP_GROUNDTRUTH) as file:
        names = {int(row["id"]): str(row["name"]) for row in content["categories"]}
        image_ids = [row["id"] for row in content["images"]]
        objects = [_object(row) for row in content["annotations"] if "bbox" in row]
        file.require(names, "it has no categories")
        file.require(len(set(image_ids)) == len(image_ids), "two images have the same id")
        _require_known(file, objects, set(image_ids), names, "annotation")
    rows = read_json(detections, EvaluationError)
    with _Format(detections, _HELP_DETECTIONS) as file:
        file.require(isinstance(rows, list), "it is no list")
        found = [_detection(row) for row in rows]
        _require_known(file, found, set(image_ids), names, "detection")
    return DetectedImages(names, image_ids, objects, found)


class _Format:
    """Turns what a file of another format makes Python raise into one error about the file."""

    def __init__(self, path: StrPath, help: str) -> None:
        self._place, self._help = SourcePlace(str(path)), help

    def __enter__(self) -> _Format:
        return self

    def __exit__(self, kind: object, reason: object, traceback: object) -> None:
        if isinstance(reason, KeyError):
            raise self.error(f"{reason} is missing") from reason
        if isinstance(reason, (TypeError, ValueError, AttributeError)):
            raise self.error(f"it is not as expected: {reason}") from reason

    def error(self, problem: str) -> EvaluationError:
        """An error about the file."""
        return EvaluationError(problem, place=self._place, help=self._help)

    def require(self, holds: object, problem: str) -> None:
        """Raise `problem` unless something holds."""
        if not holds:
            raise self.error(problem)


def _object(row: Mapping[str, Any]) -> GroundtruthObject:
    box = _box(row["bbox"])
    area = float(row.get("area", box[2] * box[3]))
    is_crowd = bool(row.get("iscrowd", 0))
    return GroundtruthObject(row["image_id"], int(row["category_id"]), box, area, is_crowd)


def _detection(row: Mapping[str, Any]) -> Detection:
    score = float(row["score"])
    if not math.isfinite(score):
        raise ValueError(f"the score {score}")
    return Detection(row["image_id"], int(row["category_id"]), _box(row["bbox"]), score)


def _box(values: Sequence[Any]) -> Box:
    x, y, width, height = (float(value) for value in values)
    if not all(map(math.isfinite, (x, y, width, height))) or width < 0 or height < 0:
        raise ValueError(f"the box {list(values)}")
    return x, y, width, height


def _require_known(
    file: _Format,
    rows: Sequence[Any],
    image_ids: set[Any],
    names: Mapping[int, str],
    what: str,
) -> None:
    for problem in _strangers(rows, image_ids, names, what):
        raise file.error(problem)


def _strangers(
    rows: Sequence[Any], image_ids: set[Any], names: Mapping[int, str], what: str
) -> Iterator[str]:
    for number, row in enumerate(rows, start=1):
        if row.image_id not in image_ids:
            yield f"{what} {number} is of image {row.image_id!r}, which the ground truth lacks"
        if row.class_id not in names:
            yield f"{what} {number} is of category {row.class_id}, which the ground truth lacks"
