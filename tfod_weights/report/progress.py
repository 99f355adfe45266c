"""A progress bar on stderr, for a person who waits."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Callable, Iterator, Optional

if TYPE_CHECKING:
    from rich.progress import Progress

DELAY_S = 0.3
INTERVAL_S = 0.05


@contextmanager
def progress_bar(description: str) -> Iterator[Optional[Callable[[int, int], None]]]:
    """Show progress on stderr while the block runs, and remove it afterwards.

    The bar comes after 0.3 s, so that quick work shows nothing and does not pay for it.

    Args:
        description: What is being done, such as `Counting`.

    Yields:
        A function of (done_bytes, total_bytes) to call as often as convenient; None if stderr
        is no terminal.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") in ("dumb", "unknown"):
        yield None
        return
    bar = _LateBar(description)
    try:
        yield bar.update
    finally:
        bar.stop()


class _LateBar:
    """A rich progress bar that starts late and is updated seldom."""

    def __init__(self, description: str) -> None:
        self._description = description
        self._next = monotonic() + DELAY_S
        self._progress: Optional[Progress] = None

    def update(self, done_bytes: int, total_bytes: int) -> None:
        now = monotonic()
        if now < self._next:
            return
        self._next = now + INTERVAL_S
        if self._progress is None:
            self._progress = _start(self._description, done_bytes, total_bytes)
        self._progress.update(self._progress.task_ids[0], completed=done_bytes, total=total_bytes)

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()


def _start(description: str, done_bytes: int, total_bytes: int) -> Progress:
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    from tfod_weights.report.terminal import console

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    progress = Progress(
        TextColumn("{task.description}", markup=False),
        *columns,
        console=console(stderr=True),
        transient=True,
        redirect_stdout=False,
    )
    progress.add_task(description, completed=done_bytes, total=total_bytes)
    progress.start()
    return progress
