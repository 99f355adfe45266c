"""Rules about the record files that the input readers name: not all, or some of them twice.

Facts from object_detection/builders/dataset_builder.py.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from pathlib import Path
from typing import Hashable, Iterator, NamedTuple, Optional, Sequence

from tfod_weights.checking.findings import Finding, listed
from tfod_weights.checking.input_rules import read_paths
from tfod_weights.checking.path_rules import is_checkable
from tfod_weights.counting import expand_patterns
from tfod_weights.counting.patterns import name_regex
from tfod_weights.errors import RecordError, SourcePlace
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.storage import is_remote
from tfod_weights.textformat import MergedMessage
from tfod_weights.wording import number_of

# train.record-00003-of-00010, as TensorFlow and Beam name the parts of a whole
_SHARD = re.compile(r"(.*-)([0-9]{1,6})(-of-)([0-9]{1,6})([^/]*)", re.DOTALL)


class InputFile(NamedTuple):
    """A record file that an input reader reads.

    Attributes:
        path: The input_path that it matches, as written.
        place: Where that is.
        file: The file.
    """

    path: str
    place: SourcePlace
    file: str


def input_files(config: PipelineConfig, reader: Optional[MergedMessage]) -> Iterator[InputFile]:
    """The files of an input reader that can be found from here, path by path."""
    for path, place in read_paths(config, reader) if reader else ():
        try:
            files = expand_patterns(path)[0] if is_checkable(path) else []
        except RecordError:  # said by input_findings
            files = []
        yield from (InputFile(path, place, file) for file in files)


def identity(file: str) -> Hashable:
    """What two names of one file have in common, be they links."""
    if is_remote(file):
        return file
    try:
        status = Path(file).stat()
    except OSError:
        return os.path.realpath(file)
    return status.st_dev, status.st_ino


def file_findings(config: PipelineConfig) -> Iterator[Finding]:
    """Files that a reader reads twice or that are missing, and evaluation on training's."""
    train = list(input_files(config, config.root.message("train_input_reader")))
    trained = {identity(row.file) for row in train}
    evaluated = [
        list(input_files(config, reader)) for reader in config.root.messages("eval_input_reader")
    ]
    for files in (train, *evaluated):
        yield from _missing_findings(files)
        yield from _twice_findings(files)
    for files in evaluated:
        yield from _overlap_findings(trained, files)


def _missing_findings(files: Sequence[InputFile]) -> Iterator[Finding]:
    """Shards that one of the patterns would match, but that are not there."""
    shards: defaultdict[tuple[str, ...], dict[int, InputFile]] = defaultdict(dict)
    for row in files:
        match = _SHARD.fullmatch(row.file)
        if match:
            before, number, of, total, after = match.groups()
            shards[before, f"0{len(number)}d", of + total + after, total].setdefault(
                int(number), row
            )
    patterns = dict.fromkeys(os.path.basename(row.path) for row in files)  # noqa: PTH119
    # the folders of what is missing are those of files that are there
    is_meant = [name_regex(pattern).fullmatch for pattern in patterns]
    for (before, width, after, total), rows in shards.items():
        start = Path(before).name
        names = (f"{start}{i:{width}}{after}" for i in range(int(total)) if i not in rows)
        missing = [name for name in names if any(match(name) for match in is_meant)]
        if missing:
            row = next(iter(rows.values()))
            are = "is" if len(missing) == 1 else "are"
            gone = listed(missing, 2)
            problem = f"{len(missing)} of {number_of(int(total), 'shard')} {are} missing: {gone}"
            yield Finding("shard-missing", problem, row.place, _MISSING_HELP)


_MISSING_HELP = "TFOD reads the others without a word; copy the records again or write them anew"


def _twice_findings(files: Sequence[InputFile]) -> Iterator[Finding]:
    seen: set[Hashable] = set()
    again: defaultdict[tuple[str, SourcePlace], list[str]] = defaultdict(list)
    for row in files:
        key = identity(row.file)
        if key in seen:
            again[row.path, row.place].append(row.file)
        seen.add(key)
    for (path, place), names in again.items():
        which = "a record file" if len(names) == 1 else f"{len(names)} record files"
        named = "" if names == [path] else f": {listed(names, 1)}"
        problem = f"{path}: this input reader reads {which} twice{named}"
        help = "its images are trained on, or evaluated, twice; let one path name it"
        yield Finding("input-twice", problem, place, help)


def _overlap_findings(trained: set[Hashable], files: Sequence[InputFile]) -> Iterator[Finding]:
    found = [row for row in files if identity(row.file) in trained]
    if found:
        path, place, _ = found[0]
        what = "a record file" if len(found) == 1 else f"{len(found)} record files"
        problem = f"{path}: evaluation reads {what} that training reads"
        help = "what was learned by heart looks good: evaluate on other images"
        yield Finding("eval-on-train-records", problem, place, help)
