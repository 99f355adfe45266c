"""Counting in several processes: the same result, the same first error, and a clean end."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time

import pytest

from tests.conftest import REPOSITORY
from tests.counting.records import example, image, sequence, write_records
from tests.interrupting import CLEAN_END, interrupted, start_counting, write_long_work
from tfod_weights.counting import count_classes
from tfod_weights.errors import RecordError, UsageError
from tfod_weights.label_map import LabelMap, LabelMapItem

CELLS = LabelMap((LabelMapItem(1, "red"), LabelMapItem(2, "white")))


@pytest.fixture
def shards(tmp_path) -> list[str]:
    """Seven files that differ; without a label map the first text names a class."""
    return [
        write_records(
            tmp_path / f"train-{number:05d}-of-00007",
            *(
                example(image([b"text %d" % number] * boxes, [1 + (number + boxes) % 3] * boxes))
                for boxes in range(1, number + 1)
            ),
        )
        for number in range(7)
    ]


@pytest.mark.parametrize("jobs", [2, 3, 20])
def test_the_result_is_that_of_one_process(jobs, shards) -> None:
    alone = count_classes(shards)
    assert alone.of(1).name.startswith("text")
    assert count_classes(shards, jobs=jobs) == alone
    assert not multiprocessing.active_children()


def test_inputs_stay_apart(shards) -> None:
    weights = {"sample_weights": [0.5, 0.25, 0.25]}
    alone = count_classes(shards[4:], **weights)
    assert alone.of(1).effective_objects != alone.of(1).objects
    assert count_classes(shards[4:], jobs=2, **weights) == alone


def test_sequences_add_up_to_the_last_bit(tmp_path) -> None:
    """1/3 + 1/7 + … depends on the order of adding, unless it is exact."""
    files = [
        write_records(
            tmp_path / f"{number}.record",
            *(sequence([[b"red"]] + [[]] * (frames - 1)) for frames in range(1, number + 3)),
        )
        for number in range(6)
    ]
    settings = {"input_type": "TF_SEQUENCE_EXAMPLE"}
    alone = count_classes(files, CELLS, **settings)
    together = write_records(tmp_path / "all.record")
    with open(together, "wb") as out:  # noqa: PTH123
        for file in files:
            with open(file, "rb") as part:  # noqa: PTH123
                out.write(part.read())
    assert count_classes(files, CELLS, jobs=3, **settings) == alone
    whole = count_classes([together], CELLS, **settings)
    assert [row.effective_objects for row in whole.classes] == [
        row.effective_objects for row in alone.classes
    ]


def test_the_first_damaged_file_is_named(shards) -> None:
    for path in (shards[5], shards[3]):
        with open(path, "ab") as file:  # noqa: PTH123
            file.write(b"rubbish")
    with pytest.raises(RecordError) as alone:
        count_classes(shards)
    with pytest.raises(RecordError) as together:
        count_classes(shards, jobs=3)
    assert str(together.value) == str(alone.value)
    assert shards[3] in str(alone.value)


def test_one_progress_for_all(shards) -> None:
    said: list[tuple[int, int]] = []
    count_classes(shards, jobs=2, progress=lambda *numbers: said.append(numbers))
    total = sum(os.path.getsize(path) for path in shards)  # noqa: PTH202
    assert said[-1] == (total, total)
    assert [done for done, _ in said] == sorted(done for done, _ in said)


def test_no_jobs() -> None:
    with pytest.raises(UsageError, match="0 jobs cannot count"):
        count_classes(["a.record"], jobs=0)


def test_ten_thousand_files_need_few_descriptors(tmp_path) -> None:
    first = write_records(tmp_path / "00000.record", example(image([b"red"], [1])))
    for number in range(1, 10_000):
        os.link(first, tmp_path / f"{number:05d}.record")
    program = (
        "import resource, sys\n"
        "from tfod_weights import count_classes\n"
        "if __name__ == '__main__':\n"
        "    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
        "    for jobs in (1, 2):\n"
        "        print(count_classes('*.record', jobs=jobs).images)\n"
    )
    (tmp_path / "program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("10000\n10000\n", "")


def test_interrupting_ends_all_processes_at_once(tmp_path) -> None:
    """As Ctrl-C does: the signal goes to the program and to its processes."""
    write_long_work(tmp_path, files=9, records=120_000)
    process = start_counting(tmp_path, "--jobs", "2")
    while _processes_of(process.pid) < 3 and process.poll() is None:
        time.sleep(0.05)
    time.sleep(0.5)
    start = time.monotonic()
    assert interrupted(process) == CLEAN_END
    assert time.monotonic() - start < 20  # a machine may be busy; counting takes minutes
    while _processes_of(process.pid) and time.monotonic() - start < 20:
        time.sleep(0.05)  # multiprocessing's own helper ends when it sees that the others did
    assert _processes_of(process.pid) == 0


def _processes_of(session: int) -> int:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "-s", str(session)], capture_output=True, text=True, check=False
    )
    return len(listed.stdout.split())
