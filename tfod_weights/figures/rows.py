"""One number per class and series: a row of dots per class, or curves where there are many."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Optional, Sequence

from tfod_weights.figures.ranks import rank_figure
from tfod_weights.figures.style import BEFORE, MUTED, PAPER, narrow, new_figure
from tfod_weights.figures.values import Axis, Row, Series, add_legend, set_ticks

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MANY = 40  # more classes than this become a curve
_ROW = 0.27  # inches
_NAMES = 155.0  # points


def draw_rows(rows: Sequence[Row], series: Sequence[Series], axis: Axis) -> Figure:
    """A figure of the rows, in their order: from the most frequent class to the rarest."""
    if len(rows) > MANY:
        return rank_figure(rows, series, axis)
    return _dots(rows, series, axis)


def _dots(rows: Sequence[Row], series: Sequence[Series], axis: Axis) -> Figure:
    figure = new_figure(0.95 + _ROW * len(rows))
    axes = figure.add_subplot()
    draw_dots(axes, rows, series, is_log=axis.is_log, start=axis.reference)
    low, high = _limits(rows, axis)
    axes.set_xlim(low, high)
    for place, row in enumerate(rows):
        known = [value for value in row.values if value is not None]
        end = max([*known, low if axis.reference is None else axis.reference])
        text = _values_text(row, series, axis)
        axes.annotate(
            text,
            (max(end, low), place),
            (7, 0),
            textcoords="offset points",
            va="center",
            color=MUTED,
            fontsize=8.5,
        )
    axes.set_xlabel(axis.label)
    set_ticks(axes.xaxis, axis)
    add_legend(figure, series)
    return figure


def _values_text(row: Row, series: Sequence[Series], axis: Axis) -> str:
    """The values of a row, such as `85% → 83%` where the first is what was before."""
    between = " → " if series[0].is_hollow else " · "
    return between.join("–" if value is None else axis.text(value) for value in row.values)


def draw_dots(
    axes: Any,
    rows: Sequence[Row],
    series: Sequence[Series],
    *,
    is_log: bool = False,
    start: Optional[float] = None,
) -> None:
    """Draw a dot for every value, joined by a line, and name the rows.

    Args:
        axes: Where to draw.
        rows: From top to bottom.
        series: One per value of a row.
        is_log: Whether the axis is logarithmic.
        start: Where the line of a row starts; None: at its first value.
    """
    if is_log:
        axes.set_xscale("log")
    for place, row in enumerate(rows):
        known = [v for v in row.values if v is not None and (v > 0 or not is_log)]
        ends = known if start is None else [start, *known]
        if len(ends) > 1:
            color = series[-1].color if len(series) <= 2 else BEFORE
            axes.plot([min(ends), max(ends)], [place] * 2, color=color, alpha=0.35, lw=2.5)
    for index, one in enumerate(series):
        points = [(r.values[index], place) for place, r in enumerate(rows)]
        shown = [(v, place) for v, place in points if v is not None and (v > 0 or not is_log)]
        axes.plot(
            [v for v, _ in shown],
            [place for _, place in shown],
            one.marker,
            color=one.color,
            markersize=6.5,
            markeredgewidth=1.6,
            markerfacecolor=PAPER if one.is_hollow else None,
        )
    if start is not None:
        axes.axvline(start, color=MUTED, lw=1)
    axes.set_yticks(range(len(rows)), [narrow(row.name, _NAMES, 9.5) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", visible=False)


def _limits(rows: Sequence[Row], axis: Axis) -> tuple[float, float]:
    """The ends of the axis, with room for the texts on the right."""
    values = [value for row in rows for value in row.values if value is not None]
    values += [] if axis.reference is None else [axis.reference]
    if not axis.is_log:
        return 0.0, 1.2 * max([*values, 1e-9])
    logs = [math.log10(value) for value in values if value > 0] or [0.0]
    span = max(max(logs) - min(logs), 0.3)
    room = 0.22 if len(rows[0].values) == 1 else 0.45
    return 10 ** (min(logs) - 0.12 * span), 10 ** (max(logs) + room * span)
