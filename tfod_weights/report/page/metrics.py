"""Sections about the models: metrics before and after, curves, confusion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, Mapping, Optional

from tfod_weights.evaluation.groups import ALL
from tfod_weights.figures.confusion import MATRIX, Pair, worst_pairs
from tfod_weights.figures.curves import PANELS
from tfod_weights.figures.style import short
from tfod_weights.report.evaluations import metric_text
from tfod_weights.report.numbers import count_text, share_text
from tfod_weights.report.page.html import Markup, element
from tfod_weights.report.page.metric_columns import AP, change_markup, metric_columns
from tfod_weights.report.page.section import Section
from tfod_weights.report.page.tables import Column, table
from tfod_weights.wording import number_of

if TYPE_CHECKING:
    from tfod_weights.evaluated_runs import NamedRun
    from tfod_weights.evaluation import ClassMetrics, GroupMetrics
    from tfod_weights.evaluation.comparison import Change, Comparison
    from tfod_weights.overview import Overview

_PAIRS = 500


def verdict(overview: Overview) -> Optional[Markup]:
    """What became of mAP and of the groups, in a line for every run after the first."""
    lines = [
        element("p", _verdict(comparison, run.name, len(overview.runs)), class_="verdict")
        for comparison, run in zip(overview.comparisons, overview.runs[1:])
    ]
    return Markup("".join(lines)) if lines else None


def _verdict(comparison: Comparison, name: str, runs: int) -> Iterator[str]:
    if runs > 2:
        yield element("span", name, class_="run")
    for group in comparison.groups:
        change = group.changes.get(AP)
        if change:
            label = "mAP" if group.name == ALL else group.name
            step = f"{metric_text(change.before)} → {metric_text(change.after)}"
            label_part = element("span", label, class_="label")
            parts = [label_part, " ", element("b", step), " ", change_markup(change)]
            if label == "mAP":
                percent = f" {comparison.confidence:.0%} interval"
                parts.append(element("span", percent, class_="label confidence"))
            yield element("span", *parts, class_="group main" if label == "mAP" else "group")


def metrics_section(overview: Overview) -> Section:
    """Metrics of groups and classes, and their changes."""
    first = overview.runs[0].first
    rows = [row for row in first.classes if row.objects]
    rows.sort(key=lambda row: (-_frequency(row), row.class_id))
    body = [
        element("h3", "Groups"),
        table(_group_columns(overview), first.groups, caption="Metrics of groups of classes"),
        element("h3", "Classes"),
        table(_class_columns(overview), rows, caption="Metrics of every class"),
    ]
    notes = list(_notes(overview))
    unseen = len(first.classes) - len(rows)
    if unseen:
        notes.append(f"{number_of(unseen, 'class', 'classes')} without objects in these images")
    return Section("metrics", "Metrics", ("ap",), notes, Markup("".join(body)))


def _frequency(row: ClassMetrics) -> float:
    return row.objects if row.training_objects is None else row.training_objects


def _notes(overview: Overview) -> Iterator[str]:
    first = overview.runs[0].first
    for run in overview.runs:
        trainings = len(run.evaluations)
        several = f", {trainings} trainings" if trainings > 1 else ""
        yield f"{run.name}: {run.source}{several}" if run.name else f"{run.source}{several}"
    yield (
        f"{number_of(first.images, 'image')}; precision, recall and F1 at a score of "
        f"{first.score_threshold:g}, IoU {first.iou:g}; AP is COCO's"
    )
    yield (
        "Head classes have at least their equal share of all training objects, rare ones less "
        "than a third of it"
    )
    for run in overview.runs[1:]:
        if run.groups != overview.runs[0].groups:
            yield (
                f"Groups are those of {overview.runs[0].source}; {run.source} was trained on "
                "other counts"
            )
    if overview.comparisons:
        one = overview.comparisons[0]
        yield (
            f"Changes with {one.confidence:.0%} intervals, from {one.resamples:,} draws of the "
            "images; an interval on both sides of 0 is no clear change, a pale one rests on too "
            "few images"
        )


def _group_columns(overview: Overview) -> list[Column[GroupMetrics]]:
    def metric(run: NamedRun, row: GroupMetrics, name: str) -> Optional[float]:
        return run.of_group(row, name)

    def changes(comparison: Comparison, row: GroupMetrics) -> Mapping[str, Change]:
        found = comparison.group(row.name)
        return found.changes if found else {}

    return [
        Column("group", lambda row: "all classes" if row.name == ALL else row.name),
        Column("classes", lambda row: f"{len(row.class_ids):,}", lambda row: len(row.class_ids)),
        *metric_columns(overview.runs, overview.comparisons, metric, changes),
    ]


def _class_columns(overview: Overview) -> list[Column[ClassMetrics]]:
    groups = {i: g.name for g in overview.runs[0].first.groups[1:] for i in g.class_ids}
    by_class = [{row.class_id: row.changes for row in one.classes} for one in overview.comparisons]
    places = {id(one): found for one, found in zip(overview.comparisons, by_class)}

    def metric(run: NamedRun, row: ClassMetrics, name: str) -> Optional[float]:
        return run.of_class(row.class_id, name)

    def changes(comparison: Comparison, row: ClassMetrics) -> Mapping[str, Change]:
        return places[id(comparison)].get(row.class_id, {})

    return [
        Column("class", lambda row: overview.name_of(row.class_id)),
        Column("group", lambda row: groups.get(row.class_id, "")),
        Column("objects", lambda row: count_text(row.objects), lambda row: row.objects),
        *metric_columns(overview.runs, overview.comparisons, metric, changes),
    ]


def curves_section(overview: Overview) -> Section:
    """Precision-recall curves."""
    seen = [row for row in overview.runs[0].first.classes if row.objects]
    notes = []
    if len(seen) > PANELS:
        chosen = "whose AP changed most" if len(overview.runs) > 1 else "from frequent to rare"
        notes.append(f"{PANELS} of {len(seen):,} classes, {chosen}")
    if not seen:
        notes.append("No class has objects in these images")
    return Section("curves", "Precision and recall", ("curves",), notes)


def confusion_section(overview: Overview) -> Section:
    """The confusion matrix of every run; of many classes the pairs that are confused most."""
    first = overview.runs[0].first
    title, where = "Confusion", f"at a score of {first.score_threshold:g}, IoU {first.iou:g}"
    if len(first.classes) <= MATRIX:
        names = ("confusion", *(f"confusion-{n}" for n in range(1, len(overview.runs) + 1)))
        notes = [f"What the objects of a class (row) were detected as (column), {where}"]
        return Section("confusion", title, names, notes)
    pairs = {run.name: worst_pairs(run.confusion(), overview.names) for run in overview.runs}
    last = pairs[overview.runs[-1].name]
    if not any(pairs.values()):
        return Section("confusion", title, (), [f"No class was taken for another, {where}"])
    columns = list(_pair_columns(overview, pairs))
    notes = [f"Objects of a class that were detected as another, {where}"]
    if len(last) > _PAIRS:
        notes.append(f"The {_PAIRS} most frequent of {len(last):,} pairs")
    body = table(columns, last[:_PAIRS], caption="Classes that are taken for others")
    return Section("confusion", title, (), notes, body)


def _pair_columns(overview: Overview, pairs: Mapping[str, list[Pair]]) -> Iterator[Column[Pair]]:
    yield Column("class", lambda pair: overview.name_of(pair.class_id))
    yield Column("taken for", lambda pair: overview.name_of(pair.detected_as))
    for name, found in pairs.items():
        numbers = {(pair.class_id, pair.detected_as): pair.number for pair in found}
        yield _number_column(name, numbers)
    last = overview.runs[-1].name
    hint = "of the objects of the class"
    yield Column(
        f"share {short(last)}".strip(), lambda p: share_text(p.share), lambda p: p.share, hint
    )


def _number_column(name: str, numbers: Mapping[tuple[int, int], int]) -> Column[Pair]:
    def number(pair: Pair) -> int:
        return numbers.get((pair.class_id, pair.detected_as), 0)

    return Column(f"objects {short(name)}".strip(), lambda pair: count_text(number(pair)), number)
