"""COCO metrics per category: TFOD reads `category_stats`, which only Google's pycocotools has."""

from __future__ import annotations

import contextlib
import io
from types import ModuleType
from typing import Any

from tfod_weights.runtime.import_hooks import after_import
from tfod_weights.runtime.notes import note


def install() -> None:
    """Compute them in TFOD's COCOEvalWrapper."""
    after_import("object_detection.metrics.coco_tools", _add_category_stats)


def _add_category_stats(coco_tools: ModuleType) -> None:
    wrapper = coco_tools.COCOEvalWrapper
    stock_summarize = wrapper.summarize

    def summarize(self: Any, *arguments: Any, **keywords: Any) -> Any:
        result = stock_summarize(self, *arguments, **keywords)
        if not hasattr(self, "category_stats") and self.params.useCats:
            self.category_stats = _category_stats(self, stock_summarize)
            note("pycocotools has no metrics per category; they are computed here")
        return result

    wrapper.summarize = summarize


def _category_stats(evaluation: Any, summarize: Any) -> list[tuple[float, ...]]:
    """The summary by pycocotools of each category alone: [metric][category], -1 where none.

    precision is [IoU, recall, category, area, detections], recall [IoU, category, area,
    detections].
    """
    total, stats = evaluation.eval, evaluation.stats
    columns = []
    try:
        for k in range(total["precision"].shape[2]):
            evaluation.eval = {
                **total,
                "precision": total["precision"][:, :, k : k + 1],
                "recall": total["recall"][:, k : k + 1],
            }
            with contextlib.redirect_stdout(io.StringIO()):  # it prints what it computes
                summarize(evaluation)
            columns.append(evaluation.stats)
    finally:
        evaluation.eval, evaluation.stats = total, stats
    return list(zip(*columns))
