"""From runs to means, differences and how far chance goes."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass
from typing import Mapping, Sequence

from benchmarks.effect.arms import ARMS, BASELINE
from benchmarks.effect.run_results import RunResult

GOAL_RATIO = 1.6  # rarest class's AP ÷ that without balancing
GOAL_GAIN = 0.03  # mAP
MEAN = "mAP"  # stands beside the classes' names


@dataclass(frozen=True)
class Estimate:
    """A figure over the seeds.

    Attributes:
        mean: Over the seeds.
        low: The lowest.
        high: The highest.
        difference: Mean over the seeds of the difference from the baseline with the same seed.
        error: Standard error of `difference`, from the scatter of all arms.
    """

    mean: float
    low: float
    high: float
    difference: float
    error: float

    @property
    def is_below(self) -> bool:
        """Whether it is below the baseline by more than chance makes likely (2 errors)."""
        return self.difference < -2 * self.error


@dataclass(frozen=True)
class ArmSummary:
    """One arm on one data set.

    Attributes:
        arm: Its name.
        seeds: For which it and the baseline are finished.
        figures: MEAN and the names of the classes, by class_id.
        rarest: The class with the fewest training objects.
        ratio: AP of `rarest` ÷ that of the baseline, of means over the seeds.
    """

    arm: str
    seeds: tuple[int, ...]
    figures: Mapping[str, Estimate]
    rarest: str
    ratio: float

    @property
    def below(self) -> list[str]:
        """The classes that lost more than chance makes likely."""
        return [name for name, one in self.figures.items() if name != MEAN and one.is_below]

    @property
    def meets_goal(self) -> bool:
        """Whether the rarest class and the mean gained enough, and no class lost."""
        gain = self.figures[MEAN].difference
        return self.ratio >= GOAL_RATIO and gain >= GOAL_GAIN and not self.below


def summarize(results: Sequence[RunResult]) -> list[ArmSummary]:
    """Summaries of the runs on one data set, in the order of ARMS."""
    runs = {(one.arm, one.seed): _figures(one) for one in results}
    if not any(arm == BASELINE for arm, _ in runs):
        return []
    rarest = min(results[0].classes, key=lambda row: row.objects).name
    deviations = _deviations(runs)
    return [
        _arm_summary(arm.name, runs, deviations, rarest)
        for arm in ARMS
        if _shared_seeds(arm.name, runs)
    ]


_Runs = Mapping[tuple[str, int], Mapping[str, float]]  # (arm, seed) → figure → AP


def _figures(result: RunResult) -> dict[str, float]:
    return {MEAN: result.mean_ap, **{row.name: row.ap for row in result.classes}}


def _shared_seeds(arm: str, runs: _Runs) -> list[int]:
    return sorted(seed for name, seed in runs if name == arm and (BASELINE, seed) in runs)


def _deviations(runs: _Runs) -> dict[str, float]:
    """Of each figure, the standard deviation from seed to seed, pooled over all arms.

    √(Σ (x − mean of its arm)² / Σ (seeds of the arm − 1)): three seeds alone say little of how
    far chance goes, all arms together more.
    """
    by_arm: dict[str, list[Mapping[str, float]]] = {}
    for (arm, _), figures in runs.items():
        by_arm.setdefault(arm, []).append(figures)
    freedom = sum(len(rows) - 1 for rows in by_arm.values())
    return {
        name: math.sqrt(
            sum(_squares([row[name] for row in rows]) for rows in by_arm.values()) / freedom
        )
        if freedom
        else math.inf
        for name in next(iter(runs.values()))
    }


def _squares(values: Sequence[float]) -> float:
    mean = statistics.fmean(values)
    return sum((value - mean) ** 2 for value in values)


def _arm_summary(arm: str, runs: _Runs, deviations: Mapping[str, float], rarest: str) -> ArmSummary:
    seeds = _shared_seeds(arm, runs)
    figures = {}
    for name, deviation in deviations.items():
        values = [runs[arm, seed][name] for seed in seeds]
        baseline = [runs[BASELINE, seed][name] for seed in seeds]
        figures[name] = Estimate(
            mean=statistics.fmean(values),
            low=min(values),
            high=max(values),
            difference=statistics.fmean(a - b for a, b in zip(values, baseline)),
            error=0.0 if arm == BASELINE else deviation * math.sqrt(2 / len(seeds)),
        )
    one = figures[rarest]
    before = one.mean - one.difference
    return ArmSummary(arm, tuple(seeds), figures, rarest, one.mean / before if before else math.inf)
