"""Many classes: a curve over their ranks, with the extremes named beside it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Optional, Sequence

from tfod_weights.figures.extremes import name_extremes
from tfod_weights.figures.style import MUTED, new_figure
from tfod_weights.figures.values import Axis, Row, Series, add_legend, set_ticks

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DOTS = 600  # of one series; more cannot be told apart


def rank_figure(rows: Sequence[Row], series: Sequence[Series], axis: Axis) -> Figure:
    """The values over the places of the classes; the arguments are those of `draw_rows`."""
    figure = new_figure(3.6)
    axes, beside = figure.subplots(1, 2, width_ratios=(2.4, 1.7))
    if axis.is_log:
        axes.set_yscale("log")
    for index, one in enumerate(series):
        _draw(axes, [row.values[index] for row in rows], one.color)
    if axis.reference is not None:
        axes.axhline(axis.reference, color=MUTED, lw=1)
    axes.set_xlim(0.5 - 0.02 * len(rows), len(rows) * 1.02 + 0.5)
    axes.set_xlabel(f"{len(rows):,} classes, the most frequent first")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_ylabel(axis.label)
    axes.tick_params(axis="y", labelcolor=MUTED, labelsize=8.5)
    axes.grid(axis="x", visible=False)
    set_ticks(axes.yaxis, axis)
    last = [(row.name, row.values[-1]) for row in rows if row.values[-1]]
    ordered = sorted(last, key=lambda item: -(item[1] or 0.0))
    named = [(name, axis.text(value or 0.0)) for name, value in ordered]
    half = len(named) // 2
    name_extremes(beside, ("largest", named[:half]), ("smallest", named[half:][::-1]))
    add_legend(figure, series, are_lines=True)
    return figure


def _draw(axes: Any, values: Sequence[Optional[float]], color: str) -> None:
    """A line if the values follow the ranks, else dots."""
    points = [(rank, value) for rank, value in enumerate(values, start=1) if value]
    ranks, known = [rank for rank, _ in points], [value for _, value in points]
    if known in (sorted(known), sorted(known, reverse=True)):
        axes.plot(ranks, known, color=color, lw=1.8)
        return
    step = math.ceil(len(known) / _DOTS)
    size = max(1.6, min(4.0, 260 / len(values)))
    axes.plot(ranks[::step], known[::step], "o", color=color, ms=size, mew=0, alpha=0.8)
