"""What the tests of Ctrl-C share: work that takes long, and a command that does it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.counting.records import example, image, record

CLEAN_END = (130, "", "interrupted\n")  # exit code, standard output and error


def write_long_work(folder: Path, *, files: int, records: int) -> None:
    """Record files that take long to count, but little disk: links to the first."""
    thousand = record(example(image([b"red"] * 300, [1] * 300))) * 1_000
    with (folder / "0.record").open("wb") as file:
        for _ in range(records // 1_000):
            file.write(thousand)
    for number in range(1, files):
        os.link(folder / "0.record", folder / f"{number}.record")


def start_counting(folder: Path, *options: str) -> subprocess.Popen[str]:
    """Count the files in a folder in a session of its own, which a signal reaches as a whole."""
    return subprocess.Popen(
        [sys.executable, "-m", "tfod_weights", "count", "*.record", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def interrupted(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Exit code, standard output and error after Ctrl-C, which goes to all processes."""
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err
