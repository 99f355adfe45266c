"""Runs: the metrics.json files of one configuration, a file for every seed."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Mapping

from tfod_weights.errors import EvaluationError, SourcePlace, UsageError
from tfod_weights.evaluation.comparable import require_sound
from tfod_weights.evaluation.metrics_file import evaluation_of, is_evaluation, load_evaluation
from tfod_weights.evaluation.result import Evaluation
from tfod_weights.json_files import read_json
from tfod_weights.unreadable import is_folder


@dataclass(frozen=True)
class Run:
    """The evaluations of one configuration.

    Attributes:
        name: As the user calls it.
        seeds: File -> evaluation, one per training.
    """

    name: str
    seeds: Mapping[str, Evaluation]


def load_run(name: str) -> Run:
    """Read a run.

    Args:
        name: A metrics.json; a folder, for all metrics in its *.json; a pattern; or several of
            these with commas between them.

    Raises:
        EvaluationError: there is no such file, it is no metrics.json, or contradicts itself.
        UsageError: a file is named twice.
        TfodWeightsError: numpy is not installed.
    """
    parts = [name] if _exists(name) else [*filter(None, name.split(","))]
    seeds: dict[str, Evaluation] = {}
    known: dict[str, str] = {}
    for path, evaluation in (pair for part in parts for pair in _evaluations(part)):
        real = os.path.realpath(path)
        if real in known:
            problem = f"{path} is in the run {name} twice"
            raise UsageError(problem, help="every file of a run is to be another training")
        known[real] = path
        require_sound(path, evaluation)
        seeds[path] = evaluation
    if not seeds:
        raise UsageError(f"{name!r} names no file", help="a metrics.json, a folder or a pattern")
    return Run(name, seeds)


def _exists(path: str) -> bool:
    """Whether there is such a file; `Path.exists` raises where no file can be called so."""
    return os.path.exists(path)  # noqa: PTH110


def _evaluations(part: str) -> Iterator[tuple[str, Evaluation]]:
    is_pattern = glob.has_magic(part) and not _exists(part)
    matching = sorted(glob.glob(part, recursive=True)) if is_pattern else [part]  # noqa: PTH207
    if not matching:
        help = "write the pattern in quotes, as seen from the current folder"
        if "[" in part:
            help += "; [[] stands for a ["
        raise EvaluationError("no file matches", place=SourcePlace(part), help=help)
    for path in matching:
        if is_folder(path):
            yield from _in_folder(path)
        else:
            yield path, load_evaluation(path)


def _in_folder(folder: str) -> Iterator[tuple[str, Evaluation]]:
    """The metrics in a folder; JSON of another kind is left alone, what is no JSON is not."""
    found = False
    for path in sorted(map(str, Path(folder).glob("*.json"))):
        content = read_json(path, EvaluationError)
        if is_evaluation(content):
            found = True
            yield path, evaluation_of(content, path)
    if not found:
        help = "metrics are written by tfod-weights evaluate … -o metrics.json"
        raise EvaluationError(
            "no *.json in this folder holds metrics", place=SourcePlace(folder), help=help
        )
