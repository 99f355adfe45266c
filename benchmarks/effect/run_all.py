"""All runs, the most telling first, each in a process of its own."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Iterator, Optional, Sequence, TextIO

from benchmarks.effect.arms import Arm
from benchmarks.effect.configs import write_config
from benchmarks.effect.datasets import DataSet
from benchmarks.effect.run import CONFIG, METRICS, TRAINED

SETTINGS, LOG = "settings.json", "run.log"
_NICENESS = 15
_FAILED = "FAILED"


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
            "patch": self.arm.options(self.seed),
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
        futures = {pool.submit(finish, run): run for run in to_do}
        for number, future in enumerate(as_completed(futures), start=1):
            run, outcome = futures[future], future.result()
            _say(f"[{number}/{len(to_do)}] {run}: {outcome}")
            failed += [run] if outcome.startswith(_FAILED) else []
    return failed


def finish(run: Run) -> str:
    """Train and evaluate in a new process, unless another program does.

    Returns:
        What became of it, in words.
    """
    start = time.perf_counter()
    with _lock(run) as lock:
        if lock is None:
            return "another program is at it"
        if run.is_finished:
            return "finished by another program"
        if not run.is_trained:
            prepare(run)
        module = [sys.executable, "-m", "benchmarks.effect.run"]
        command = ["nice", "-n", str(_NICENESS), *module, str(run.folder), str(run.seed)]
        with (run.folder / LOG).open("a") as log:
            # The process keeps the lock, also when this one is killed.
            done = subprocess.run(
                command, stdout=log, stderr=log, check=False, pass_fds=[lock.fileno()]
            )
    seconds = time.perf_counter() - start
    return f"{_FAILED}: {run.folder / LOG}" if done.returncode else f"{seconds:.0f} s"


@contextmanager
def _lock(run: Run) -> Iterator[Optional[TextIO]]:
    """An open file that no other program has locked; None if one has."""
    path = run.root / "locks" / str(run).replace(" ", "-")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield file


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
