"""The transform: files → shards → tallies → one ClassCounts."""

from __future__ import annotations

import logging
from typing import Any, Iterator, Optional, Sequence, Union

import apache_beam as beam

from tfod_weights.beam.shards import PART_SIZE, Shard, ShardTally, cut, shards_of
from tfod_weights.beam.totals import Total
from tfod_weights.counting.count import require_usable, usable_label_map
from tfod_weights.counting.inputs import expand_inputs
from tfod_weights.counting.patterns import PathLike
from tfod_weights.counting.shards import CountSettings, ShardCounter
from tfod_weights.errors import RecordError
from tfod_weights.label_map import LabelMap


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
        expand_labels_hierarchy: bool = False,
        merge_multiple_label_boxes: bool = False,
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
            expand_labels_hierarchy: The same.
            merge_multiple_label_boxes: The same.
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
        self._settings = CountSettings(
            input_type,
            label_map,
            max_number_of_boxes,
            verify,
            expand_labels_hierarchy,
            merge_multiple_label_boxes,
        )
        require_usable(self._settings, num_classes)
        self._inputs = expand_inputs(paths, sample_weights)
        self._num_classes = num_classes
        self._skip_corrupt, self._part_size = skip_corrupt, part_size

    @property
    def files(self) -> list[str]:
        """The files to count, in order."""
        return self._inputs.all_files

    def expand(self, pipeline: Any) -> Any:
        """Build the steps."""
        total = Total(self._inputs, self._settings, self._num_classes)
        return (
            pipeline
            | "Files" >> beam.Create(list(shards_of(self._inputs)))
            | "Cut" >> beam.FlatMap(cut, self._part_size)
            | "Spread" >> beam.Reshuffle()
            | "Count" >> beam.ParDo(_Count(self._settings, self._skip_corrupt))
            | "Sum" >> beam.CombineGlobally(total)
        )


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
            problem = f"{error.place}: {error.problem}"
            logging.getLogger(__name__).warning("skipped: %s", problem)
            yield ShardTally(shard, problem=problem)
