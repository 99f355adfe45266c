"""The confusion matrix between classes."""

from __future__ import annotations

from collections import Counter
from typing import Collection, Iterable

from tfod_weights.evaluation.overlaps import ImageOverlaps
from tfod_weights.evaluation.result import Confusion

NOTHING = 0  # in place of a class_id: no object, or no detection


def nothing_among(class_ids: Collection[int]) -> int:
    """What stands for nothing where these are the classes: NOTHING, unless it is one of them.

    Label maps keep 0 for the background, but COCO's files may number categories from 0.

    >>> nothing_among([1, 2]), nothing_among([0, 1, 2])
    (0, -1)
    """
    return -1 if NOTHING in class_ids else NOTHING


def confusions(
    images: Iterable[ImageOverlaps],
    class_ids: Collection[int],
    *,
    iou: float,
    score_threshold: float,
) -> tuple[Confusion, ...]:
    """Which classes are taken for which.

    In every image the detections that score at least `score_threshold`, best first, each take
    the free object that they overlap most, by at least `iou`, whatever its class. What would be
    wrong, but lies on a crowd of its class, is not counted.

    Args:
        images: Objects and detections.
        class_ids: Of all classes.
        iou: Overlap from which an object is taken.
        score_threshold: Of the detections that count.
    """
    nothing = nothing_among(class_ids)
    cells: Counter[tuple[int, int]] = Counter()
    for image in images:
        free = set(range(len(image.objects)))
        for place, detection in enumerate(image.detections):
            if detection.score < score_threshold:
                break
            row = image.iou[place]
            best = max(free, key=lambda index: row[index], default=None)
            if best is not None and row[best] < iou:
                best = None
            seen = nothing if best is None else image.objects[best].class_id
            if seen != detection.class_id and image.is_on_crowd(place, iou):
                continue
            if best is not None:
                free.remove(best)
            cells[seen, detection.class_id] += 1
        cells.update((image.objects[index].class_id, nothing) for index in free)
    return tuple(Confusion(*cell, number) for cell, number in sorted(cells.items()))
