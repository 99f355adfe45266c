"""Detections and ground truth from COCO's JSON files, whatever made them."""

from __future__ import annotations

import math
from typing import Any, Callable, Mapping, NamedTuple, Optional, Sequence, TypeVar

from tfod_weights.errors import EvaluationError, SourcePlace
from tfod_weights.evaluation.detections import Box, DetectedImages, Detection, GroundtruthObject
from tfod_weights.files import StrPath, read_json

Row = Mapping[str, Any]
Made = TypeVar("Made")

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
    file = _File(groundtruth, _HELP_GROUNDTRUTH)
    names = dict(file.rows("categories", "category", _category))
    image_ids = file.rows("images", "image", _image)
    if not names:
        raise file.error("it has no categories")
    if len(set(image_ids)) < len(image_ids):
        raise file.error("two images have the same id")
    known = _Known(frozenset(image_ids), frozenset(names))
    objects = file.rows("annotations", "annotation", lambda row: _object(row, known))
    file = _File(detections, _HELP_DETECTIONS)
    found = file.rows(None, "detection", lambda row: _detection(row, known))
    return DetectedImages(names, image_ids, [one for one in objects if one], found)


class _File:
    """A JSON file, and errors that say what of it is wrong."""

    def __init__(self, path: StrPath, help: str) -> None:
        self._place, self._help = SourcePlace(str(path)), help
        self._content = read_json(path, EvaluationError)

    def error(self, problem: str) -> EvaluationError:
        """An error about the file."""
        return EvaluationError(problem, place=self._place, help=self._help)

    def rows(self, key: Optional[str], what: str, make: Callable[[Row], Made]) -> list[Made]:
        """What `make` makes of each row of the list at a key, or of the file as a list."""
        rows = self._content
        if key is not None:
            rows = rows.get(key) if isinstance(rows, dict) else None
        if not isinstance(rows, list):
            raise self.error("it is no list" if key is None else f"it has no list of {key}")
        return [self._made(f"{what} {number}", row, make) for number, row in enumerate(rows, 1)]

    def _made(self, what: str, row: object, make: Callable[[Row], Made]) -> Made:
        if not isinstance(row, dict):
            raise self.error(f"{what} is {row!r}")
        try:
            return make(row)
        except KeyError as reason:
            raise self.error(f"{what} has no {reason}") from reason
        except (TypeError, ValueError) as reason:
            raise self.error(f"{what}: {reason}") from reason


class _Known(NamedTuple):
    """What rows may name."""

    image_ids: frozenset[Any]
    class_ids: frozenset[int]

    def ids(self, row: Row) -> tuple[Any, int]:
        """The image and the class of a row."""
        image_id, class_id = row["image_id"], int(row["category_id"])
        if image_id not in self.image_ids:
            raise ValueError(f"the ground truth has no image {image_id!r}")
        if class_id not in self.class_ids:
            raise ValueError(f"the ground truth has no category {class_id}")
        return image_id, class_id


def _category(row: Row) -> tuple[int, str]:
    return int(row["id"]), str(row["name"])


def _image(row: Row) -> Any:
    if not isinstance(row["id"], (int, str)):
        raise ValueError(f"its id is {row['id']!r}")
    return row["id"]


def _object(row: Row, known: _Known) -> Optional[GroundtruthObject]:
    if "bbox" not in row:  # key points or a caption alone
        return None
    box = _box(row["bbox"])
    area = float(row.get("area", box[2] * box[3]))
    return GroundtruthObject(*known.ids(row), box, area, bool(row.get("iscrowd", 0)))


def _detection(row: Row, known: _Known) -> Detection:
    score = float(row["score"])
    if not math.isfinite(score):
        raise ValueError(f"its score is {score}")
    return Detection(*known.ids(row), _box(row["bbox"]), score)


def _box(values: Sequence[Any]) -> Box:
    numbers = [float(value) for value in values]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)) or min(numbers[2:]) < 0:
        raise ValueError(f"its box is {values}")
    x, y, width, height = numbers
    return x, y, width, height
