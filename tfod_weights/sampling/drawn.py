"""What sampling draws from the records, class by class."""

from __future__ import annotations

from dataclasses import replace
from typing import Iterator, Mapping, Optional

from tfod_weights.counting import ClassCounts, Inputs, LabelledRecord, Progress, ReadLabelled
from tfod_weights.sampling.class_sampling import ClassSampling
from tfod_weights.sampling.plan import CopyPlan, plan_copies


def drawn_counts(
    counts: ClassCounts,
    inputs: Inputs,
    sampling: ClassSampling,
    read: ReadLabelled,
    progress: Optional[Progress] = None,
) -> ClassCounts:
    """Counts whose effective objects are those that class sampling is expected to draw.

    Args:
        counts: Of the inputs, without class sampling.
        inputs: Files of tf.train.Examples; they are read twice more.
        sampling: Without faults.
        read: Reads files as they were counted.
        progress: Called with (bytes done, bytes in all) during the first reading.

    Raises:
        UsageError: there is nothing to balance.
        RecordError: a file cannot be read.
    """
    first = read(inputs.all_files, progress=progress)
    plan = plan_copies(sampling, (record.class_ids for record in first))
    objects: dict[int, float] = {}
    for files, share in zip(inputs.files, inputs.shares):
        for class_id, number in _objects_per_image(read(files), plan).items():
            objects[class_id] = objects.get(class_id, 0.0) + share * number
    rows = (
        replace(row, effective_objects=counts.images * objects.get(row.class_id, 0.0))
        for row in counts.classes
    )
    return replace(counts, classes=tuple(rows))


def _objects_per_image(records: Iterator[LabelledRecord], plan: CopyPlan) -> Mapping[int, float]:
    """class_id -> expected objects in an image that is drawn."""
    images, objects = 0.0, dict[int, float]()
    for record in records:
        copies = plan.copies(record.class_ids)
        images += copies
        for class_id in record.class_ids:
            objects[class_id] = objects.get(class_id, 0.0) + copies
    return {class_id: number / images for class_id, number in objects.items()} if images else {}
