"""A candidate against a baseline: did it change more than the images and seeds account for?

The interval of a change is made by a paired bootstrap: the images are drawn again with
replacement, the same for all evaluations, and the change computed anew, `resamples` times. The
interval spans the middle of these changes (Efron and Tibshirani 1993, chapter 13).

With several seeds the change is between means over seeds, and varies with them, too. Drawing
the seeds again would misjudge that. The variance of n drawn values is (n - 1)/n of what it
should be, two seeds allow three draws, and what differs from image to image is drawn twice, once
with the images. Instead every resample adds what other seeds may add: a draw from Student's t
times the standard error of the difference that is due to the seeds alone (`seed_errors`). Were
the seeds all that varies, that would be the two-sample t-test. benchmarks/compare_coverage.py
measures both ways. Seeds are not paired by their number: the same number gives two
configurations no training in common.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence, Union

from tfod_weights.errors import UsageError
from tfod_weights.evaluation.bootstrap import (
    RowMetrics,
    RunMetrics,
    degrees_of_freedom,
    draw_images,
    run_metrics,
    seed_errors,
)
from tfod_weights.evaluation.comparable import require_comparable, require_numpy
from tfod_weights.evaluation.comparison import (
    METRICS,
    Change,
    ClassChange,
    Comparison,
    GroupChange,
    least_images,
)
from tfod_weights.evaluation.result import Evaluation
from tfod_weights.progress import Progress

Array = Any
Evaluations = Union[Evaluation, Sequence[Evaluation]]

DEFAULT_RESAMPLES = 1000
DEFAULT_CONFIDENCE = 0.95
_LEAST_RESAMPLES, _MOST_RESAMPLES = 100, 100_000
_MOST_DRAWN = 1 << 32  # images of all resamples, a byte each


def compare_evaluations(
    baseline: Evaluations,
    candidate: Evaluations,
    *,
    resamples: int = DEFAULT_RESAMPLES,
    seed: int = 0,
    confidence: float = DEFAULT_CONFIDENCE,
    progress: Optional[Progress] = None,
) -> Comparison:
    """Compare two runs on the same images.

    Args:
        baseline: An evaluation, or several: trainings of one configuration that differ in
            their seed.
        candidate: What is compared with it, likewise.
        resamples: How many sets of images are drawn.
        seed: Of those draws; the same seed gives the same intervals.
        confidence: Of the intervals, above 0 and below 1.
        progress: Called with (parts done, parts in all).

    Raises:
        EvaluationError: the evaluations are not of the same images and classes, at the same
            thresholds, or not in order.
        UsageError: a number makes no sense.
        TfodWeightsError: numpy is not installed.
    """
    runs = _sequence(baseline), _sequence(candidate)
    names = ("the baseline", "the candidate")
    for name, run in zip(names, runs):
        if not run:
            raise UsageError(f"{name} has no evaluation", help="one for each training")
    require_comparable([(name, one) for name, run in zip(names, runs) for one in run])
    (comparison,) = compare_runs(
        runs[0],
        runs[1:],
        resamples=resamples,
        seed=seed,
        confidence=confidence,
        progress=progress,
    )
    return comparison


def compare_runs(
    baseline: Sequence[Evaluation],
    candidates: Sequence[Sequence[Evaluation]],
    *,
    resamples: int = DEFAULT_RESAMPLES,
    seed: int = 0,
    confidence: float = DEFAULT_CONFIDENCE,
    progress: Optional[Progress] = None,
) -> list[Comparison]:
    """Compare several candidates with one baseline; evaluations that are comparable.

    Each comparison is as if it were the only one; only time is saved.

    Raises:
        UsageError: a number makes no sense.
        TfodWeightsError: numpy is not installed.
    """
    require_numpy()
    require_settings(resamples=resamples, seed=seed, confidence=confidence)
    import numpy as np

    first = baseline[0]
    _require_memory(resamples, first.images)
    files = sum(map(len, [baseline, *candidates]))
    counter = _Counter(files * len(first.classes), progress)
    drawn = draw_images(first.images, resamples, np.random.default_rng([seed, 0]))
    groups = {group.name: group.class_ids for group in first.groups}
    before = run_metrics(baseline, groups, drawn, counter)
    comparisons = []
    for candidate in candidates:
        after = run_metrics(candidate, groups, drawn, counter)
        freedom = degrees_of_freedom(len(baseline), len(candidate))
        generator = np.random.default_rng([seed, 1])
        noise = generator.standard_t(freedom, resamples) if freedom else np.zeros(resamples)
        difference = _Difference(first, before, after, noise, confidence)
        comparisons.append(
            Comparison(
                difference.classes(),
                difference.groups(),
                images=first.images,
                baseline_seeds=len(baseline),
                candidate_seeds=len(candidate),
                iou=first.iou,
                score_threshold=first.score_threshold,
                resamples=resamples,
                seed=seed,
                confidence=confidence,
            )
        )
    return comparisons


def require_settings(
    *,
    resamples: int = DEFAULT_RESAMPLES,
    seed: int = 0,
    confidence: float = DEFAULT_CONFIDENCE,
) -> None:
    """Check the numbers, before files are read.

    Raises:
        UsageError: one makes no sense.
    """
    if not 0 < confidence < 1:
        help = "0.95 stands for 95%: above 0 and below 1"
        raise UsageError(f"{confidence:g} is no confidence", help=help)
    least = max(_LEAST_RESAMPLES, round(2 / (1 - confidence)))
    if least > _MOST_RESAMPLES:
        problem = f"a confidence of {confidence!r} needs {least:,} resamples"
        raise UsageError(problem, help=f"one that {_MOST_RESAMPLES:,} are enough for: 0.9999")
    if resamples < least:
        problem = f"{resamples} resamples are too few for intervals of {confidence:.4g}"
        raise UsageError(problem, help=f"draw at least {least:,}")
    if resamples > _MOST_RESAMPLES:
        problem = f"{resamples:,} resamples are too many"
        raise UsageError(problem, help=f"draw at most {_MOST_RESAMPLES:,}")
    if seed < 0:
        raise UsageError(f"{seed} is no seed", help="0 or above")


def _require_memory(resamples: int, images: int) -> None:
    if resamples * images > _MOST_DRAWN:
        problem = f"{resamples:,} resamples of {images:,} images do not fit memory"
        raise UsageError(problem, help="draw fewer, or evaluate on fewer images")


class _Difference:
    """The difference between two runs."""

    def __init__(
        self,
        of: Evaluation,
        before: RunMetrics,
        after: RunMetrics,
        noise: Array,
        confidence: float,
    ) -> None:
        self._of, self._before, self._after = of, before, after
        self._noise, self._confidence = noise, confidence

    def classes(self) -> tuple[ClassChange, ...]:
        before, after = self._before.classes, self._after.classes
        return tuple(
            ClassChange(
                row.class_id,
                row.name,
                row.objects,
                row.images,
                self._changes(before.get(row.class_id), after.get(row.class_id), row.images),
            )
            for row in self._of.classes
        )

    def groups(self) -> tuple[GroupChange, ...]:
        found = []
        for group in self._of.groups:
            before, after = (run.groups.get(group.name) for run in (self._before, self._after))
            seen = (self._of.matches[class_id].objects for class_id in group.class_ids)
            images = len(set().union(*seen))
            changes = self._changes(before, after, images)
            found.append(GroupChange(group.name, group.class_ids, images, changes))
        return tuple(found)

    def _changes(
        self, before: Optional[RowMetrics], after: Optional[RowMetrics], images: int
    ) -> Mapping[str, Change]:
        if before is None or after is None:
            return {}
        import numpy as np

        drawn = after.resampled - before.resampled
        drawn = drawn + seed_errors(before, after)[:, None] * self._noise[: drawn.shape[1]]
        ends = [(1 - self._confidence) / 2, (1 + self._confidence) / 2]
        lows, highs = np.quantile(drawn, ends, axis=1)
        columns = (before.seeds.mean(axis=0), after.seeds.mean(axis=0), lows, highs)
        enough = images >= least_images(self._confidence)
        return {
            metric: Change(b - a, low, high, a, b, enough)
            for metric, a, b, low, high in zip(METRICS, *(one.tolist() for one in columns))
        }


class _Counter:
    """Tells how many of the parts are done."""

    def __init__(self, total: int, progress: Optional[Progress]) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def __call__(self) -> None:
        self._done += 1
        if self._progress:
            self._progress(self._done, self._total)


def _sequence(evaluations: Evaluations) -> Sequence[Evaluation]:
    return [evaluations] if isinstance(evaluations, Evaluation) else list(evaluations)
