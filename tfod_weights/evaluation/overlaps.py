"""The overlaps of all detections with all objects of an image, whatever their classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator

from tfod_weights.evaluation.detections import DetectedImages, Detection, GroundtruthObject

Array = Any


@dataclass(frozen=True)
class ImageOverlaps:
    """One image.

    Attributes:
        objects: Crowds left out.
        detections: Best first.
        iou: float [detections, objects]: intersection over union.
    """

    objects: list[GroundtruthObject]
    detections: list[Detection]
    iou: Array


def overlaps(images: DetectedImages) -> Iterator[ImageOverlaps]:
    """Every image that has objects or detections."""
    import numpy as np
    from pycocotools import mask

    objects: dict[Any, list[GroundtruthObject]] = {}
    detections: dict[Any, list[Detection]] = {}
    for one in images.objects:
        if not one.is_crowd:
            objects.setdefault(one.image_id, []).append(one)
    for found in images.detections:
        detections.setdefault(found.image_id, []).append(found)
    for image_id in dict.fromkeys([*objects, *detections]):
        there = objects.get(image_id, [])
        seen = sorted(detections.get(image_id, []), key=lambda one: -one.score)
        iou = np.zeros((len(seen), len(there)))
        if there and seen:
            boxes = [[list(one.box) for one in group] for group in (seen, there)]
            iou = mask.iou(*boxes, [0] * len(there))
        yield ImageOverlaps(there, seen, iou)
