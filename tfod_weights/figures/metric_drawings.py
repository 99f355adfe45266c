"""What is drawn of models: precision before and after, curves, confusion."""

from __future__ import annotations

from typing import Iterator, Optional

from tfod_weights.evaluation import Change, Comparison
from tfod_weights.evaluation.groups import ALL
from tfod_weights.figures.confusion import MATRIX, confusion_figure
from tfod_weights.figures.curves import PANELS, ClassCurves, curves_figure
from tfod_weights.figures.drawing import Drawing
from tfod_weights.figures.precision import (
    PrecisionRow,
    precision_figure,
    precision_title,
    run_series,
)
from tfod_weights.figures.style import narrow
from tfod_weights.overview import Overview

AP = "AP"
_RUN = 165.0  # points of a run's name in a title


def precision(overview: Overview) -> Iterator[Drawing]:
    """AP of groups and classes, and how it changed."""
    rows = precision_rows(overview) if overview.runs else []
    if not rows:
        return
    groups = [
        PrecisionRow(
            "all classes" if group.name == ALL else group.name,
            None,
            tuple(run.of_group(group, AP) for run in overview.runs),
            tuple(_group_change(one, group.name) for one in overview.comparisons),
        )
        for group in overview.runs[0].first.groups
    ]
    names = [run.name for run in overview.runs]
    title = precision_title(names, len(rows))
    text = f"{title}, of groups and classes"
    yield Drawing("ap", title, text, precision_figure(groups, rows, names))


def _group_change(comparison: Comparison, name: str) -> Optional[Change]:
    group = comparison.group(name)
    return group.changes.get(AP) if group else None


def precision_rows(overview: Overview) -> list[PrecisionRow]:
    """AP of every class that has objects, the most frequent first."""
    rows = {row.class_id: row for row in overview.runs[0].first.classes if row.objects}
    changes = [
        {row.class_id: row.changes.get(AP) for row in c.classes} for c in overview.comparisons
    ]
    found = [
        PrecisionRow(
            overview.name_of(class_id),
            row.objects if row.training_objects is None else row.training_objects,
            tuple(run.of_class(class_id, AP) for run in overview.runs),
            tuple(of_class.get(class_id) for of_class in changes),
        )
        for class_id, row in rows.items()
    ]
    return sorted(found, key=lambda row: -(row.objects or 0.0))


def curves(overview: Overview) -> Iterator[Drawing]:
    """Precision-recall curves of some classes, in all runs."""
    if not overview.runs:
        return
    first = overview.runs[0].first
    chosen = _panels(overview)
    if not chosen:
        return
    classes = [
        ClassCurves(
            overview.name_of(class_id),
            tuple(
                tuple(row.curve for row in (one.of(class_id) for one in run.evaluations) if row)
                for run in overview.runs
            ),
        )
        for class_id in chosen
    ]
    series = run_series([run.name for run in overview.runs])
    title = "Precision and recall"
    text = f"{title} of {len(chosen)} classes, at IoU {first.iou:g}"
    yield Drawing("curves", title, text, curves_figure(classes, series, first.iou))


def _panels(overview: Overview) -> list[int]:
    """The classes whose curves are shown: of many, those whose AP changed most, or all sorts."""
    first, last = overview.runs[0], overview.runs[-1]
    rows = [row for row in first.first.classes if row.objects]
    rows.sort(key=lambda row: -(row.training_objects or row.objects))
    if len(rows) <= PANELS:
        return [row.class_id for row in rows]
    if first is last:
        step = (len(rows) - 1) / (PANELS - 1)
        return [rows[round(step * index)].class_id for index in range(PANELS)]

    compared = overview.comparisons[-1].classes
    changes = {one.class_id: one.changes[AP] for one in compared if one.changes}

    def rank(class_id: int) -> tuple[bool, float]:
        change = changes[class_id]
        return not change.enough_images, -abs(change.value)

    chosen = sorted(changes, key=rank)[:PANELS]
    return [row.class_id for row in rows if row.class_id in chosen]


def confusion(overview: Overview) -> Iterator[Drawing]:
    """What classes are taken for, a figure per run."""
    for number, run in enumerate(overview.runs, start=1):
        cells = run.confusion()
        classes = run.first.classes
        if not classes or (len(classes) > MATRIX and not any(a and b and a != b for a, b in cells)):
            continue
        names = {row.class_id: overview.name_of(row.class_id) for row in classes}
        title = "Confusion of classes" + (f", {narrow(run.name, _RUN, 11)}" if run.name else "")
        name = "confusion" if len(overview.runs) == 1 else f"confusion-{number}"
        yield Drawing(
            name,
            title,
            f"{title}: objects by class and by what they were detected as",
            confusion_figure(cells, names),
        )
