"""New record files that hold each record as often as sampling expects it, bytes unchanged."""

from __future__ import annotations

import os
import random
from array import array
from collections import Counter
from dataclasses import dataclass
from typing import Callable, Iterable, Iterator, Optional, Sequence

from tfod_weights.counting import LabelledRecord, Progress
from tfod_weights.counting.framing import FOOTER, HEADER, RecordFile
from tfod_weights.errors import RecordError, RecordPlace, SourcePlace, TfodWeightsError
from tfod_weights.files import replacing

Copies = Callable[[Sequence[int]], float]


@dataclass(frozen=True)
class Shard:
    """A record file to write.

    Attributes:
        path: Where.
        records: How many records it gets.
    """

    path: str
    records: int


class Resampler:
    """Takes the records of one input, shuffles their copies, and writes them as shards.

    Every record gets floor(e) or ceil(e) copies, e its expected copies, so that the sum stays
    within one of its expectation (systematic sampling: L. Kish, Survey Sampling, 1965, ch. 4).

    Attributes:
        objects: class_id -> objects in the new files.
        expected: class_id -> objects expected in them.
    """

    def __init__(self, copies: Copies, rng: random.Random) -> None:
        self.objects: Counter[int] = Counter()
        self.expected: dict[int, float] = {}
        self._copies = copies
        self._rng = rng
        self._total = rng.random()  # the start: where between two whole numbers the sum begins
        self._files: list[str] = []
        self._sizes: list[int] = []  # records in each of the files
        self._starts, self._stops, self._file_of = array("Q"), array("Q"), array("L")
        self._drawn = array("L")  # one number of a record for every copy

    def add_file(self, path: str, records: Iterator[LabelledRecord]) -> None:
        """Take the records of a file."""
        before = len(self._starts)
        for record in records:
            self._add(record)
        self._sizes.append(len(self._starts) - before)
        self._files.append(path)

    def _add(self, record: LabelledRecord) -> None:
        number = len(self._starts)
        self._starts.append(record.start - HEADER.size)
        self._stops.append(record.stop + FOOTER.size)
        self._file_of.append(len(self._files))
        before, expected = int(self._total), self._copies(record.class_ids)
        self._total += expected
        copies = int(self._total) - before
        self._drawn.extend([number] * copies)
        for class_id in record.class_ids:
            self.objects[class_id] += copies
            self.expected[class_id] = self.expected.get(class_id, 0.0) + expected

    @property
    def images(self) -> int:
        """Records in the new files."""
        return len(self._drawn)

    def shards(self, prefix: str) -> list[Shard]:
        """As many shards as there are files, in the proportions of their sizes.

        Args:
            prefix: Path and name up to the number: `prefix-00000-of-00004`.
        """
        records, ends, seen = len(self._starts) or 1, [0], 0
        for size in self._sizes:
            seen += size
            ends.append(round(self.images * seen / records))
        number = len(self._files)
        return [
            Shard(f"{prefix}-{index:05d}-of-{number:05d}", stop - start)
            for index, (start, stop) in enumerate(zip(ends, ends[1:]))
        ]

    def write(self, shards: Sequence[Shard], progress: Optional[Progress] = None) -> None:
        """Write the shards, each in one step.

        Raises:
            RecordError: a file of the input cannot be read.
            TfodWeightsError: a shard cannot be written.
        """
        self._rng.shuffle(self._drawn)
        done, total = 0, sum(self._stops[i] - self._starts[i] for i in self._drawn)
        drawn = iter(self._drawn)
        for shard in shards:
            with replacing(shard.path) as file:
                for _ in range(shard.records):
                    data = self._read(next(drawn))
                    file.write(data)
                    done += len(data)
                    if progress:
                        progress(done, total)

    def _read(self, number: int) -> bytes:
        """The bytes of a record, its header and its checksums included."""
        path, start = self._files[self._file_of[number]], self._starts[number]
        stop = self._stops[number]
        with RecordFile(path, (start, stop)) as file:
            data = file.read(stop - start, start)
        if len(data) != stop - start:
            raise RecordError("the file changed while it was read", place=RecordPlace(path, start))
        return data


def require_new(paths: Iterable[str]) -> None:
    """Refuse to write over files.

    Raises:
        TfodWeightsError: one of them exists.
    """
    for path in paths:
        if os.path.lexists(path):
            raise TfodWeightsError(
                "there is such a file already",
                place=SourcePlace(path),
                help="name a new folder with -o, or remove it",
            )
