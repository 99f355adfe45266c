"""Objects and detections of a set of images, in COCO's terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, NamedTuple, Sequence, Union

ImageId = Union[int, str]
Box = tuple[float, float, float, float]  # x, y, width, height in pixels


class GroundtruthObject(NamedTuple):
    """An object; `area` in pixels, of the box or of the object's outline."""

    image_id: ImageId
    class_id: int
    box: Box
    area: float
    is_crowd: bool = False


class Detection(NamedTuple):
    """What a model sees."""

    image_id: ImageId
    class_id: int
    box: Box
    score: float


@dataclass(frozen=True)
class DetectedImages:
    """What is to be evaluated.

    Attributes:
        names: class_id -> name, of every class.
        image_ids: Of every image, also of those without objects and detections; among equal
            scores the detections of the first image count first.
        objects: The ground truth.
        detections: Of the model.
    """

    names: Mapping[int, str]
    image_ids: Sequence[ImageId]
    objects: Sequence[GroundtruthObject]
    detections: Sequence[Detection]
