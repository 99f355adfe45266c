"""Evaluation: how well a model finds each class.

Objects and detections become matches by pycocotools, matches become metrics per class, and
metrics.json keeps both.
"""

from tfod_weights.evaluation.coco import require_pycocotools
from tfod_weights.evaluation.coco_files import load_coco
from tfod_weights.evaluation.detections import DetectedImages, Detection, GroundtruthObject
from tfod_weights.evaluation.evaluate import evaluate_images
from tfod_weights.evaluation.metrics_file import evaluation_json, load_evaluation, metrics_text
from tfod_weights.evaluation.result import ClassMetrics, Evaluation, GroupMetrics

__all__ = [
    "ClassMetrics",
    "DetectedImages",
    "Detection",
    "Evaluation",
    "GroundtruthObject",
    "GroupMetrics",
    "evaluate_images",
    "evaluation_json",
    "load_coco",
    "load_evaluation",
    "metrics_text",
    "require_pycocotools",
]
