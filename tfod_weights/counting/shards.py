"""Counting file by file, by one process or by many, with the same result."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Callable, Iterator, Optional, Sequence, Union

from tfod_weights.counting.examples import ExampleCounter, example_counter
from tfod_weights.counting.framing import Part, RecordFile
from tfod_weights.counting.meter import Meter, total_size
from tfod_weights.counting.sequences import SequenceCounter
from tfod_weights.counting.tally import Tally
from tfod_weights.label_map import LabelMap
from tfod_weights.progress import Progress

_WORTH_A_PROCESS = 1 << 30  # bytes; a process takes as long to start as a core to count them


@dataclass(frozen=True)
class CountSettings:
    """How files are counted; as for `count_classes`."""

    input_type: str = "TF_EXAMPLE"
    label_map: Optional[LabelMap] = None
    max_number_of_boxes: Optional[int] = 100
    verify: bool = False
    expand_labels_hierarchy: bool = False
    merge_multiple_label_boxes: bool = False

    def new_tally(self) -> Tally:
        """A tally of nothing."""
        return Tally(self.max_number_of_boxes, merges=self.merge_multiple_label_boxes)


class ShardCounter:
    """Counts one file after the other, each into a tally of its own."""

    def __init__(self, settings: CountSettings) -> None:
        self._settings = settings
        self._counter = _counter(settings)

    def count(
        self, path: str, show: Optional[Callable[[int], None]] = None, part: Optional[Part] = None
    ) -> Tally:
        """Count a file, or a part of it.

        Args:
            path: The file.
            show: Called with how far it is, in bytes; at last with its size.
            part: As for RecordFile.

        Raises:
            RecordError: it cannot be read, is damaged, or TFOD would stop at a record.
        """
        self._counter.tally = tally = self._settings.new_tally()
        with RecordFile(path, part) as file:
            for position in self._counter.count(file, verify=self._settings.verify):
                if show:
                    show(position)
            if show:
                show(file.size)
        return tally


def _counter(settings: CountSettings) -> Union[ExampleCounter, SequenceCounter]:
    tally, label_map = settings.new_tally(), settings.label_map
    if settings.input_type == "TF_EXAMPLE":
        expand = settings.expand_labels_hierarchy
        return example_counter(tally, label_map, expand_labels_hierarchy=expand)
    assert label_map is not None
    names = {(item.name or "").encode(): item.class_id for item in label_map.items}
    return SequenceCounter(tally, names)


def count_files(
    paths: Sequence[str],
    settings: CountSettings,
    jobs: Optional[int],
    progress: Optional[Progress],
) -> Iterator[Tally]:
    """The tallies of files, in their order.

    Args:
        paths: The files.
        settings: How they are counted.
        jobs: As for `count_classes`.
        progress: Called with (bytes done, bytes in all).

    Raises:
        RecordError: for the first file, in their order, that cannot be counted.
    """
    jobs = min(jobs or _useful_jobs(paths), len(paths))
    if jobs > 1:
        from tfod_weights.counting.processes import count_in_processes

        yield from count_in_processes(paths, settings, jobs, progress)
        return
    meter = Meter(paths, progress)
    counter = ShardCounter(settings)
    for path in paths:
        yield counter.count(path, meter.show)
        meter.next_file()


def _useful_jobs(paths: Sequence[str]) -> int:
    cores = os.cpu_count() or 1
    return cores if len(paths) > 1 and total_size(paths) >= _WORTH_A_PROCESS else 1
