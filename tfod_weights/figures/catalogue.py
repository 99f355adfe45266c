"""Every figure by its name, drawn from what is known of a config and its models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable, Iterator, Optional, Sequence

from tfod_weights.errors import UsageError
from tfod_weights.evaluation.groups import ALL
from tfod_weights.figures.classes import (
    ClassShare,
    distribution_figure,
    forecast_figure,
    weights_figure,
)
from tfod_weights.figures.confusion import MATRIX, confusion_figure
from tfod_weights.figures.curves import PANELS, ClassCurves, curves_figure
from tfod_weights.figures.drawing import Drawing
from tfod_weights.figures.precision import PrecisionRow, precision_figure, run_series
from tfod_weights.figures.style import drawing_style
from tfod_weights.overview import METRICS, RECORDS, Overview
from tfod_weights.progress import Progress
from tfod_weights.report.forecasts import losses_to_show
from tfod_weights.suggestions import closest

if TYPE_CHECKING:
    from tfod_weights.evaluation.comparison import Comparison

AP = "AP"
WEIGHTS = "weights"


@dataclass(frozen=True)
class FigureKind:
    """A figure that can be asked for.

    Attributes:
        name: Its name.
        shows: What it shows, for help.
        draw: Draws it, once or several times; not at all where `needs` is missing.
        needs: RECORDS, METRICS or WEIGHTS.
    """

    name: str
    shows: str
    draw: Callable[[Overview], Iterator[Drawing]]
    needs: str


def draw_figures(
    overview: Overview, names: Sequence[str] = (), progress: Optional[Progress] = None
) -> list[Drawing]:
    """Draw figures.

    Args:
        overview: What is known.
        names: Keys of FIGURES; nothing: all that can be drawn.
        progress: Called with (figures done, figures in all).

    Raises:
        UsageError: a figure that was asked for cannot be drawn.
    """
    kinds = [require_figure(name) for name in dict.fromkeys(names)] or list(FIGURES.values())
    drawings: list[Drawing] = []
    with drawing_style():
        for done, kind in enumerate(kinds, start=1):
            found = list(kind.draw(overview))
            if not found and names:
                raise _cannot_be_drawn(kind, overview)
            drawings += found
            if progress:
                progress(done, len(kinds))
    return drawings


def require_figure(name: str) -> FigureKind:
    """The figure of a name.

    Raises:
        UsageError: there is none.
    """
    if name not in FIGURES:
        guess = closest(name, FIGURES)
        help = f"did you mean {guess}?" if guess else f"there are: {', '.join(FIGURES)}"
        raise UsageError(f"no figure is called {name!r}", help=help)
    return FIGURES[name]


def _cannot_be_drawn(kind: FigureKind, overview: Overview) -> UsageError:
    missing = next((one for one in overview.missing if one.what == kind.needs), None)
    if missing:
        return UsageError(f"figure {kind.name}: {missing.why}", help=missing.help)
    if kind.needs == WEIGHTS:
        help = f"`tfod-weights patch {overview.path}` writes them"
        return UsageError(f"figure {kind.name}: the config has no class weights", help=help)
    return UsageError(f"figure {kind.name}: there is nothing to draw")


# -- the classes ------------------------------------------------------------------------------


def _distribution(overview: Overview) -> Iterator[Drawing]:
    counts = overview.counts
    if counts is None or not counts.objects:
        return
    total = sum(row.effective_objects for row in counts.classes) or 1.0
    shares = [
        ClassShare(
            row.name, row.objects, row.objects / counts.objects, row.effective_objects / total
        )
        for row in counts.classes
    ]
    is_sampled = any(abs(one.share - one.drawn_share) > 1e-9 for one in shares)
    title = "Objects of each class" + (", before and after sampling" if is_sampled else "")
    text = f"{title}: {len(shares):,} classes, {counts.objects:,} objects"
    figure = distribution_figure(shares, is_sampled=is_sampled)
    yield Drawing("distribution", title, text, figure)


def _weights(overview: Overview) -> Iterator[Drawing]:
    order = classes_by_frequency(overview)
    kinds: dict[tuple[float, ...], list[str]] = {}
    for one in overview.weights:
        usable = len(one.values) >= max(order, default=0) and all(w > 0 for w in one.values)
        if usable and order:
            kinds.setdefault(one.values, []).append(one.kind)
    if not kinds:
        return
    weights = [
        (" and ".join(names), [values[class_id - 1] for class_id in order])
        for values, names in kinds.items()
    ]
    names = [overview.name_of(class_id) for class_id in order]
    title = "Class weights"
    yield Drawing(
        "weights", title, f"{title} of {len(names):,} classes", weights_figure(names, weights)
    )


def _forecast(overview: Overview) -> Iterator[Drawing]:
    forecast = overview.forecast
    if forecast is None or not forecast.classes or not forecast.weighted:
        return
    losses = losses_to_show(forecast)
    for loss in losses:
        name = "forecast" if len(losses) == 1 else f"forecast-{loss}"
        title = "Expected share of the loss" if len(losses) == 1 else f"Expected share, {loss}"
        text = f"{title} of {len(forecast.classes):,} classes, without and with their weights"
        yield Drawing(name, title, text, forecast_figure(forecast, loss if len(losses) > 1 else ""))


def classes_by_frequency(overview: Overview) -> list[int]:
    """The class_ids that are known, the most frequent first where records or runs tell."""
    objects: dict[int, float] = dict.fromkeys(overview.names, 0.0)
    if overview.counts:
        objects = {row.class_id: float(row.objects) for row in overview.counts.classes}
    elif overview.runs:
        rows = overview.runs[0].first.classes
        objects.update({row.class_id: row.training_objects or row.objects for row in rows})
    return sorted(objects, key=lambda class_id: (-objects[class_id], class_id))


# -- the metrics --------------------------------------------------------------------------------


def _precision(overview: Overview) -> Iterator[Drawing]:
    if not overview.runs:
        return
    groups = [
        PrecisionRow(
            "all classes" if group.name == ALL else group.name,
            None,
            tuple(run.of_group(group.name, AP) for run in overview.runs),
            tuple(_group_change(one, group.name) for one in overview.comparisons),
        )
        for group in overview.runs[0].first.groups
    ]
    names = [run.name for run in overview.runs]
    title = "Average precision" + (", before and after" if len(names) > 1 else "")
    text = f"{title}, of groups and classes"
    yield Drawing("ap", title, text, precision_figure(groups, precision_rows(overview), names))


def _group_change(comparison: Comparison, name: str) -> Optional[object]:
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
            row.name,
            row.objects if row.training_objects is None else row.training_objects,
            tuple(run.of_class(class_id, AP) for run in overview.runs),
            tuple(of_class.get(class_id) for of_class in changes),
        )
        for class_id, row in rows.items()
    ]
    return sorted(found, key=lambda row: -(row.objects or 0.0))


def _curves(overview: Overview) -> Iterator[Drawing]:
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

    def change(class_id: int) -> float:
        return abs((last.of_class(class_id, AP) or 0.0) - (first.of_class(class_id, AP) or 0.0))

    chosen = sorted((row.class_id for row in rows), key=lambda i: -change(i))[:PANELS]
    return [row.class_id for row in rows if row.class_id in chosen]


def _confusion(overview: Overview) -> Iterator[Drawing]:
    for number, run in enumerate(overview.runs, start=1):
        cells = run.confusion()
        classes = run.first.classes
        if len(classes) > MATRIX and not any(a and b and a != b for a, b in cells):
            continue
        names = {row.class_id: row.name for row in classes}
        title = "Confusion of classes" + (f", {run.name}" if run.name else "")
        name = "confusion" if len(overview.runs) == 1 else f"confusion-{number}"
        yield Drawing(
            name,
            title,
            f"{title}: objects by class and by what they were detected as",
            confusion_figure(cells, names),
        )


FIGURES = {
    kind.name: kind
    for kind in (
        FigureKind(
            "distribution", "objects per class, and what sampling draws", _distribution, RECORDS
        ),
        FigureKind("weights", "the class weights in the config", _weights, WEIGHTS),
        FigureKind(
            "forecast",
            "the share of the loss that each class is expected to have",
            _forecast,
            WEIGHTS,
        ),
        FigureKind("ap", "average precision per class, and its changes", _precision, METRICS),
        FigureKind("curves", "precision-recall curves", _curves, METRICS),
        FigureKind("confusion", "which classes are taken for which", _confusion, METRICS),
    )
}
