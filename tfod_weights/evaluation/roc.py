"""The area under the ROC curve of a class's scores, object by object.

An object's score for a class is the highest score of the detections of that class that overlap
the object by at least the IoU; without any it ranks below all scores. The class's own objects are
the positives, the objects of all other classes the negatives. The area is the probability that a
positive scores higher than a negative, equal scores counting half (Hanley and McNeil 1982).
Detections of nothing at all do not enter it: precision speaks of those.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, Iterable, Mapping, Optional

from tfod_weights.evaluation.overlaps import ImageOverlaps


def roc_aucs(
    images: Iterable[ImageOverlaps], class_ids: Iterable[int], *, iou: float
) -> Mapping[int, Optional[float]]:
    """class_id -> area; None where the objects are all of one class."""
    objects: Counter[int] = Counter()
    positives: dict[int, list[float]] = {}
    negatives: dict[int, list[float]] = {}
    for image in images:
        objects.update(one.class_id for one in image.objects)
        for place, one in enumerate(image.objects):
            for class_id, score in _scores(image, place, iou).items():
                side = positives if class_id == one.class_id else negatives
                side.setdefault(class_id, []).append(score)
    total = sum(objects.values())
    return {
        class_id: _area(
            _with_unseen(positives.get(class_id, []), objects[class_id]),
            _with_unseen(negatives.get(class_id, []), total - objects[class_id]),
        )
        for class_id in class_ids
    }


def _scores(image: ImageOverlaps, place: int, iou: float) -> dict[int, float]:
    """class_id -> the score for it of one object, where there is one."""
    scores: dict[int, float] = {}
    for index in (image.iou[:, place] >= iou).nonzero()[0]:
        detection = image.detections[index]  # best first
        scores.setdefault(detection.class_id, detection.score)
    return scores


def _with_unseen(scores: list[float], number: int) -> Any:
    """The scores of `number` objects; those that are not seen rank below all others."""
    import numpy as np

    return np.array(scores + [-math.inf] * (number - len(scores)))


def _area(positives: Any, negatives: Any) -> Optional[float]:
    import numpy as np

    if not positives.size or not negatives.size:
        return None
    ordered = np.sort(negatives)
    below = np.searchsorted(ordered, positives, side="left")
    up_to = np.searchsorted(ordered, positives, side="right")
    return float((below + up_to).mean() / 2 / negatives.size)
