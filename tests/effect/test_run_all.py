"""Which runs of the effect study are to be done, and what an interrupted one leaves."""

from __future__ import annotations

import fcntl
import json
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn has the digits")

from benchmarks.effect.arms import ARMS
from benchmarks.effect.datasets import DATA_SETS
from benchmarks.effect.run import CONFIG, METRICS, TRAINED
from benchmarks.effect.run_all import LOG, SETTINGS, Run, all_runs, finish, prepare


@pytest.fixture
def finished(tmp_path: Path) -> Run:
    """A run that looks finished."""
    run = Run(tmp_path, DATA_SETS[0], ARMS[0], 1)
    run.folder.mkdir(parents=True)
    for name in (TRAINED, METRICS):
        (run.folder / name).write_text("{}")
    (run.folder / SETTINGS).write_text(json.dumps(run.settings))
    return run


def test_a_finished_run_is_not_done_again(finished: Run) -> None:
    assert finished.is_trained
    assert finished.is_finished
    (finished.folder / METRICS).unlink()
    assert finished.is_trained
    assert not finished.is_finished


def test_other_settings_are_another_run(finished: Run) -> None:
    longer = replace(finished, data_set=replace(finished.data_set, steps=9))
    other = replace(finished, arm=replace(ARMS[1], name=finished.arm.name))
    for run in (longer, other):
        assert run.folder == finished.folder
        assert not run.is_trained
        assert not run.is_finished


def test_an_earlier_training_is_set_aside(finished: Run, records: Path) -> None:
    (finished.root / "data").mkdir()
    records.rename(finished.root / "data" / finished.data_set.name)
    for number in (1, 2):
        prepare(finished)
        assert not finished.is_trained
        assert (finished.folder / CONFIG).exists()
        aside = finished.root / "aside" / finished.data_set.name / finished.arm.name
        assert (aside / f"1.{number}" / SETTINGS).exists()


def test_a_run_that_another_program_is_at_is_left_alone(finished: Run) -> None:
    (finished.folder / TRAINED).unlink()
    (finished.folder / METRICS).unlink()
    lock = finished.root / "locks" / "bccd-none-seed-1"
    lock.parent.mkdir()
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert finish(finished) == "another program is at it"
    assert sorted(path.name for path in finished.folder.iterdir()) == [SETTINGS]


def test_a_run_that_was_finished_meanwhile_is_left_alone(finished: Run) -> None:
    assert finish(finished) == "finished by another program"


def test_a_run_that_fails_is_named(finished: Run) -> None:
    (finished.folder / METRICS).unlink()  # so that it is to be evaluated, but it has no config
    assert finish(finished) == f"FAILED: {finished.folder / LOG}"
    assert f"{finished.folder} has no {CONFIG}" in (finished.folder / LOG).read_text()


def test_all_seeds_of_an_arm_come_before_the_next_arm(tmp_path: Path) -> None:
    runs = list(all_runs(tmp_path, DATA_SETS, ARMS[:2], [1, 2, 3]))
    assert len({run.folder for run in runs}) == len(runs) == 12
    assert [run.arm for run in runs] == [ARMS[0]] * 6 + [ARMS[1]] * 6
    assert [run.data_set.name for run in runs[:4]] == ["bccd", "digits", "bccd", "digits"]
