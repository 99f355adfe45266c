"""What a worker gets to count, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterator, Optional

from tfod_weights.counting.framing import Part, RecordFile
from tfod_weights.counting.inputs import Inputs
from tfod_weights.counting.tally import Tally
from tfod_weights.errors import RecordError
from tfod_weights.storage import is_remote

PART_SIZE = 256 << 20  # bytes; a second of work, and as many parts as a large file needs


@dataclass(frozen=True)
class Shard:
    """A file to count, or a part of it.

    Attributes:
        order: Its place among all files: without a label map, the first text of a class names it.
        input: Index of the input that it belongs to.
        path: The file.
        part: As for RecordFile; None for all of it.
    """

    order: int
    input: int
    path: str
    part: Optional[Part] = None


@dataclass(frozen=True)
class ShardTally:
    """What is counted of a shard; or why it was skipped."""

    shard: Shard
    tally: Optional[Tally] = None
    problem: Optional[str] = None


def shards_of(inputs: Inputs) -> Iterator[Shard]:
    """The files of all inputs, in order."""
    order = 0
    for index, files in enumerate(inputs.files):
        for path in files:
            yield Shard(order, index, path)
            order += 1


def cut(shard: Shard, part_size: int) -> Iterator[Shard]:
    """The parts of a file that is larger than a part; a damaged one is counted whole.

    So is one on another machine: to find where its records end would be to read it.
    """
    if is_remote(shard.path):
        yield shard
        return
    try:
        with RecordFile(shard.path) as file:
            parts = list(file.parts(part_size)) if file.size > part_size else []
    except RecordError:  # counting says what it is
        parts = []
    if not parts:
        yield shard
    for part in parts:
        yield replace(shard, part=part)
