"""Metrics per class: a table with a bar of every class's AP, and what to know about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Optional, Sequence

from tfod_weights.evaluation.confusion import nothing_among
from tfod_weights.report.grid import Column, Grid
from tfod_weights.report.numbers import count_text
from tfod_weights.report.sentences import Sentence
from tfod_weights.report.tables import Table
from tfod_weights.wording import number_of

if TYPE_CHECKING:
    from tfod_weights.evaluation import Evaluation
    from tfod_weights.evaluation.result import Confusion

_CONFUSIONS = 3


def evaluation_table(evaluation: Evaluation) -> Table:
    """An evaluation as a rich renderable.

    One row per class: objects, AP, precision, recall and F1 at the score threshold, the best F1
    and the score where it is, ROC-AUC; and a bar of AP. Below: means of the groups, and the
    classes that are most often taken for others.
    """
    rows = evaluation.classes
    points = [row.at_threshold for row in rows]
    columns = [
        Column("id", [str(row.class_id) for row in rows]),
        Column("class", [row.name for row in rows], is_name=True),
        Column("objects", [count_text(row.objects) for row in rows], rank=2),
        Column("AP", metric_texts([row.ap for row in rows])),
        Column("AP50", metric_texts([row.ap50 for row in rows]), rank=3),
        Column("AP75", metric_texts([row.ap75 for row in rows]), rank=6),
        Column("prec.", metric_texts([point and point.precision for point in points]), rank=1),
        Column("recall", metric_texts([point and point.recall for point in points]), rank=1),
        Column("F1", metric_texts([point and point.f1 for point in points])),
        Column("best F1", metric_texts([row.best and row.best.f1 for row in rows]), rank=4),
        Column("at", metric_texts([row.best and row.best.score for row in rows]), rank=4),
        Column("AUC", metric_texts([row.roc_auc for row in rows]), rank=5),
    ]
    styles = ["" if row.objects else "dim" for row in rows]
    return Table(Grid(columns, [row.ap or 0.0 for row in rows], styles), _sentences(evaluation))


def metric_texts(values: Sequence[Optional[float]]) -> list[str]:
    """Numbers with three decimals; a dash where there is none.

    >>> metric_texts([0.08812, None, 1.0])
    ['.088', '–', '1.000']
    """
    return [metric_text(value) for value in values]


def metric_text(value: Optional[float]) -> str:
    """A number with three decimals; without the 0 before the point where there is only that.

    >>> metric_text(0.5), metric_text(90.0), metric_text(-0.25), metric_text(None)
    ('.500', '90.000', '-.250', '–')
    """
    return "–" if value is None else without_zero(f"{value:.3f}")


def without_zero(text: str) -> str:
    """A number without the 0 before its point.

    >>> without_zero("0.5"), without_zero("+0.5"), without_zero("10.5")
    ('.5', '+.5', '10.5')
    """
    return re.sub(r"^([+-]?)0\.", r"\1.", text)


def _sentences(evaluation: Evaluation) -> list[Sentence]:
    found = [Sentence(_means(evaluation)), Sentence(_conditions(evaluation))]
    nothing = nothing_among([row.class_id for row in evaluation.classes])
    confused = [
        cell for cell in evaluation.confusion if nothing not in cell[:2] and cell[0] != cell[1]
    ]
    if confused:
        worst = sorted(confused, key=lambda cell: -cell.number)[:_CONFUSIONS]
        said = "; ".join(_confusion(evaluation, cell) for cell in worst)
        found.append(Sentence(f"most often confused: {said}"))
    unseen = [row.name for row in evaluation.classes if not row.objects]
    if unseen:
        classes = number_of(len(unseen), "class", "classes")
        found.append(Sentence(f"{classes} without objects in these images, left out of means"))
    config = evaluation.source.get("config")
    if config and all(row.training_objects is None for row in evaluation.classes):
        text = (
            f"the training records of {config} cannot be counted: rare, common and head go by the "
            "objects in these images"
        )
        found.append(Sentence(text, "note"))
    return found


def _means(evaluation: Evaluation) -> str:
    first, *groups = evaluation.groups
    said = [f"mAP {metric_text(first.ap)}"]
    for group in groups:
        classes = number_of(len(group.class_ids), "class", "classes")
        said.append(f"{group.name} {metric_text(group.ap)} ({classes})")
    return ", ".join(said)


def _conditions(evaluation: Evaluation) -> str:
    images = number_of(evaluation.images, "image")
    return (
        f"{images}; precision, recall and F1 at a score of {evaluation.score_threshold:g}, "
        f"IoU {evaluation.iou:g}"
    )


def _confusion(evaluation: Evaluation, cell: Confusion) -> str:
    names = {row.class_id: row.name for row in evaluation.classes}
    return f"{names[cell.class_id]} taken for {names[cell.detected_as]} ({cell.number:,})"
