"""Counting on many machines: an Apache Beam transform (the extra `beam`).

    import apache_beam as beam
    from tfod_weights.beam import CountClasses

    with beam.Pipeline(options=options) as pipeline:
        counts = pipeline | CountClasses("train.record-*", "label_map.pbtxt")

`counts` is a PCollection of one ClassCounts, equal to what `count_classes` returns. Workers need
tfod-weights, and the record files under the same paths.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any, Iterable, Iterator, Mapping, Optional, Sequence, Union

import apache_beam as beam

from tfod_weights.counting.count import require_usable, usable_label_map
from tfod_weights.counting.counts import ClassCounts
from tfod_weights.counting.framing import Part, RecordFile
from tfod_weights.counting.inputs import Inputs, expand_inputs
from tfod_weights.counting.patterns import PathLike
from tfod_weights.counting.shards import CountSettings, ShardCounter
from tfod_weights.counting.summary import summarize
from tfod_weights.counting.tally import Tally
from tfod_weights.errors import RecordError
from tfod_weights.label_map import LabelMap

Place = tuple[int, int]  # of a shard: its file among all files, and the byte where it starts

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


class CountClasses(beam.PTransform):  # type: ignore[misc]
    """Counts the objects of every class that TFOD would train on, file by file, on workers.

    Gives a PCollection of one ClassCounts. A damaged file fails the pipeline with its name and
    the byte offset; with `skip_corrupt` it counts for nothing, and a warning says so.
    """

    def __init__(
        self,
        paths: Union[PathLike, Sequence[PathLike]],
        label_map: Union[LabelMap, PathLike, None] = None,
        *,
        num_classes: Optional[int] = None,
        max_number_of_boxes: Optional[int] = 100,
        input_type: str = "TF_EXAMPLE",
        sample_weights: Optional[Sequence[float]] = None,
        verify: bool = False,
        skip_corrupt: bool = False,
        part_size: int = PART_SIZE,
    ) -> None:
        """Look for the files.

        Args:
            paths: As for `count_classes`, like all that is not named here.
            label_map: The same.
            num_classes: The same.
            max_number_of_boxes: The same.
            input_type: The same.
            sample_weights: The same.
            verify: The same.
            skip_corrupt: Whether to go on without files that are damaged.
            part_size: Bytes from which a file is cut into parts for several workers.

        Raises:
            UsageError: arguments that contradict each other.
            LabelMapError, TextFormatError: the label map cannot be used.
            NoMatchError: a pattern matches nothing.
        """
        super().__init__()
        label_map = usable_label_map(label_map)
        require_usable(input_type, label_map, num_classes, max_number_of_boxes)
        self._inputs = expand_inputs(paths, sample_weights)
        self._settings = CountSettings(input_type, label_map, max_number_of_boxes, verify)
        self._num_classes = num_classes
        self._skip_corrupt, self._part_size = skip_corrupt, part_size

    def expand(self, pipeline: Any) -> Any:
        """Build the steps."""
        total = _Total(self._inputs, self._settings, self._num_classes)
        return (
            pipeline
            | "Files" >> beam.Create(list(_shards(self._inputs)))
            | "Cut" >> beam.FlatMap(_cut, self._part_size)
            | "Spread" >> beam.Reshuffle()
            | "Count" >> beam.ParDo(_Count(self._settings, self._skip_corrupt))
            | "Sum" >> beam.CombineGlobally(total)
        )


def _shards(inputs: Inputs) -> Iterator[Shard]:
    order = 0
    for index, files in enumerate(inputs.files):
        for path in files:
            yield Shard(order, index, path)
            order += 1


def _cut(shard: Shard, part_size: int) -> Iterator[Shard]:
    """The parts of a file that is larger than a part; a damaged one is counted whole."""
    try:
        with RecordFile(shard.path) as file:
            parts = list(file.parts(part_size)) if file.size > part_size else []
    except RecordError:  # counting says what it is
        parts = []
    if not parts:
        yield shard
    for part in parts:
        yield replace(shard, part=part)


class _Count(beam.DoFn):  # type: ignore[misc]
    """Counts shards."""

    def __init__(self, settings: CountSettings, skip_corrupt: bool) -> None:
        super().__init__()
        self._settings, self._skip_corrupt = settings, skip_corrupt

    def setup(self) -> None:
        """What a worker learns of the records' layout serves for all its shards."""
        self._counter = ShardCounter(self._settings)

    def process(self, shard: Shard) -> Iterator[ShardTally]:
        """Count a shard.

        Raises:
            RecordError: it is damaged, or TFOD would stop at a record.
        """
        try:
            yield ShardTally(shard, self._counter.count(shard.path, part=shard.part))
        except RecordError as error:
            if not self._skip_corrupt:
                raise RecordError(str(error)) from error  # Beam passes on the problem alone
            logging.getLogger(__name__).warning("skipped: %s", error)
            yield ShardTally(shard, problem=str(error))


class _Sums:
    """Tallies added up in whatever order they come."""

    def __init__(self, inputs: int, max_number_of_boxes: Optional[int]) -> None:
        self.tallies = [Tally(max_number_of_boxes) for _ in range(inputs)]
        # class_id -> the first text seen with it, and where: of every input
        self.names: list[dict[int, tuple[Place, bytes]]] = [{} for _ in range(inputs)]
        self.skipped: list[tuple[Place, str]] = []

    def add(self, one: ShardTally) -> None:
        place = one.shard.order, (one.shard.part or (0, 0))[0]
        if one.problem is not None:
            self.skipped.append((place, one.problem))
        if one.tally is not None:
            self._name(one.shard.input, {i: (place, text) for i, text in one.tally.names.items()})
            self.tallies[one.shard.input].add(one.tally)

    def merge(self, other: _Sums) -> None:
        for index, tally in enumerate(other.tallies):
            self._name(index, other.names[index])
            self.tallies[index].add(tally)
        self.skipped += other.skipped

    def _name(self, index: int, found: Mapping[int, tuple[Place, bytes]]) -> None:
        names = self.names[index]
        for class_id, named in found.items():
            names[class_id] = min(names.get(class_id, named), named)

    def in_order(self) -> list[Tally]:
        """The tallies as if the shards had come in the order of the files."""
        for tally, names in zip(self.tallies, self.names):
            tally.names = {class_id: text for class_id, (_, text) in names.items()}
        return self.tallies


class _Total(beam.CombineFn):  # type: ignore[misc]
    """From the tallies of shards to the class distribution."""

    def __init__(self, inputs: Inputs, settings: CountSettings, num_classes: Optional[int]) -> None:
        super().__init__()
        self._inputs, self._settings, self._num_classes = inputs, settings, num_classes

    def create_accumulator(self) -> _Sums:
        """Nothing counted."""
        return _Sums(len(self._inputs.files), self._settings.max_number_of_boxes)

    def add_input(self, sums: _Sums, one: ShardTally) -> _Sums:
        """Add a shard."""
        sums.add(one)
        return sums

    def merge_accumulators(self, several: Iterable[_Sums]) -> _Sums:
        """Add what several workers added up."""
        total = self.create_accumulator()
        for sums in several:
            total.merge(sums)
        return total

    def extract_output(self, sums: _Sums) -> ClassCounts:
        """The class distribution."""
        counts = summarize(
            sums.in_order(),
            self._inputs.shares,
            label_map=self._settings.label_map,
            num_classes=self._num_classes,
            files=self._inputs.all_files,
        )
        return replace(counts, skipped=tuple(problem for _, problem in sorted(sums.skipped)))
