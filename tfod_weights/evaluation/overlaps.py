"""The overlaps of all detections with all objects of an image, whatever their classes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Iterable, Iterator

from tfod_weights.evaluation.detections import DetectedImages, Detection, GroundtruthObject

Array = Any
_DETECTIONS = 100  # of an image and class, as for AP (pycocotools/cocoeval.py, maxDets)


@dataclass(frozen=True)
class ImageOverlaps:
    """One image.

    Attributes:
        objects: Crowds left out.
        detections: Best first; of every class the 100 best, which are those that AP looks at.
        iou: float [detections, objects]: intersection over union.
        crowds: Objects that are crowds.
        crowd_iou: float [detections, crowds]: intersection over the detection, as COCO has it.
    """

    objects: list[GroundtruthObject]
    detections: list[Detection]
    iou: Array
    crowds: list[GroundtruthObject]
    crowd_iou: Array

    def is_on_crowd(self, place: int, iou: float) -> bool:
        """Whether the detection at a place overlaps a crowd of its class by at least `iou`."""
        class_id = self.detections[place].class_id
        return any(
            crowd.class_id == class_id and overlap >= iou
            for crowd, overlap in zip(self.crowds, self.crowd_iou[place])
        )


def overlaps(images: DetectedImages) -> Iterator[ImageOverlaps]:
    """Every image that has objects or detections."""
    objects: dict[Any, list[GroundtruthObject]] = {}
    crowds: dict[Any, list[GroundtruthObject]] = {}
    detections: dict[Any, list[Detection]] = {}
    for one in images.objects:
        (crowds if one.is_crowd else objects).setdefault(one.image_id, []).append(one)
    for found in images.detections:
        detections.setdefault(found.image_id, []).append(found)
    for image_id in dict.fromkeys([*objects, *detections]):
        there, crowded = objects.get(image_id, []), crowds.get(image_id, [])
        seen = _best(detections.get(image_id, []))
        yield ImageOverlaps(there, seen, _iou(seen, there), crowded, _iou(seen, crowded))


def _best(detections: Iterable[Detection]) -> list[Detection]:
    """The best of every class, best first; equal scores in their order, as COCOeval sorts."""
    numbers: Counter[int] = Counter()
    found = []
    for one in sorted(detections, key=lambda one: -one.score):
        numbers[one.class_id] += 1
        if numbers[one.class_id] <= _DETECTIONS:
            found.append(one)
    return found


def _iou(detections: list[Detection], objects: list[GroundtruthObject]) -> Array:
    """As float [detections, objects]."""
    import numpy as np
    from pycocotools import mask

    if not detections or not objects:
        return np.zeros((len(detections), len(objects)))
    boxes = [[list(one.box) for one in group] for group in (detections, objects)]
    return mask.iou(*boxes, [int(one.is_crowd) for one in objects])
