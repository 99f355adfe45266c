"""`count_classes`: record files in, class distribution out."""

from __future__ import annotations

import os
from typing import Optional, Sequence, Union

from tfod_weights.counting.counts import ClassCounts
from tfod_weights.counting.inputs import expand_inputs
from tfod_weights.counting.patterns import PathLike
from tfod_weights.counting.shards import CountSettings, count_files
from tfod_weights.counting.summary import summarize
from tfod_weights.errors import UsageError
from tfod_weights.label_map import LabelMap
from tfod_weights.progress import Progress

INPUT_TYPES = ("TF_EXAMPLE", "TF_SEQUENCE_EXAMPLE")


def count_classes(
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
    jobs: Optional[int] = 1,
    progress: Optional[Progress] = None,
) -> ClassCounts:
    """Count the objects of every class that TFOD would train on.

    Only what decides the counts is looked at: a record that TFOD cannot train on for another
    reason, such as an image that is no JPEG, counts all the same.

    Args:
        paths: Record files or patterns; each is one `input_path` of the config.
        label_map: With it, `image/object/class/text` decides where it is not empty; without
            it, `image/object/class/label` decides and texts only give names.
        num_classes: The config's; ids above it are trained as no class. By default the
            label map's highest id, or without a label map the highest id seen.
        max_number_of_boxes: The input reader's, per image; None for no limit.
        input_type: The input reader's: "TF_EXAMPLE" or "TF_SEQUENCE_EXAMPLE".
        sample_weights: The input reader's `sample_from_datasets_weights`, one per path. A
            path with weight 0 is not read, as TFOD does not read it.
        expand_labels_hierarchy: The input reader's: each object counts as its class and, by
            the label map's `ancestor_ids`, as every ancestor. TFOD expands Examples alone.
        merge_multiple_label_boxes: train_config's: the equal boxes of an image are one box,
            of each of their classes. They are compared as they are in the records, though
            TFOD merges after augmentation.
        verify: Also compare the checksums of the data, which reads all of it.
        jobs: Processes that count at the same time, each a file; None for as many as there are
            cores if there is enough to count. A script that asks for more than one needs
            `if __name__ == "__main__":`, as the processes import it.
        progress: Called with (bytes done, bytes in all), at most every 50 ms and at the end.

    Raises:
        UsageError: arguments that contradict each other.
        LabelMapError, TextFormatError: the label map cannot be used.
        RecordError: a file cannot be read, or TFOD would stop at one of its records; with
            the file and the byte offset of the record.
    """
    label_map = usable_label_map(label_map)
    settings = CountSettings(
        input_type,
        label_map,
        max_number_of_boxes,
        verify,
        expand_labels_hierarchy,
        merge_multiple_label_boxes,
    )
    require_usable(settings, num_classes)
    require_jobs(jobs)
    inputs = expand_inputs(paths, sample_weights)
    tallies = [settings.new_tally() for _ in inputs.files]
    of_files = [tally for files, tally in zip(inputs.files, tallies) for _ in files]
    for counted, tally in zip(count_files(inputs.all_files, settings, jobs, progress), of_files):
        tally.add(counted)
    return summarize(
        tallies,
        inputs.shares,
        label_map=label_map,
        num_classes=num_classes,
        files=inputs.all_files,
    )


def require_jobs(jobs: Optional[int]) -> None:
    """Check how many processes are to count.

    Raises:
        UsageError: less than one.
    """
    if jobs is not None and jobs < 1:
        raise UsageError(f"{jobs} jobs cannot count", help="1 or more, or leave it out")


def usable_label_map(label_map: Union[LabelMap, PathLike, None]) -> Optional[LabelMap]:
    """A label map, read if it is a path.

    Raises:
        LabelMapError, TextFormatError: it cannot be used.
    """
    return LabelMap.load(label_map) if isinstance(label_map, (str, os.PathLike)) else label_map


def require_usable(settings: CountSettings, num_classes: Optional[int]) -> None:
    """Check the arguments of a count against each other.

    Raises:
        UsageError: they contradict each other.
    """
    input_type, label_map = settings.input_type, settings.label_map
    max_number_of_boxes = settings.max_number_of_boxes
    if input_type not in INPUT_TYPES:
        known = " and ".join(INPUT_TYPES)
        raise UsageError(f"unknown input type {input_type!r}", help=f"there are {known}")
    if input_type == "TF_SEQUENCE_EXAMPLE" and label_map is None:
        problem = "TF_SEQUENCE_EXAMPLE inputs hold class texts only, so they need a label map"
        raise UsageError(problem, help="pass the label_map_path of the input reader")
    if settings.expand_labels_hierarchy and label_map is None:
        problem = "expand_labels_hierarchy needs a label map, whose ancestor_ids it goes by"
        raise UsageError(problem, help="pass the label_map_path of the input reader")
    if num_classes is not None and num_classes < 1:
        raise UsageError(f"num_classes is {num_classes}, but there must be a class")
    if max_number_of_boxes is not None and max_number_of_boxes < 0:
        raise UsageError(f"max_number_of_boxes is {max_number_of_boxes}, which is negative")
