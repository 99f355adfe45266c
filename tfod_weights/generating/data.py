"""The data that a config is generated for, checked before anything is counted or written."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Optional, Sequence, Union

from tfod_weights.checking import ERROR
from tfod_weights.checking.label_map_rules import label_map_findings
from tfod_weights.counting import ClassCounts, Progress, count_classes, expand_patterns
from tfod_weights.counting.features import BYTES, FeatureError, read_example
from tfod_weights.counting.framing import RecordFile
from tfod_weights.counting.wire import WireError
from tfod_weights.errors import (
    LabelMapError,
    RecordError,
    RecordPlace,
    SourcePlace,
)
from tfod_weights.files import StrPath
from tfod_weights.label_map import MAX_CLASSES, LabelMap

Patterns = Union[StrPath, Sequence[StrPath]]

_BOXES_PER_IMAGE = (100, 200, 400, 800, 1600)  # 100 is TFOD's default
_RECORDS_LOOKED_AT = 20
_ITEMS = 'it needs an item { id: 1 name: "…" } for every class'


@dataclass(frozen=True)
class TrainingData:
    """What a config is to train on.

    Attributes:
        label_map_path: As the user named it.
        train: Paths and patterns of the training records, as the user named them.
        val: Those of the records for evaluation.
        num_classes: The highest id of the label map.
        counts: The objects in the training records.
        max_boxes: The max_number_of_boxes with which TFOD cuts no box.
        shared_files: The validation files that are training files, too.
    """

    label_map_path: str
    train: tuple[str, ...]
    val: tuple[str, ...]
    num_classes: int
    counts: ClassCounts
    max_boxes: int
    shared_files: tuple[str, ...]


def read_data(
    label_map: StrPath,
    train: Patterns,
    val: Patterns,
    *,
    needs_feature: Optional[str] = None,
    progress: Optional[Progress] = None,
) -> TrainingData:
    """Read the label map and count the training records; of the others only the names matter.

    Raises:
        LabelMapError, TextFormatError: the label map cannot be used.
        RecordError: a pattern matches nothing, a file cannot be read, there are no images, or
            the records lack `needs_feature`.
    """
    labels = load_label_map(label_map)
    files = [_files(patterns) for patterns in (train, val)]
    if needs_feature:
        for paths in files:
            _require_feature(needs_feature, paths)
    counts, max_boxes = _counted(_patterns(train), labels, progress)
    return TrainingData(
        label_map_path=os.fspath(label_map),
        train=_patterns(train),
        val=_patterns(val),
        num_classes=labels.max_id,
        counts=counts,
        max_boxes=max_boxes,
        shared_files=_shared(*files),
    )


def load_label_map(path: StrPath) -> LabelMap:
    """A label map that TFOD can train with.

    Raises:
        LabelMapError: it cannot be read, has no items, or TFOD would stop at it.
        TextFormatError: it is not protobuf text format.
    """
    label_map = LabelMap.load(path)
    if label_map.max_id > MAX_CLASSES:
        problem = f"the highest id is {label_map.max_id}, and a model has as many classes"
        help = "number the classes from 1 on, without gaps"
        raise LabelMapError(problem, place=SourcePlace(os.fspath(path)), help=help)
    whole = SourcePlace(os.fspath(path))
    for finding in label_map_findings(label_map, max(label_map.max_id, 1), whole):
        if finding.severity == ERROR:
            raise LabelMapError(finding.problem, place=finding.place, help=finding.help or _ITEMS)
    if label_map.max_id < 1:
        problem = "the label map has no class but the background"
        raise LabelMapError(problem, place=whole, help=_ITEMS)
    return label_map


def _patterns(paths: Patterns) -> tuple[str, ...]:
    several = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    return tuple(os.fspath(path) for path in several)


def _files(patterns: Patterns) -> list[str]:
    return [file for files in expand_patterns(_patterns(patterns)) for file in files]


def _shared(train: Sequence[str], val: Sequence[str]) -> tuple[str, ...]:
    trained = {os.path.realpath(file) for file in train}
    return tuple(file for file in val if os.path.realpath(file) in trained)


def _counted(
    train: Sequence[str], label_map: LabelMap, progress: Optional[Progress]
) -> tuple[ClassCounts, int]:
    """What the records hold, and the max_number_of_boxes with which TFOD cuts no box."""
    for limit in _BOXES_PER_IMAGE:
        counts = count_classes(
            train,
            label_map,
            num_classes=label_map.max_id,
            max_number_of_boxes=limit,
            progress=progress,
        )
        if not counts.truncated_images:
            break
    if not counts.images:
        raise RecordError("the training records hold no images", place=RecordPlace(train[0]))
    return counts, limit


def _require_feature(name: str, files: Sequence[str]) -> None:
    """Refuse records without a feature; a few of every file, as images may have no objects."""
    if not any(_has_feature(path, name.encode()) for path in files):
        raise RecordError(
            f"the records have no {name}, on which this template trains",
            place=RecordPlace(files[0]),
            help="write them with masks, or choose a template that needs only boxes",
        )


def _has_feature(path: str, key: bytes) -> bool:
    with RecordFile(path) as file:
        for record in islice(file.records(), _RECORDS_LOOKED_AT):
            with file.mapped(*record) as (buffer, start, stop), suppress(WireError, FeatureError):
                if read_example(buffer, start, stop, {key: BYTES})[key]:
                    return True
    return False
