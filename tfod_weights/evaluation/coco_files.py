"""Detections and ground truth from COCO's JSON files, whatever made them."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, Callable, Mapping, NamedTuple, Optional, TypeVar

from tfod_weights.errors import EvaluationError, SourcePlace
from tfod_weights.evaluation.detections import (
    Box,
    DetectedImages,
    Detection,
    GroundtruthObject,
    ImageId,
)
from tfod_weights.evaluation.json_content import image_id, number, shown, whole
from tfod_weights.files import StrPath
from tfod_weights.json_files import read_json

Row = Mapping[str, Any]
Made = TypeVar("Made")

_HELP_GROUNDTRUTH = "COCO's instances_*.json: images, categories and annotations with bbox"
_HELP_DETECTIONS = (
    "COCO's results format: a list of {image_id, category_id, bbox: [x, y, width, height], score}"
)
_HELP_BOX = "boxes are compared; pycocotools.mask.toBbox makes one of a segmentation"
_HELP_NEGATIVE = "number the categories from 1, as a label map does, or from 0"


def load_coco(groundtruth: StrPath, detections: StrPath) -> DetectedImages:
    """Read what is to be evaluated.

    Images come in the order of their ids, as pycocotools sorts them, whatever their order in the
    file: of detections with equal scores the first image's count first.

    Args:
        groundtruth: COCO's instances file.
        detections: A list in COCO's results format.

    Raises:
        EvaluationError: a file cannot be read, is not in its format, or the two do not fit.
    """
    file = _File(groundtruth, _HELP_GROUNDTRUTH)
    categories = file.rows("categories", "category", _category)
    image_ids = file.rows("images", "image", lambda row: image_id(row["id"], "its id"))
    if not categories:
        raise file.error("it has no categories")
    names = dict(categories)
    if len(names) < len(categories):
        ((twice, _),) = Counter(class_id for class_id, _ in categories).most_common(1)
        raise file.error(f"two categories have the id {twice}")
    if len(set(image_ids)) < len(image_ids):
        raise file.error("two images have the same id")
    known = _Known(frozenset(image_ids), frozenset(names))
    objects = file.rows("annotations", "annotation", lambda row: _object(row, known))
    file = _File(detections, _HELP_DETECTIONS)
    found = file.rows(None, "detection", lambda row: _detection(row, known))
    image_ids.sort(key=lambda one: (isinstance(one, str), one))
    return DetectedImages(names, image_ids, [one for one in objects if one], found)


class _RowError(ValueError):
    """What is wrong with a row, with a next step of its own."""

    def __init__(self, problem: str, help: str) -> None:
        super().__init__(problem)
        self.help = help


class _File:
    """A JSON file, and errors that say what of it is wrong."""

    def __init__(self, path: StrPath, help: str) -> None:
        self._place, self._help = SourcePlace(str(path)), help
        self._content = read_json(path, EvaluationError)

    def error(self, problem: str, help: Optional[str] = None) -> EvaluationError:
        """An error about the file."""
        return EvaluationError(problem, place=self._place, help=help or self._help)

    def rows(self, key: Optional[str], what: str, make: Callable[[Row], Made]) -> list[Made]:
        """What `make` makes of each row of the list at a key, or of the file as a list."""
        rows = self._content
        if key is not None:
            rows = rows.get(key) if isinstance(rows, dict) else None
        if not isinstance(rows, list):
            raise self.error("it is no list" if key is None else f"it has no list of {key}")
        return [self._made(f"{what} {place}", row, make) for place, row in enumerate(rows, 1)]

    def _made(self, what: str, row: object, make: Callable[[Row], Made]) -> Made:
        if not isinstance(row, dict):
            raise self.error(f"{what} is {shown(row)}")
        try:
            return make(row)
        except KeyError as reason:
            raise self.error(f"{what} has no {reason}") from reason
        except ValueError as reason:
            raise self.error(f"{what}: {reason}", getattr(reason, "help", None)) from reason


class _Known(NamedTuple):
    """What rows may name."""

    image_ids: frozenset[ImageId]
    class_ids: frozenset[int]

    def ids(self, row: Row) -> tuple[ImageId, int]:
        """The image and the class of a row."""
        image = image_id(row["image_id"], "its image_id")
        class_id = whole(row["category_id"], "its category_id")
        if image not in self.image_ids:
            raise ValueError(f"the ground truth has no image {shown(image)}")
        if class_id not in self.class_ids:
            raise ValueError(f"the ground truth has no category {class_id}")
        return image, class_id


def _category(row: Row) -> tuple[int, str]:
    class_id, name = row["id"], row["name"]
    if isinstance(class_id, int) and class_id < 0:
        raise _RowError(f"its id is {shown(class_id)}, below 0", _HELP_NEGATIVE)
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    if not isinstance(name, str):
        raise ValueError(f"its name is {shown(name)}")
    return whole(class_id, "its id"), name


def _object(row: Row, known: _Known) -> Optional[GroundtruthObject]:
    if not {"bbox", "category_id", "segmentation"} & row.keys():  # a caption
        return None
    if "bbox" not in row:
        raise _RowError("it has no bbox", _HELP_BOX)
    box = _box(row["bbox"])
    area = number(row.get("area", box[2] * box[3]), "its area")
    if area < 0:
        raise ValueError(f"its area is {area:g}")
    is_crowd = row.get("iscrowd", 0)
    if is_crowd not in (0, 1):
        raise ValueError(f"its iscrowd is {shown(is_crowd)}")
    return GroundtruthObject(*known.ids(row), box, area, bool(is_crowd))


def _detection(row: Row, known: _Known) -> Detection:
    score = number(row["score"], "its score")
    return Detection(*known.ids(row), _box(row["bbox"]), score)


def _box(values: Any) -> Box:
    if isinstance(values, list) and len(values) == 4:
        x, y, width, height = (number(value, "a number of its box") for value in values)
        if min(width, height) >= 0 and math.isfinite(width * height):
            return x, y, width, height
    raise ValueError(f"its box is {shown(values)}")
