"""Evaluation: how well a model finds each class.

Objects and detections become matches by pycocotools, matches become metrics per class, and
metrics.json keeps both. Matches of several models on the same images become a comparison.
"""

from tfod_weights.evaluation.coco import require_pycocotools
from tfod_weights.evaluation.coco_files import load_coco
from tfod_weights.evaluation.compare import compare_evaluations
from tfod_weights.evaluation.comparison import Change, ClassChange, Comparison, GroupChange
from tfod_weights.evaluation.detections import DetectedImages, Detection, GroundtruthObject
from tfod_weights.evaluation.evaluate import evaluate_images
from tfod_weights.evaluation.gate import Gate, GateResult
from tfod_weights.evaluation.metrics_file import evaluation_json, load_evaluation, metrics_text
from tfod_weights.evaluation.result import ClassMetrics, Evaluation, GroupMetrics
from tfod_weights.evaluation.runs import Run, load_run

__all__ = [
    "Change",
    "ClassChange",
    "ClassMetrics",
    "Comparison",
    "DetectedImages",
    "Detection",
    "Evaluation",
    "Gate",
    "GateResult",
    "GroundtruthObject",
    "GroupChange",
    "GroupMetrics",
    "Run",
    "compare_evaluations",
    "evaluate_images",
    "evaluation_json",
    "load_coco",
    "load_evaluation",
    "load_run",
    "metrics_text",
    "require_pycocotools",
]
