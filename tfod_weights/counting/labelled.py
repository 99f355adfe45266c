"""The classes in every record, one record after the other."""

from __future__ import annotations

from typing import Callable, Iterable, Iterator, NamedTuple, Optional

from tfod_weights.counting.examples import example_counter
from tfod_weights.counting.framing import RecordFile
from tfod_weights.counting.meter import Meter
from tfod_weights.counting.tally import Tally
from tfod_weights.label_map import LabelMap
from tfod_weights.progress import Progress


class LabelledRecord(NamedTuple):
    """A record, and what TFOD trains on in it.

    Attributes:
        start: Offset in the file of the record's data.
        stop: Where its data ends.
        class_ids: One per object, sorted, each from 1 to num_classes.
    """

    start: int
    stop: int
    class_ids: tuple[int, ...]


ReadLabelled = Callable[..., Iterator[LabelledRecord]]
"""`labelled_records` with all but its files and `progress` given."""


def labelled_records(
    files: Iterable[str],
    label_map: Optional[LabelMap],
    *,
    num_classes: int,
    max_number_of_boxes: Optional[int] = 100,
    expand_labels_hierarchy: bool = False,
    merge_multiple_label_boxes: bool = False,
    progress: Optional[Progress] = None,
) -> Iterator[LabelledRecord]:
    """The records of files of tf.train.Examples, in order, whose objects count as they do in
    `count_classes`.

    Args:
        files: Record files, not patterns.
        label_map: As for `count_classes`.
        num_classes: The config's.
        max_number_of_boxes: The input reader's, per image; None for no limit.
        expand_labels_hierarchy: As for `count_classes`.
        merge_multiple_label_boxes: The same.
        progress: Called with (bytes done, bytes in all).

    Raises:
        LabelMapError: TFOD cannot expand the classes of this label map.
        RecordError: a file cannot be read, or TFOD would stop at one of its records.
    """
    files = list(files)
    meter = Meter(files, progress)
    tally = Tally(max_number_of_boxes, merges=merge_multiple_label_boxes)
    counter = example_counter(tally, label_map, expand_labels_hierarchy=expand_labels_hierarchy)
    for path in files:
        with RecordFile(path) as file:
            for start, stop in counter.count_each(file):
                objects = sorted(tally.objects.elements())
                tally.objects.clear()
                yield LabelledRecord(
                    start, stop, tuple(c for c in objects if 1 <= c <= num_classes)
                )
                meter.show(stop)
            meter.show(file.size)
        meter.next_file()
