"""All runs, the most telling first, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Iterator, Sequence

from benchmarks.effect.arms import Arm
from benchmarks.effect.configs import write_config
from benchmarks.effect.datasets import DataSet
from benchmarks.effect.run import CONFIG, METRICS, TRAINED

SETTINGS, LOG = "settings.json", "run.log"
_NICENESS = 15


@dataclass(frozen=True)
class Run:
    """One training: a data set, a way to balance it, a seed.

    Attributes:
        root: The folder of all runs.
    """

    root: Path
    data_set: DataSet
    arm: Arm
    seed: int

    @property
    def folder(self) -> Path:
        """Its folder, with all that it needs and makes."""
        return self.root / self.data_set.name / self.arm.name / str(self.seed)

    @property
    def settings(self) -> dict[str, object]:
        """What it depends on, beside the code and the records."""
        return {
            "patch": self.arm.options(seed=self.seed, steps=self.data_set.steps),
            "image_size": self.data_set.image_size,
            "steps": self.data_set.steps,
        }

    @property
    def is_trained(self) -> bool:
        """Whether the training came to its end, with these settings."""
        return (self.folder / TRAINED).exists() and self._has_settings()

    @property
    def is_finished(self) -> bool:
        """Whether the evaluation did, too."""
        return (self.folder / METRICS).exists() and self._has_settings()

    def _has_settings(self) -> bool:
        path = self.folder / SETTINGS
        return path.exists() and json.loads(path.read_text()) == self.settings

    def __str__(self) -> str:
        return f"{self.data_set.name} {self.arm.name} seed {self.seed}"


def all_runs(
    root: Path, data_sets: Sequence[DataSet], arms: Sequence[Arm], seeds: Sequence[int]
) -> Iterator[Run]:
    """The runs: arm after arm, the data sets in turn."""
    for arm in arms:
        for seed in seeds:
            for data_set in data_sets:
                yield Run(root, data_set, arm, seed)


def finish_all(runs: Sequence[Run], workers: int) -> list[Run]:
    """Do what is not done yet, and say on stderr how it goes.

    Returns:
        The runs that failed.
    """
    to_do = [run for run in runs if not run.is_finished]
    _say(f"{len(runs) - len(to_do)} of {len(runs)} runs are finished")
    failed = []
    with ThreadPoolExecutor(workers) as pool:
        futures = {pool.submit(_timed, run): run for run in to_do}
        for number, future in enumerate(as_completed(futures), start=1):
            run, (code, seconds) = futures[future], future.result()
            said = f"{seconds:.0f} s" if code == 0 else f"FAILED: {run.folder / LOG}"
            _say(f"[{number}/{len(to_do)}] {run}: {said}")
            failed += [run] if code else []
    return failed


def _timed(run: Run) -> tuple[int, float]:
    start = time.perf_counter()
    return finish(run), time.perf_counter() - start


def finish(run: Run) -> int:
    """Train and evaluate in a new process and return its exit code."""
    if not run.is_trained:
        prepare(run)
    module = [sys.executable, "-m", "benchmarks.effect.run"]
    command = ["nice", "-n", str(_NICENESS), *module, str(run.folder), str(run.seed)]
    with (run.folder / LOG).open("a") as log:
        return subprocess.run(command, stdout=log, stderr=log, check=False).returncode


def prepare(run: Run) -> None:
    """Make the folder, with the config; what an earlier training left there is set aside."""
    if run.folder.exists():
        aside = run.root / "aside" / run.folder.relative_to(run.root)
        numbered = (aside.with_name(f"{run.seed}.{number}") for number in count(1))
        free = next(path for path in numbered if not path.exists())
        free.parent.mkdir(parents=True, exist_ok=True)
        run.folder.rename(free)
    run.folder.mkdir(parents=True)
    records = run.root / "data" / run.data_set.name
    write_config(run.folder / CONFIG, run.data_set, run.arm, run.seed, records)
    (run.folder / SETTINGS).write_text(json.dumps(run.settings) + "\n")


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)
