"""From the tallies of shards to the class distribution, in whatever order they come."""

from __future__ import annotations

from dataclasses import replace
from typing import Iterable, Mapping, Optional

import apache_beam as beam

from tfod_weights.beam.shards import ShardTally
from tfod_weights.counting.counts import ClassCounts
from tfod_weights.counting.inputs import Inputs
from tfod_weights.counting.shards import CountSettings
from tfod_weights.counting.summary import summarize
from tfod_weights.counting.tally import Tally

Place = tuple[int, int]  # of a shard: its file among all files, and the byte where it starts


class Sums:
    """Tallies added up in whatever order they come."""

    def __init__(self, tallies: list[Tally]) -> None:
        self.tallies = tallies
        # class_id -> the first text seen with it, and where: of every input
        self.names: list[dict[int, tuple[Place, bytes]]] = [{} for _ in tallies]
        self.skipped: list[tuple[Place, str]] = []

    def add(self, one: ShardTally) -> None:
        """Add a shard."""
        place = one.shard.order, (one.shard.part or (0, 0))[0]
        if one.problem is not None:
            self.skipped.append((place, one.problem))
        if one.tally is not None:
            self._name(one.shard.input, {i: (place, text) for i, text in one.tally.names.items()})
            self.tallies[one.shard.input].add(one.tally)

    def merge(self, other: Sums) -> None:
        """Add other sums."""
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


class Total(beam.CombineFn):  # type: ignore[misc]
    """The class distribution of all shards."""

    def __init__(self, inputs: Inputs, settings: CountSettings, num_classes: Optional[int]) -> None:
        super().__init__()
        self._inputs, self._settings, self._num_classes = inputs, settings, num_classes

    def create_accumulator(self) -> Sums:
        """Nothing counted."""
        return Sums([self._settings.new_tally() for _ in self._inputs.files])

    def add_input(self, sums: Sums, one: ShardTally) -> Sums:
        """Add a shard."""
        sums.add(one)
        return sums

    def merge_accumulators(self, several: Iterable[Sums]) -> Sums:
        """Add what several workers added up."""
        total = self.create_accumulator()
        for sums in several:
            total.merge(sums)
        return total

    def extract_output(self, sums: Sums) -> ClassCounts:
        """The class distribution."""
        counts = summarize(
            sums.in_order(),
            self._inputs.shares,
            label_map=self._settings.label_map,
            num_classes=self._num_classes,
            files=self._inputs.all_files,
        )
        return replace(counts, skipped=tuple(problem for _, problem in sorted(sums.skipped)))
