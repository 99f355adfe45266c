"""The expected copies of every record, known before the first one is read for training.

So reading for training need not look at labels: it only counts records.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import Any, Callable, Iterator, Sequence

import tensorflow as tf

from tfod_weights.sampling import ClassSampling, plan_copies

Tensor = Any
ClassIds = tuple[int, ...]

_BATCH = 256


@dataclass(frozen=True)
class RecordCopies:
    """The expected copies of the records of all files.

    Attributes:
        files: string [files].
        first: int64 [files + 1]: where in `copies` the records of a file start.
        copies: float64 [records]: expected copies in a pass.
    """

    files: Tensor
    first: Tensor
    copies: Tensor

    def of_file(self, name: Tensor) -> Tensor:
        """The expected copies of a file's records, float64 [records], in the file's order."""
        index = tf.argmax(tf.equal(self.files, name))
        return self.copies[self.first[index] : self.first[index + 1]]


def plan_records(
    sampling: ClassSampling, labels: Callable[[Tensor], Tensor], files: Sequence[str]
) -> RecordCopies:
    """Read the labels of all records once, and plan how often each is to be read.

    Args:
        sampling: Without faults.
        labels: Gives the class_ids of a record, as from labels_reader.
        files: The record files.

    Raises:
        UsageError: there is nothing to balance.
    """
    numbers: dict[ClassIds, int] = {}  # images with the same objects share one entry
    images, records = array("L"), [0] * len(files)
    for file, class_ids in _labelled(labels, files):
        images.append(numbers.setdefault(class_ids, len(numbers)))
        records[file] += 1
    kinds = list(numbers)
    plan = plan_copies(sampling, (kinds[number] for number in images))
    copies = [plan.copies(class_ids) for class_ids in kinds]
    return RecordCopies(
        files=tf.constant(list(files), tf.string),
        first=tf.cumsum(tf.constant([0, *records], tf.int64)),
        copies=tf.gather(tf.constant(copies, tf.float64), tf.constant(images, tf.int64)),
    )


def _labelled(
    labels: Callable[[Tensor], Tensor], files: Sequence[str]
) -> Iterator[tuple[int, ClassIds]]:
    """The index of the file and the sorted class_ids of every record, in order."""
    names = tf.data.Dataset.from_tensor_slices(list(files)).enumerate()
    records = names.flat_map(
        lambda index, name: tf.data.TFRecordDataset(name).map(lambda record: (index, record))
    )
    labelled = records.map(lambda index, record: (index, labels(record)), tf.data.AUTOTUNE)
    for indexes, rows in labelled.apply(tf.data.experimental.dense_to_ragged_batch(_BATCH)):
        for index, row in zip(indexes.numpy().tolist(), rows.to_list()):
            yield index, tuple(sorted(row))
