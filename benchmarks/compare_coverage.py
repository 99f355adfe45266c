"""How often intervals over seeds hold the true change, by every way to make them.

Two runs that do not differ, in a linear model of their metric: a value per image, what a run
changes in an image, what a seed changes in an image, and what a seed changes in all of them.

    python benchmarks/compare_coverage.py --trials 2000
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from typing import Any

import numpy as np

from tfod_weights.evaluation.bootstrap import RowMetrics, draw_images, seed_errors

Array = Any
IMAGES, RESAMPLES = 100, 300
SEEDS = (2, 3, 5)
SPREADS = (0.0, 1.0, 3.0)  # of seeds, in units of what the images make a seed differ
ENDS = (0.025, 0.975)


def made_runs(generator: Any, seeds: int, spread: float) -> list[Array]:
    """Values [seeds, images] of two runs with the same expectation."""
    images = generator.normal(size=IMAGES)
    return [
        images
        + 0.5 * generator.normal(size=IMAGES)
        + generator.normal(size=(seeds, IMAGES))
        + spread / np.sqrt(IMAGES) * generator.normal(size=(seeds, 1))
        for _ in range(2)
    ]


def drawn_seeds(generator: Any, resampled: Array, number: int) -> Array:
    """The mean over `number` seeds that are drawn anew in every resample."""
    drawn = generator.integers(len(resampled), size=(number, resampled.shape[1]))
    return np.take_along_axis(resampled, drawn, axis=0).mean(axis=0)


def changes(generator: Any, runs: list[Array]) -> dict[str, Array]:
    """The resampled changes, by way."""
    times = draw_images(IMAGES, RESAMPLES, generator)
    resampled = [run @ times.T / IMAGES for run in runs]
    seeds = len(runs[0])
    rows = [
        RowMetrics.of(np.concatenate([run.mean(axis=1)[:, None], one], axis=1)[:, None])
        for run, one in zip(runs, resampled)
    ]
    noise = generator.standard_t(2 * seeds - 2, RESAMPLES)
    images = (rows[1].resampled - rows[0].resampled)[0]

    def over_drawn_seeds(number: int) -> Array:
        before, after = (drawn_seeds(generator, one, number) for one in resampled)
        return after - before

    return {
        "images only": images,
        "n of n seeds drawn": over_drawn_seeds(seeds),
        "n - 1 of n seeds drawn": over_drawn_seeds(seeds - 1),
        "compare": images + seed_errors(*rows)[0] * noise,
    }


def main() -> None:
    """Print a row per number and spread of seeds: coverage and mean width by way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=2000)
    trials = parser.parse_args().trials
    generator = np.random.default_rng(0)
    for seeds in SEEDS:
        for spread in SPREADS:
            found = defaultdict(list)
            for _ in range(trials):
                for way, one in changes(generator, made_runs(generator, seeds, spread)).items():
                    found[way].append(np.quantile(one, ENDS))
            cells = []
            for way, ends in found.items():
                low, high = np.array(ends).T
                held = ((low <= 0) & (high >= 0)).mean()
                cells.append(f"{way} {held:.1%} ({(high - low).mean():.2f})")
            print(f"{seeds} seeds, spread {spread:g}: {'; '.join(cells)}", flush=True)


if __name__ == "__main__":
    main()
