"""Class-balanced sampling: how often each image is read, so that rare classes are seen more.

class_sampling (what is asked for) → plan (copies of an image by its objects) → what is drawn
(drawn_counts), new record files (resample), or TFOD's own input pipeline (runtime.sampling).
"""

from __future__ import annotations

from tfod_weights.sampling.class_sampling import AGGREGATIONS, ClassSampling
from tfod_weights.sampling.drawn import drawn_counts
from tfod_weights.sampling.plan import CopyPlan, plan_copies, require_examples

__all__ = [
    "AGGREGATIONS",
    "ClassSampling",
    "CopyPlan",
    "drawn_counts",
    "plan_copies",
    "require_examples",
]
