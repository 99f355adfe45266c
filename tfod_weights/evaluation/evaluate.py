"""From detections to metrics per class."""

from __future__ import annotations

import math
from typing import Mapping, Optional

from tfod_weights.errors import UsageError
from tfod_weights.evaluation.coco import ClassPrecision, coco_evaluation
from tfod_weights.evaluation.confusion import confusions
from tfod_weights.evaluation.curves import at_threshold, best_f1, precision_recall, thinned
from tfod_weights.evaluation.detections import DetectedImages
from tfod_weights.evaluation.groups import group_means, groups_by_objects
from tfod_weights.evaluation.overlaps import overlaps
from tfod_weights.evaluation.result import (
    IOU_THRESHOLDS,
    ClassMatches,
    ClassMetrics,
    Evaluation,
)
from tfod_weights.evaluation.roc import roc_aucs
from tfod_weights.progress import Progress

DEFAULT_IOU = 0.5
DEFAULT_SCORE_THRESHOLD = 0.5


def evaluate_images(
    images: DetectedImages,
    *,
    iou: float = DEFAULT_IOU,
    score_threshold: float = DEFAULT_SCORE_THRESHOLD,
    training_objects: Optional[Mapping[int, int]] = None,
    source: Optional[Mapping[str, str]] = None,
    progress: Optional[Progress] = None,
) -> Evaluation:
    """Evaluate detections.

    Args:
        images: Objects and detections.
        iou: Overlap from which a detection is right, in all that is no AP; one of
            IOU_THRESHOLDS.
        score_threshold: For precision, recall and F1, and the confusion matrix.
        training_objects: class_id -> objects in the training records, by which classes are
            rare, common or head; None: by the objects in these images.
        source: Where it all is from, as it is to stand in the result.
        progress: Called with (parts done, parts in all).

    Raises:
        UsageError: there is no such IoU or score.
        TfodWeightsError: pycocotools is not installed.
    """
    require_thresholds(iou, score_threshold)
    coco = coco_evaluation(images, progress)
    found = list(overlaps(images))
    areas = roc_aucs(found, images.names, iou=iou)
    classes = tuple(
        _class_metrics(
            class_id,
            images.names[class_id],
            coco.precisions[class_id],
            coco.matches[class_id],
            areas[class_id],
            iou=iou,
            score_threshold=score_threshold,
            training_objects=(training_objects or {}).get(class_id),
        )
        for class_id in sorted(images.names)
    )
    known = training_objects or {row.class_id: row.objects for row in classes}
    return Evaluation(
        images=len(images.image_ids),
        iou=iou,
        score_threshold=score_threshold,
        classes=classes,
        groups=tuple(group_means(classes, groups_by_objects(known))),
        coco=coco.summary,
        confusion=confusions(found, images.names, iou=iou, score_threshold=score_threshold),
        matches=coco.matches,
        source=dict(source or {}),
    )


def require_thresholds(iou: float, score_threshold: float) -> None:
    """Check what detections are measured by, before the work that leads to an evaluation.

    Raises:
        UsageError: the IoU is none of IOU_THRESHOLDS, or the score is no number.
    """
    if iou not in IOU_THRESHOLDS:
        known = ", ".join(f"{one:g}" for one in IOU_THRESHOLDS)
        raise UsageError(f"{iou:g} is none of COCO's IoU thresholds", help=f"one of {known}")
    if not math.isfinite(score_threshold):
        help = "a score that detections may have: mostly from 0 to 1"
        raise UsageError(f"{score_threshold:g} is no score threshold", help=help)


def _class_metrics(
    class_id: int,
    name: str,
    precision: ClassPrecision,
    matches: ClassMatches,
    roc_auc: Optional[float],
    *,
    iou: float,
    score_threshold: float,
    training_objects: Optional[int],
) -> ClassMetrics:
    points = precision_recall(matches, iou)
    objects = sum(matches.objects.values())
    return ClassMetrics(
        class_id,
        name,
        objects,
        images=len(matches.objects),
        training_objects=training_objects,
        ap=precision.ap,
        ap50=precision.ap50,
        ap75=precision.ap75,
        at_threshold=at_threshold(points, score_threshold) if objects else None,
        best=best_f1(points),
        roc_auc=roc_auc,
        curve=thinned(points),
    )
