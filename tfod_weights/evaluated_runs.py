"""The evaluations that a report is about: named runs, each of one or several trainings."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Mapping, Optional, Sequence

from tfod_weights.evaluation import ClassMetrics, Evaluation, GroupMetrics, load_run
from tfod_weights.evaluation.comparable import require_comparable
from tfod_weights.files import StrPath

# Name of a metric -> its attribute, of a class or of its at_threshold
_ATTRIBUTES: Mapping[str, str] = {
    "AP": "ap",
    "AP50": "ap50",
    "AP75": "ap75",
    "precision": "precision",
    "recall": "recall",
    "F1": "f1",
}


@dataclass(frozen=True)
class NamedRun:
    """Evaluations of one configuration, on the same images.

    Attributes:
        name: `before` and `after` for two runs; of more, what their paths differ in; "" for one.
        source: As the user named it.
        evaluations: One per training.
    """

    name: str
    source: str
    evaluations: tuple[Evaluation, ...]

    @property
    def first(self) -> Evaluation:
        """The first evaluation, for all that does not differ between trainings."""
        return self.evaluations[0]

    @cached_property
    def _by_class(self) -> list[dict[int, ClassMetrics]]:
        """class_id -> metrics, training by training."""
        return [{row.class_id: row for row in one.classes} for one in self.evaluations]

    def of_class(self, class_id: int, metric: str) -> Optional[float]:
        """A metric of a class, the mean over the trainings; None without objects.

        Args:
            class_id: Label-map id, one-based.
            metric: AP, AP50, AP75, precision, recall or F1.
        """
        return _mean([_metric(rows.get(class_id), metric) for rows in self._by_class])

    def of_group(self, group: GroupMetrics, metric: str) -> Optional[float]:
        """The mean over the classes of a group that have objects, as another run has them."""
        means = [
            _mean([_metric(rows.get(class_id), metric) for class_id in group.class_ids])
            for rows in self._by_class
        ]
        return _mean(means)

    @property
    def groups(self) -> Mapping[str, tuple[int, ...]]:
        """Name -> class_ids, of the groups that the training records make."""
        return {group.name: group.class_ids for group in self.first.groups}

    def confusion(self) -> dict[tuple[int, int], int]:
        """(class_id, class_id detected as) -> objects, those of all trainings together."""
        cells: dict[tuple[int, int], int] = {}
        for evaluation in self.evaluations:
            for cell in evaluation.confusion:
                key = (cell.class_id, cell.detected_as)
                cells[key] = cells.get(key, 0) + cell.number
        return cells


def load_runs(sources: Sequence[StrPath]) -> tuple[NamedRun, ...]:
    """Read runs, and name them.

    Args:
        sources: As for `load_run`: a metrics.json, a folder or pattern, or several with commas.

    Raises:
        EvaluationError: one cannot be read or is none, or they cannot be compared.
        UsageError: a run names a file twice.
    """
    paths = [os.fspath(source) for source in sources]
    runs = [load_run(path) for path in paths]
    named = [pair for run in runs for pair in run.seeds.items()]
    if len(named) > 1:
        require_comparable(named)
    return tuple(
        NamedRun(name, run.name, tuple(run.seeds.values()))
        for name, run in zip(run_names(paths), runs)
    )


def run_names(paths: Sequence[str]) -> list[str]:
    """What to call runs: no two the same.

    >>> run_names(["a/none.json", "a/sqrt.json", "a/inverse.json"])
    ['none', 'sqrt', 'inverse']
    >>> run_names(["a/none/1/metrics.json", "a/sqrt/1/metrics.json", "a/log/2/metrics.json"])
    ['none/1', 'sqrt/1', 'log/2']
    >>> run_names(["old.json", "new.json"])
    ['before', 'after']
    """
    if len(paths) <= 2:
        return ["before", "after"] if len(paths) == 2 else [""]
    files = [
        [PurePath(part.removesuffix(".json")) for part in filter(None, path.split(","))]
        for path in paths
    ]
    names = [", ".join(file.name for file in one) for one in files]
    if len(set(names)) < len(names):
        names = _differing(files)
    return [
        f"{name} ({names[:place].count(name) + 1})" if name in names[:place] else name
        for place, name in enumerate(names)
    ]


def _differing(runs: Sequence[Sequence[PurePath]]) -> list[str]:
    """The parts of paths that are not the same in all of them."""
    every = [file.parts for run in runs for file in run]
    start = _common(every)
    end = _common([parts[start:][::-1] for parts in every])
    return [
        ", ".join("/".join(f.parts[start : len(f.parts) - end]) or f.name for f in run)
        for run in runs
    ]


def _common(paths: Sequence[Sequence[str]]) -> int:
    """How many parts all of them begin with."""
    return len(list(itertools.takewhile(lambda parts: len({*parts}) == 1, zip(*paths))))


def _metric(row: Optional[ClassMetrics], metric: str) -> Optional[float]:
    name = _ATTRIBUTES[metric]
    holder = row if hasattr(row, name) else row and row.at_threshold
    value = getattr(holder, name, None)
    return None if value is None else float(value)


def _mean(values: Sequence[Optional[float]]) -> Optional[float]:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
