"""Columns of metrics: one run, or runs side by side with changes and their intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Iterator, Mapping, Optional, Sequence, TypeVar

from tfod_weights.figures.precision import signed
from tfod_weights.figures.style import short
from tfod_weights.report.evaluations import metric_text
from tfod_weights.report.page.html import Markup, element
from tfod_weights.report.page.tables import Column

if TYPE_CHECKING:
    from tfod_weights.evaluated_runs import NamedRun
    from tfod_weights.evaluation.comparison import Change, Comparison

Row = TypeVar("Row")
Metric = Callable[["NamedRun", Row, str], Optional[float]]
Changes = Callable[["Comparison", Row], Mapping[str, "Change"]]

AP = "AP"
_ALONE = (AP, "AP50", "AP75", "precision", "recall", "F1")
_SIDE_BY_SIDE = ("AP50", "precision", "recall", "F1")


def metric_columns(
    runs: Sequence[NamedRun],
    comparisons: Sequence[Comparison],
    metric: Metric[Row],
    changes: Changes[Row],
) -> Iterator[Column[Row]]:
    """The columns, AP first.

    Args:
        runs: At least one.
        comparisons: Of each further run with the first; empty where they are not known.
        metric: Of a run, for the class or group of a row.
        changes: Of a comparison, for the same.
    """
    if len(runs) == 1:
        for name in _ALONE:
            yield _of_run(name, name, runs[0], metric)
        return
    for run in runs:
        yield _of_run(f"{AP} {short(run.name)}", AP, run, metric, run.source)
    for run, comparison in zip(runs[1:], comparisons):
        title = "change" if len(runs) == 2 else f"change {short(run.name)}"
        yield _change(title, comparison, changes)
    for name in _SIDE_BY_SIDE:
        yield _joined(name, runs, metric)


def _of_run(
    title: str, name: str, run: NamedRun, metric: Metric[Row], hint: Optional[str] = None
) -> Column[Row]:
    return Column(
        title,
        lambda row: metric_text(metric(run, row, name)),
        lambda row: metric(run, row, name),
        hint,
    )


def _joined(name: str, runs: Sequence[NamedRun], metric: Metric[Row]) -> Column[Row]:
    """The metric in all runs, sorted by the step from the first to the last."""
    between = " → " if len(runs) == 2 else " / "

    def step(row: Row) -> Optional[float]:
        first, last = metric(runs[0], row, name), metric(runs[-1], row, name)
        return None if first is None or last is None else last - first

    return Column(
        name,
        lambda row: _one_dash(between.join(metric_text(metric(run, row, name)) for run in runs)),
        step,
        "sorted by the change",
    )


def _one_dash(text: str) -> str:
    """A dash where nothing is known."""
    return text if any(map(str.isdigit, text)) else "–"


def _change(title: str, comparison: Comparison, changes: Changes[Row]) -> Column[Row]:
    def found(row: Row) -> Optional[Change]:
        return changes(comparison, row).get(AP)

    def number(row: Row) -> Optional[float]:
        change = found(row)
        return change.value if change else None

    return Column(title, lambda row: change_markup(found(row)), number, "of AP, with its interval")


def change_markup(change: Optional[Change]) -> Markup:
    """A change with its interval; its class says which way it went, if that is clear."""
    if change is None:
        return Markup("–")
    return element(
        "span",
        element("b", signed(change.value)),
        f" [{signed(change.low)}, {signed(change.high)}]",
        class_=f"change {change.verdict.split()[0]}",
        title=change.verdict,
    )
