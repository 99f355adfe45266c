"""Counting files in processes, one file each at a time."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from contextlib import contextmanager, suppress
from typing import Any, Callable, Iterator, Optional, Sequence

from tfod_weights.counting.meter import INTERVAL, Meter
from tfod_weights.counting.shards import CountSettings, ShardCounter
from tfod_weights.counting.tally import Tally
from tfod_weights.progress import Progress

_AT_ONCE = 32  # files that a process takes at a time, at most
_ROUNDS = 8  # but so that each process comes back so often

_counter: ShardCounter  # of a worker
_done: Any  # bytes counted by all workers


def count_in_processes(
    paths: Sequence[str], settings: CountSettings, jobs: int, progress: Optional[Progress]
) -> Iterator[Tally]:
    """As `count_files`. The processes end with the iteration, however it ends.

    They are spawned, not forked: the program may have threads, TensorFlow's among them.
    """
    context = multiprocessing.get_context("spawn")
    done = context.Value("Q", 0)
    meter = Meter(paths, progress)
    at_once = max(1, min(_AT_ONCE, len(paths) // (jobs * _ROUNDS)))
    with _uninterrupted():
        pool = context.Pool(jobs, _begin, (settings, done))
    with pool:  # its exit terminates them
        parts = [paths[start : start + at_once] for start in range(0, len(paths), at_once)]
        tallies = pool.imap(_count, parts)
        for _ in parts:
            yield from _waiting(tallies, meter, done)
        meter.show(done.value)


def _waiting(tallies: Any, meter: Meter, done: Any) -> list[Tally]:
    """The next tallies; says how far all workers are until they come."""
    while True:
        meter.show(done.value)
        with suppress(multiprocessing.TimeoutError):
            return tallies.next(timeout=INTERVAL)  # type: ignore[no-any-return]


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """What is started meanwhile ignores Ctrl-C, which goes to all processes of a terminal: the
    program alone ends the counting.
    """
    if threading.current_thread() is not threading.main_thread():  # it gets no signals
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)


def _begin(settings: CountSettings, done: Any) -> None:
    """What a worker keeps for all its files."""
    global _counter, _done
    _counter, _done = ShardCounter(settings), done


def _count(paths: Sequence[str]) -> list[Tally]:
    return [_counter.count(path, _shown()) for path in paths]


def _shown() -> Callable[[int], None]:
    """Adds what is read of a file to what all workers read."""
    before = 0

    def show(position: int) -> None:
        nonlocal before
        with _done.get_lock():
            _done.value += position - before
        before = position

    return show
