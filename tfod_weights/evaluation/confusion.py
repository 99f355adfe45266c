"""The confusion matrix between classes."""

from __future__ import annotations

from collections import Counter
from typing import Iterable

from tfod_weights.evaluation.overlaps import ImageOverlaps
from tfod_weights.evaluation.result import Confusion

NOTHING = 0  # in place of a class_id: no object, or no detection


def confusions(
    images: Iterable[ImageOverlaps], *, iou: float, score_threshold: float
) -> tuple[Confusion, ...]:
    """Which classes are taken for which.

    In every image the detections that score at least `score_threshold`, best first, each take
    the free object that they overlap most, by at least `iou`, whatever its class.
    """
    cells: Counter[tuple[int, int]] = Counter()
    for image in images:
        free = set(range(len(image.objects)))
        for detection, row in zip(image.detections, image.iou):
            if detection.score < score_threshold:
                break
            best = max(free, key=lambda index: row[index], default=None)
            if best is None or row[best] < iou:
                cells[NOTHING, detection.class_id] += 1
                continue
            free.remove(best)
            cells[image.objects[best].class_id, detection.class_id] += 1
        cells.update((image.objects[index].class_id, NOTHING) for index in free)
    return tuple(Confusion(*cell, number) for cell, number in sorted(cells.items()))
