"""The way of a ClassCounts from the last step of a pipeline back to the command: a JSON file."""

from __future__ import annotations

import json
import tempfile
import uuid
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Iterator

from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import GoogleCloudOptions, PipelineOptions

from tfod_weights.beam.flags import runner_name, shares_our_disk
from tfod_weights.counting.counts import ClassCount, ClassCounts
from tfod_weights.errors import BeamError, UsageError


@contextmanager
def result_file(options: PipelineOptions) -> Iterator[str]:
    """The path of a file that workers can write and we can read; deleted at the end.

    It is in --temp_location where that is given, else in a temporary folder of this machine.

    Raises:
        UsageError: there is no --temp_location, and workers may be on other machines.
    """
    name = f"tfod-weights-count-{uuid.uuid4().hex}.json"
    folder = options.view_as(GoogleCloudOptions).temp_location
    if folder:
        yield from _deleted(FileSystems.join(folder, name))
    elif shares_our_disk(options):
        with tempfile.TemporaryDirectory(prefix="tfod-weights-") as local:
            yield str(Path(local) / name)
    else:
        problem = (
            f"{runner_name(options)} needs --temp_location: its workers leave the counts there"
        )
        help = "a folder that they and this machine reach, such as gs://BUCKET/temp"
        raise UsageError(problem, help=help)


def _deleted(path: str) -> Iterator[str]:
    try:
        yield path
    finally:
        with suppress(Exception):  # a result of hours is worth more than a clean folder
            if FileSystems.exists(path):
                FileSystems.delete([path])


def write_counts(counts: ClassCounts, path: str) -> None:
    """Write a ClassCounts; a runner that does a step twice writes the same again."""
    with FileSystems.create(path, "application/json") as file:
        file.write(json.dumps(asdict(counts)).encode())


def read_counts(path: str) -> ClassCounts:
    """What `write_counts` wrote: the same numbers to the last bit.

    Raises:
        BeamError: there is no such file.
    """
    if not FileSystems.exists(path):
        problem = f"the pipeline ended, but its result is not in {path}"
        help = "let --temp_location be a folder that the workers and this machine share"
        raise BeamError(problem, help=help)
    with FileSystems.open(path) as file:
        return _counts(json.loads(file.read()))


def _counts(values: dict[str, Any]) -> ClassCounts:
    """JSON has lists for tuples, and texts for the keys of a mapping."""
    labels = values.pop("out_of_range_labels")
    return ClassCounts(
        classes=tuple(ClassCount(**row) for row in values.pop("classes")),
        out_of_range_labels={int(label): boxes for label, boxes in labels.items()},
        files=tuple(values.pop("files")),
        skipped=tuple(values.pop("skipped")),
        **values,
    )
