"""Metrics of resampled images, and intervals from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Sequence

from tfod_weights.evaluation.average_precision import (
    MatchArrays,
    average_precisions,
    points_at_threshold,
)
from tfod_weights.evaluation.result import Evaluation

Array = Any
_AP50, _AP75 = 0, 5  # indexes of the IoU thresholds
_AT_ONCE = 2_000_000  # detections of all resamples that are computed together: some 100 MB


@dataclass(frozen=True)
class RunMetrics:
    """The metrics of a run: of the images as they are, and of every resample.

    Attributes:
        seeds: float [seeds, classes, metrics]: of every evaluation, on the images as they are.
        resampled: float [classes, metrics, resamples]: means over the seeds.
    """

    seeds: Array
    resampled: Array

    def mean_over(self, rows: Sequence[int]) -> RunMetrics:
        """The means over some classes, as if they were one class.

        A class that a resample has no objects of is left out of that resample's mean. It has
        none there in either run, so that a change is always between means of the same classes.
        """
        return RunMetrics(
            known_mean(self.seeds[:, rows], axis=1)[:, None],
            known_mean(self.resampled[rows], axis=0)[None],
        )


def draw_images(images: int, resamples: int, generator: Any) -> Array:
    """How often each image is drawn, of as many as there are, with replacement.

    Returns:
        int [resamples, images]; a byte each, since no image is drawn 256 times.
    """
    import numpy as np

    drawn: Array = np.empty((resamples, images), np.uint8)
    for row in drawn:
        row[:] = np.bincount(generator.integers(images, size=images), minlength=images)
    return drawn


def run_metrics(
    evaluations: Sequence[Evaluation], drawn: Array, advance: Callable[[], None]
) -> RunMetrics:
    """The metrics of a run with one or several seeds.

    Args:
        evaluations: One per seed.
        drawn: int [resamples, images].
        advance: Called after every class of every evaluation.
    """
    import numpy as np

    as_they_are = np.ones((1, drawn.shape[1]), drawn.dtype)
    seeds, total = [], 0.0
    for evaluation in evaluations:
        rows = []
        for row in evaluation.classes:
            matches = MatchArrays.of(evaluation.matches[row.class_id])
            parts = [as_they_are, *_parts(drawn, matches)]
            found = [_metrics(matches, part, evaluation) for part in parts]
            rows.append(np.concatenate(found, axis=1))
            advance()
        values = np.stack(rows)
        seeds.append(values[..., 0])
        total = total + values[..., 1:]
    return RunMetrics(np.stack(seeds), total / len(evaluations))


def _parts(drawn: Array, matches: MatchArrays) -> list[Array]:
    """The resamples in parts that fit memory."""
    size = max(1, _AT_ONCE // max(1, len(matches.images)))
    return [drawn[start : start + size] for start in range(0, len(drawn), size)]


def _metrics(matches: MatchArrays, drawn: Array, evaluation: Evaluation) -> Array:
    """As float [metrics, resamples], in the order of METRICS; NaN without objects."""
    import numpy as np

    average = average_precisions(matches, drawn)
    precision, recall = points_at_threshold(
        matches, drawn, iou=evaluation.iou, score=evaluation.score_threshold
    )
    total = precision + recall
    f1 = 2 * precision * recall / np.where(total == 0, 1, total)
    tops = average[:, _AP50], average[:, _AP75]
    return np.stack([average.mean(axis=1), *tops, precision, recall, f1])


def known_mean(values: Array, axis: int) -> Array:
    """The mean of what is not NaN; NaN where nothing else is."""
    import numpy as np

    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.where(known, values, 0).sum(axis=axis) / known.sum(axis=axis)


def seed_errors(before: Array, after: Array) -> Array:
    """The standard error of a difference of means that is due to the seeds.

    Both runs are taken to vary alike from seed to seed, as in the two-sample t-test: few seeds
    tell little about their spread, and a run of one seed tells nothing.

    Args:
        before: float [seeds, metrics], of the baseline.
        after: Of the candidate, likewise.

    Returns:
        float [metrics]; 0 with one seed each, which says nothing about seeds.
    """
    import numpy as np

    freedom = degrees_of_freedom(len(before), len(after))
    if not freedom:
        return np.zeros(before.shape[1])
    squares = sum(((one - one.mean(axis=0)) ** 2).sum(axis=0) for one in (before, after))
    return np.sqrt(squares / freedom * (1 / len(before) + 1 / len(after)))


def degrees_of_freedom(baseline_seeds: int, candidate_seeds: int) -> int:
    """How many differences between seeds of the same run their spread is estimated from."""
    return baseline_seeds + candidate_seeds - 2
