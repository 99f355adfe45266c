"""Precision, recall and F1 of one class along its scores."""

from __future__ import annotations

from typing import Optional, Sequence

from tfod_weights.evaluation.result import IOU_THRESHOLDS, ClassMatches, CurvePoint

_POINTS = 200  # as many as a figure can show


def precision_recall(matches: ClassMatches, iou: float) -> list[CurvePoint]:
    """Precision and recall at every score, by falling score; empty without objects.

    Args:
        matches: The detections of the class.
        iou: One of IOU_THRESHOLDS.
    """
    bit = 1 << IOU_THRESHOLDS.index(iou)
    objects = sum(matches.objects.values())
    points: list[CurvePoint] = []
    right = wrong = 0
    for score, matched, ignored in zip(matches.scores, matches.matched, matches.ignored):
        if ignored & bit or not objects:
            continue
        right, wrong = (right + 1, wrong) if matched & bit else (right, wrong + 1)
        point = CurvePoint(score, right / (right + wrong), right / objects)
        if points and points[-1].score == score:  # a threshold takes all of equal score
            points.pop()
        points.append(point)
    return points


def at_threshold(points: Sequence[CurvePoint], score: float) -> CurvePoint:
    """Precision and recall of the detections that score at least `score`; both 0 without any."""
    above = [point for point in points if point.score >= score]
    return above[-1]._replace(score=score) if above else CurvePoint(score, 0.0, 0.0)


def best_f1(points: Sequence[CurvePoint]) -> Optional[CurvePoint]:
    """Where F1 is highest, at the highest such score; None where nothing was detected."""
    return max(points, key=lambda point: point.f1, default=None)


def thinned(points: Sequence[CurvePoint]) -> tuple[CurvePoint, ...]:
    """At most 200 of the points, evenly taken, the first and the last among them."""
    if len(points) <= _POINTS:
        return tuple(points)
    step = (len(points) - 1) / (_POINTS - 1)
    return tuple(points[round(step * index)] for index in range(_POINTS))
