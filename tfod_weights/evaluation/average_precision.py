"""COCO's metrics of one class where every image counts several times, or never.

A bootstrap asks for the metrics of many resampled sets of images. A detection keeps its match
there, since COCO matches within an image; all that changes is how often it counts. So nothing
is matched again, and all resamples are computed at once.

Detections of equal score count in their order, image by image: as pycocotools orders them where
copies of an image stand side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tfod_weights.evaluation.result import IOU_THRESHOLDS, ClassMatches

Array = Any
_RECALLS = 101  # 0, 0.01 … 1


@dataclass(frozen=True)
class MatchArrays:
    """The matches of one class as arrays.

    Attributes:
        images: int [detections]: index of the image, best detection first.
        scores: float [detections], falling.
        right: bool [thresholds, detections]: takes an object, at each of IOU_THRESHOLDS.
        counted: bool [thresholds, detections]: counts as right or wrong.
        object_images: int [images with objects]: their indexes.
        objects: int [images with objects]: their objects.
    """

    images: Array
    scores: Array
    right: Array
    counted: Array
    object_images: Array
    objects: Array

    @classmethod
    def of(cls, matches: ClassMatches) -> MatchArrays:
        """The arrays of a class."""
        import numpy as np

        bits = np.arange(len(IOU_THRESHOLDS))[:, None]
        matched = np.array(matches.matched, int) >> bits & 1 == 1
        counted = np.array(matches.ignored, int) >> bits & 1 == 0
        return cls(
            images=np.array(matches.images, int),
            scores=np.array(matches.scores, float),
            right=matched & counted,
            counted=counted,
            object_images=np.array(list(matches.objects), int),
            objects=np.array(list(matches.objects.values()), int),
        )

    def drawn_objects(self, multiplicities: Array) -> Array:
        """Objects in each resample, int [resamples]."""
        return multiplicities[:, self.object_images] @ self.objects


def average_precisions(matches: MatchArrays, multiplicities: Array) -> Array:
    """COCO's AP at every IoU threshold, in every resample.

    As pycocotools/cocoeval.py, `accumulate`: the mean over 101 recalls of the highest precision
    at that recall or a higher one. Precision is highest at a detection that is right, and at
    the last of its copies, and recall rises only there: the others are merely counted.

    Args:
        matches: The class.
        multiplicities: int [resamples, images]: how often each image was drawn.

    Returns:
        float [resamples, thresholds]; NaN where a resample has no objects.
    """
    import numpy as np

    objects = matches.drawn_objects(multiplicities)
    reached = _RecallsReached(objects)
    copies = multiplicities.take(matches.images, axis=1)  # [resamples, detections]
    result = np.zeros((len(multiplicities), len(IOU_THRESHOLDS)))
    mask: Array = None
    seen: Array = None
    for threshold, (right, counted) in enumerate(zip(matches.right, matches.counted)):
        if mask is None or (mask != counted).any():  # without crowds the same for all
            mask = counted
            seen = np.cumsum(copies if mask.all() else copies * mask, axis=1, dtype=np.int32)
        (places,) = right.nonzero()
        if places.size:
            result[:, threshold] = _area(copies[:, places], seen[:, places], reached)
    result[objects == 0] = np.nan
    return result


def _area(copies: Array, seen: Array, reached: _RecallsReached) -> Array:
    """The mean precision over the recalls.

    Args:
        copies: int [resamples, right detections]: how often each counts.
        seen: int [resamples, right detections]: all detections up to each, copies counted.
        reached: How many of the recalls a number of right detections reaches.
    """
    import numpy as np

    found = np.cumsum(copies, axis=1, dtype=np.int32)
    precision = found / (seen + np.spacing(1))
    highest = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    steps = np.diff(reached(found), axis=1, prepend=0)
    return np.einsum("rd,rd->r", highest, steps) / _RECALLS


class _RecallsReached:
    """How many of the 101 recalls k right detections reach, for all k, in every resample.

    A table, since the thresholds are not exactly 0.01·i and must compare as they do in
    pycocotools.
    """

    def __init__(self, objects: Array) -> None:
        import numpy as np

        recalls = np.linspace(0, 1, _RECALLS)
        numbers, place = np.unique(np.maximum(objects, 1), return_inverse=True)
        tables = [recalls.searchsorted(np.arange(n + 1) / n, side="right") for n in numbers]
        starts = np.cumsum([0, *map(len, tables)])[:-1]
        self._table = np.concatenate(tables)
        self._starts = starts[place.ravel()][:, None]

    def __call__(self, found: Array) -> Array:
        """How many recalls each number reaches: int [resamples, detections], like `found`."""
        return self._table.take(self._starts + found)


def points_at_threshold(
    matches: MatchArrays, multiplicities: Array, *, iou: float, score: float
) -> tuple[Array, Array]:
    """Precision and recall of the detections that score at least `score`, in every resample.

    Returns:
        Two of float [resamples]; NaN where a resample has no objects. Without detections the
        precision is 0, as in ClassMetrics.at_threshold.
    """
    import numpy as np

    objects = matches.drawn_objects(multiplicities)
    threshold = IOU_THRESHOLDS.index(iou)
    above = matches.counted[threshold] & (matches.scores >= score)
    seen = multiplicities[:, matches.images[above]].sum(axis=1)
    right = multiplicities[:, matches.images[above & matches.right[threshold]]].sum(axis=1)
    recall = np.where(objects, right / np.maximum(objects, 1), np.nan)
    precision = np.where(objects, right / np.maximum(seen, 1), np.nan)
    return precision, recall
