"""Metrics of resampled images, and intervals from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Collection, Mapping, Sequence

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
class RowMetrics:
    """The metrics of a class, or the means of a group, in one run.

    Attributes:
        seeds: float [seeds, metrics]: of every evaluation, on the images as they are.
        resampled: float [metrics, resamples that have objects]: means over the seeds.
        interaction: float [metrics]: how much of the squared deviations of `seeds` from their
            mean is due to the images, summed over the seeds; from image to image another seed
            is the better one.
    """

    seeds: Array
    resampled: Array
    interaction: Array

    @classmethod
    def of(cls, values: Array) -> RowMetrics:
        """From values of the images as they are and then of every resample.

        Args:
            values: float [seeds, metrics, 1 + resamples]; NaN without objects.
        """
        import numpy as np

        resampled = values[..., 1:][..., ~np.isnan(values[0, 0, 1:])]
        mean = resampled.mean(axis=0)
        return cls(values[..., 0], mean, (resampled - mean).var(axis=2).sum(axis=0))


@dataclass(frozen=True)
class RunMetrics:
    """The metrics of a run.

    Attributes:
        classes: class_id -> metrics, of every class with objects.
        groups: name -> means, of every group with objects.
    """

    classes: Mapping[int, RowMetrics]
    groups: Mapping[str, RowMetrics]


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
    evaluations: Sequence[Evaluation],
    groups: Mapping[str, Collection[int]],
    drawn: Array,
    advance: Callable[[], None],
) -> RunMetrics:
    """The metrics of a run with one or several seeds.

    Args:
        evaluations: One per seed, comparable.
        groups: name -> class_ids.
        drawn: int [resamples, images].
        advance: Called after every class of every evaluation.
    """
    import numpy as np

    classes, means = {}, {name: _Mean() for name in groups}
    for row in evaluations[0].classes:
        seeds = []
        for evaluation in evaluations:
            seeds.append(_class_metrics(evaluation, row.class_id, drawn))
            advance()
        if row.objects:
            values = np.stack(seeds)
            classes[row.class_id] = RowMetrics.of(values)
            for name in (name for name, members in groups.items() if row.class_id in members):
                means[name].add(values)
    known = {name: RowMetrics.of(mean.value()) for name, mean in means.items() if mean.has_value}
    return RunMetrics(classes, known)


class _Mean:
    """The mean over the classes of a group.

    A class that a resample has no objects of is left out of that resample's mean. It has none
    there in either run, so that a change is always one between means of the same classes.
    """

    def __init__(self) -> None:
        self._total: Array = None
        self._number: Array = None

    def add(self, values: Array) -> None:
        """Add a class; NaN where it has no objects."""
        import numpy as np

        known = ~np.isnan(values)
        total = np.where(known, values, 0.0)
        self._total = total if self._total is None else self._total + total
        self._number = known + 0 if self._number is None else self._number + known

    @property
    def has_value(self) -> bool:
        """Whether there is a class in it."""
        return self._total is not None

    def value(self) -> Array:
        """The means; NaN where no class has objects."""
        import numpy as np

        return np.where(self._number, self._total / np.maximum(self._number, 1), np.nan)


def _class_metrics(evaluation: Evaluation, class_id: int, drawn: Array) -> Array:
    """As float [metrics, 1 + resamples]; the images as they are come first."""
    import numpy as np

    matches = MatchArrays.of(evaluation.matches[class_id])
    as_they_are = np.ones((1, drawn.shape[1]), drawn.dtype)
    parts = [as_they_are, *_parts(drawn, matches)]
    return np.concatenate([_metrics(matches, part, evaluation) for part in parts], axis=1)


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


def seed_errors(before: RowMetrics, after: RowMetrics) -> Array:
    """The standard error of a difference of means that is due to the seeds alone.

    The variance between the seeds of a run, less what the images account for, since the
    resamples hold that already. Both runs are taken to vary alike from seed to seed, as in the
    two-sample t-test: few seeds tell little about their spread, and one seed nothing.

    Returns:
        float [metrics]; 0 with one seed each, which says nothing about seeds.
    """
    import numpy as np

    numbers = [len(row.seeds) for row in (before, after)]
    freedom = degrees_of_freedom(*numbers)
    if not freedom:
        return np.zeros(before.seeds.shape[1])
    squares = sum(
        ((row.seeds - row.seeds.mean(axis=0)) ** 2).sum(axis=0) - row.interaction
        for row in (before, after)
    )
    return np.sqrt(np.maximum(squares, 0) / freedom * sum(1 / number for number in numbers))


def degrees_of_freedom(baseline_seeds: int, candidate_seeds: int) -> int:
    """How many differences between seeds of the same run their spread is estimated from."""
    return baseline_seeds + candidate_seeds - 2
