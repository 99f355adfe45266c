"""Runs in files, compared, and the gates that a step of CI is to pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence

from tfod_weights.errors import UsageError
from tfod_weights.evaluation import Comparison, Gate, GateResult, Run, load_run
from tfod_weights.evaluation.comparable import require_comparable, require_numpy
from tfod_weights.evaluation.compare import (
    DEFAULT_CONFIDENCE,
    DEFAULT_RESAMPLES,
    compare_runs,
    require_settings,
)
from tfod_weights.progress import Progress


@dataclass(frozen=True)
class ComparedRuns:
    """What was compared with what, and what came out.

    Attributes:
        baseline: The first run.
        candidates: The others.
        comparisons: Of each candidate with the baseline.
        gates: Every gate, tried on every candidate.
    """

    baseline: Run
    candidates: tuple[Run, ...]
    comparisons: tuple[Comparison, ...]
    gates: tuple[GateResult, ...] = ()

    @property
    def failed(self) -> tuple[GateResult, ...]:
        """The gates whose condition holds."""
        return tuple(result for result in self.gates if result.holds)


def compare_files(
    runs: Sequence[str],
    *,
    gates: Sequence[str] = (),
    resamples: int = DEFAULT_RESAMPLES,
    seed: int = 0,
    confidence: float = DEFAULT_CONFIDENCE,
    progress: Optional[Progress] = None,
) -> ComparedRuns:
    """Compare runs with the first of them.

    Args:
        runs: At least two; each a metrics.json, a folder, a pattern, or a list with commas.
        gates: Conditions such as `head.AP < -0.01`.
        resamples: How many sets of images are drawn for the intervals.
        seed: Of those draws.
        confidence: Of the intervals.
        progress: Called with (parts done, parts in all).

    Raises:
        EvaluationError: a file cannot be read, or two are not of the same images and classes.
        UsageError: fewer than two runs, a gate or a number that makes no sense.
        TfodWeightsError: numpy is not installed.
    """
    require_numpy()
    require_settings(resamples=resamples, seed=seed, confidence=confidence)
    conditions = [Gate.parse(text) for text in gates]
    if len(runs) < 2:
        raise UsageError("there is nothing to compare with", help="name at least two runs")
    baseline, *candidates = (load_run(name) for name in runs)
    require_comparable([pair for run in (baseline, *candidates) for pair in run.seeds.items()])
    first, *others = ([*run.seeds.values()] for run in (baseline, *candidates))
    for gate in conditions:
        gate.require_in(first[0])
    comparisons = compare_runs(
        first, others, resamples=resamples, seed=seed, confidence=confidence, progress=progress
    )
    results = [
        result
        for gate in conditions
        for run, comparison in zip(candidates, comparisons)
        for result in gate.results(run.name, comparison)
    ]
    return ComparedRuns(baseline, tuple(candidates), tuple(comparisons), tuple(results))
