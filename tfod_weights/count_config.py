"""Counting what a config trains on: its label map and its training records."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, Iterator, Optional, Sequence

from tfod_weights.counting import (
    ClassCounts,
    Progress,
    ReadLabelled,
    count_classes,
    expand_inputs,
    labelled_records,
)
from tfod_weights.errors import LabelMapError, NoMatchError, SourcePlace
from tfod_weights.files import StrPath, exists
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import InputReader, PipelineConfig
from tfod_weights.sampling import ClassSampling, drawn_counts, require_examples

TRAIN_INPUT = "train_input_reader"


def source_text(records: Sequence[str]) -> str:
    r"""Patterns of records as the one text that a marker has; inverse of `source_patterns`.

    >>> source_text(["a.record", "b,c.record"])
    'a.record,b\\,c.record'
    """
    return ",".join(pattern.replace(",", "\\,") for pattern in records)


def source_patterns(text: str) -> list[str]:
    """The patterns of records in a marker's text."""
    return [part.replace("\\,", ",") for part in re.split(r"(?<!\\),", text)]


@contextmanager
def _placed(place: Optional[SourcePlace]) -> Iterator[None]:
    """Point an error about a whole file at the place in the config that names the file."""
    try:
        yield
    except (LabelMapError, NoMatchError) as error:
        if place is not None and getattr(error.place, "line", None) is None:
            error.problem, error.place = f"{error.place}: {error.problem}", place
        raise


def config_label_map(
    config: PipelineConfig, path: Optional[StrPath] = None, *, required: bool = True
) -> Optional[LabelMap]:
    """The label map of a config, its ids checked against num_classes.

    Args:
        config: The config.
        path: Use this label map instead.
        required: Whether an unreadable label map is an error; else it counts as none.

    Raises:
        LabelMapError: it cannot be read, or an id lies above num_classes.
    """
    reader = config.train_input
    named = path or (reader.label_map_path if reader else None)
    if named is None or (not required and path is None and not exists(named)):
        return None
    with _placed(config.label_map_place if path is None else None):
        label_map = LabelMap.load(named)
    above = next((i for i in label_map.items if i.class_id > config.num_classes), None)
    if above:
        field = config.model.occurrences("num_classes")[-1]
        place = config.document.place(field.start)
        raise LabelMapError(
            f"class {above.label!r} has the id {above.class_id}, but the config has "
            f"num_classes: {config.num_classes} ({place})",
            place=above.place,
            help=f"num_classes follows the highest id of the label map: {label_map.max_id}",
        )
    return label_map


def count_config(
    config: PipelineConfig,
    label_map: Optional[LabelMap],
    *,
    records: Optional[Sequence[str]] = None,
    verify: bool = False,
    jobs: Optional[int] = 1,
    progress: Optional[Progress] = None,
) -> ClassCounts:
    """Count the config's training records, or others, as TFOD would train on them.

    Args:
        config: The config; its class sampling is not looked at.
        label_map: Of its classes.
        records: Patterns to count instead of its records.
        verify: As for `count_classes`.
        jobs: The same.
        progress: Called with (bytes done, bytes in all) while records are read.

    Raises:
        ConfigError: the config names no training records.
        LabelMapError: the config expands classes to ancestors that TFOD cannot take.
        RecordError: a pattern matches nothing, or a record cannot be read.
        UsageError: sample_from_datasets_weights does not fit the inputs.
    """
    with _placed(config.input_place if records is None else None):
        reader = _reader(config, records)
        if reader.expand_labels_hierarchy and not (label_map or reader.label_map_path):
            raise _nothing_to_expand(config)
        return count_classes(
            reader.input_path,
            label_map,
            **_settings(config),
            input_type=reader.input_type,
            sample_weights=reader.sample_weights or None,
            verify=verify,
            jobs=jobs,
            progress=progress,
        )


def count_drawn(
    config: PipelineConfig,
    label_map: Optional[LabelMap],
    counts: ClassCounts,
    sampling: Optional[ClassSampling],
    *,
    records: Optional[Sequence[str]] = None,
    progress: Optional[Progress] = None,
) -> ClassCounts:
    """The same counts, their effective objects those that class sampling is expected to draw.

    Args:
        config: As for `count_config`; so are `label_map`, `records` and `progress`.
        label_map: Of its classes.
        counts: What `count_config` gave for the same records.
        sampling: How images are drawn, without faults; None: each once in a pass.
        records: Patterns to read instead of its records.
        progress: Called with (bytes done, bytes in all) while records are read.

    Raises:
        RecordError: a record cannot be read.
        UsageError: the sampling does not fit the records.
    """
    if sampling is None:
        return counts
    with _placed(config.input_place if records is None else None):
        reader = _reader(config, records)
        require_examples(reader.input_type)
        inputs = expand_inputs(reader.input_path, reader.sample_weights or None)
        read = labelled_reader(config, label_map)
        return drawn_counts(counts, inputs, sampling, read, progress)


def count_as_drawn(
    config: PipelineConfig,
    label_map: Optional[LabelMap],
    *,
    progress: Optional[Progress] = None,
) -> ClassCounts:
    """Count the config's training records, and what its own class sampling draws of them.

    Raises:
        ConfigError, RecordError, UsageError: as for `count_config` and `count_drawn`.
    """
    counts = count_config(config, label_map, progress=progress)
    sampling = config.require_train_input().class_sampling
    return count_drawn(config, label_map, counts, sampling, progress=progress)


def labelled_reader(config: PipelineConfig, label_map: Optional[LabelMap]) -> ReadLabelled:
    """Reads the classes in every record of files of tf.train.Examples, as `count_config` counts."""
    return partial(labelled_records, label_map=label_map, **_settings(config))


def _nothing_to_expand(config: PipelineConfig) -> LabelMapError:
    reader = config.root.message("train_input_reader")
    assert reader is not None
    place = config.document.place(reader.occurrences("expand_labels_hierarchy")[-1].start)
    problem = "expand_labels_hierarchy without a label_map_path, at which TFOD stops"
    return LabelMapError(problem, place=place, help="name the label map, or take it out")


def _settings(config: PipelineConfig) -> dict[str, Any]:
    """What decides, in a config, how objects count; as for `count_classes`."""
    reader = config.train_input
    return {
        "num_classes": config.num_classes,
        "max_number_of_boxes": config.max_number_of_boxes,
        "expand_labels_hierarchy": bool(reader and reader.expand_labels_hierarchy),
        "merge_multiple_label_boxes": config.merge_multiple_label_boxes,
    }


def _reader(config: PipelineConfig, records: Optional[Sequence[str]]) -> InputReader:
    """The training input, or the same with other records."""
    if records is None:
        return config.require_train_input()
    reader = config.train_input or InputReader(None, ())
    return replace(reader, input_path=tuple(records), sample_weights=())
