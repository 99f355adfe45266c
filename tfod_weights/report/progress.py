"""A progress bar on stderr, for a person who waits."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Callable, Iterator, Optional

if TYPE_CHECKING:
    from rich.progress import Progress

BYTES = "bytes"
DELAY_S = 0.3
INTERVAL_S = 0.05


@contextmanager
def progress_bar(
    description: str, unit: str = BYTES
) -> Iterator[Optional[Callable[[int, int], None]]]:
    """Show progress on stderr while the block runs, and remove it afterwards.

    The bar comes after 0.3 s, so that quick work shows nothing and does not pay for it.

    Args:
        description: What is being done, such as `counting`.
        unit: What is counted, such as `images`.

    Yields:
        A function of (done, total) to call as often as convenient; None if stderr is no
        terminal.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") in ("dumb", "unknown"):
        yield None
        return
    bar = _LateBar(description, unit)
    try:
        yield bar.update
    finally:
        bar.stop()


class _LateBar:
    """A rich progress bar that starts late and is updated seldom."""

    def __init__(self, description: str, unit: str) -> None:
        self._description, self._unit = description, unit
        self._next = monotonic() + DELAY_S
        self._progress: Optional[Progress] = None

    def update(self, done: int, total: int) -> None:
        now = monotonic()
        if now < self._next:
            return
        self._next = now + INTERVAL_S
        if self._progress is None:
            self._progress = _start(self._description, self._unit, done, total)
        self._progress.update(self._progress.task_ids[0], completed=done, total=total)

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()


def _start(description: str, unit: str, done: int, total: int) -> Progress:
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    from tfod_weights.report.terminal import console

    is_bytes = unit == BYTES
    done_columns = (
        (DownloadColumn(), TransferSpeedColumn())
        if is_bytes
        else (MofNCompleteColumn(), TextColumn(unit, markup=False))
    )
    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        *done_columns,
        TimeRemainingColumn(),
        console=console(stderr=True),
        transient=True,
        redirect_stdout=False,
    )
    progress.add_task(description, completed=done, total=total)
    progress.start()
    return progress
