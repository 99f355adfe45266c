"""COCO's numbers compared with TFOD's own evaluator, on the same detections."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evaluation.scenes import scene
from tests.tfod_imports import import_tfod
from tfod_weights.evaluation import DetectedImages, evaluate_images

import_tfod()

import numpy as np  # noqa: E402
from object_detection.core.standard_fields import (  # noqa: E402
    DetectionResultFields,
    InputDataFields,
)
from object_detection.metrics.coco_evaluation import CocoDetectionEvaluator  # noqa: E402

TAGS = {
    "AP": "Precision/mAP",
    "AP50": "Precision/mAP@.50IOU",
    "AP75": "Precision/mAP@.75IOU",
    "AP_small": "Precision/mAP (small)",
    "AP_medium": "Precision/mAP (medium)",
    "AP_large": "Precision/mAP (large)",
    "AR1": "Recall/AR@1",
    "AR10": "Recall/AR@10",
    "AR100": "Recall/AR@100",
    "AR_small": "Recall/AR@100 (small)",
    "AR_medium": "Recall/AR@100 (medium)",
    "AR_large": "Recall/AR@100 (large)",
}


def corners(rows) -> np.ndarray:
    """Boxes as TFOD has them: float32 [boxes, 4], ymin, xmin, ymax, xmax."""
    boxes = [(y, x, y + height, x + width) for x, y, width, height in (one.box for one in rows)]
    return np.array(boxes, np.float32).reshape(-1, 4)


def tfods(images: DetectedImages) -> dict[str, float]:
    """What TFOD's evaluator makes of them."""
    categories = [{"id": class_id, "name": name} for class_id, name in images.names.items()]
    evaluator = CocoDetectionEvaluator(categories, include_metrics_per_category=True)
    for image_id in images.image_ids:
        objects = [one for one in images.objects if one.image_id == image_id]
        found = [one for one in images.detections if one.image_id == image_id]
        evaluator.add_single_ground_truth_image_info(
            image_id,
            {
                InputDataFields.groundtruth_boxes: corners(objects),
                InputDataFields.groundtruth_classes: np.array([o.class_id for o in objects], int),
                InputDataFields.groundtruth_is_crowd: np.array([int(o.is_crowd) for o in objects]),
            },
        )
        evaluator.add_single_detected_image_info(
            image_id,
            {
                DetectionResultFields.detection_boxes: corners(found),
                DetectionResultFields.detection_scores: np.array([d.score for d in found]),
                DetectionResultFields.detection_classes: np.array([d.class_id for d in found], int),
            },
        )
    metrics = evaluator.evaluate()
    return {name.partition("_")[2]: value for name, value in metrics.items()}


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.3, 1))
def test_the_numbers_are_tfods(seed, quality) -> None:
    images = scene(seed, quality=quality)
    evaluation, expected = evaluate_images(images), tfods(images)
    for name, tag in TAGS.items():
        value = evaluation.coco[name]
        assert (-1 if value is None else value) == pytest.approx(expected[tag], abs=1e-4), name
    for row in evaluation.classes:
        ap = expected[f"PerformanceByCategory/mAP/{row.name}"]
        assert (-1 if row.ap is None else row.ap) == pytest.approx(ap, abs=1e-4), row.name
