"""One number per class and series: a row of dots per class, or curves where there are many."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Optional, Sequence

from tfod_weights.figures.style import INK, LINE, MUTED, PAPER, new_figure, short

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MANY = 40  # more classes than this become a curve
_NAMED = 4  # classes named at each end of a curve
_DOTS = 600  # of one series; more cannot be told apart
_ROW = 0.27  # inches


@dataclass(frozen=True)
class Row:
    """One class.

    Attributes:
        name: The class's name.
        values: One per series; None where it is not known.
    """

    name: str
    values: tuple[Optional[float], ...]


@dataclass(frozen=True)
class Series:
    """What a dot of a row stands for."""

    label: str
    color: str
    is_hollow: bool = False


@dataclass(frozen=True)
class Axis:
    """The axis of the values.

    Attributes:
        label: What they are.
        text: How a value is written.
        is_log: Whether the axis is logarithmic.
        reference: A value that others are compared with, such as the weight 1.
    """

    label: str
    text: Callable[[float], str]
    is_log: bool = True
    reference: Optional[float] = None


def draw_rows(rows: Sequence[Row], series: Sequence[Series], axis: Axis) -> Figure:
    """A figure of the rows, in their order: from the most frequent class to the rarest."""
    if len(rows) > MANY:
        return _curves(rows, series, axis)
    return _dots(rows, series, axis)


# -- a row per class ------------------------------------------------------------------------


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
    _tick_texts(axes.xaxis, axis)
    add_legend(figure, series)
    return figure


def _values_text(row: Row, series: Sequence[Series], axis: Axis) -> str:
    """The values of a row, such as `85% → 83%` where the first is what was before."""
    between = " → " if series[0].is_hollow else "  "
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
            color = series[-1].color
            axes.plot([min(ends), max(ends)], [place] * 2, color=color, alpha=0.35, lw=2.5)
    for index, one in enumerate(series):
        points = [(r.values[index], place) for place, r in enumerate(rows)]
        shown = [(v, place) for v, place in points if v is not None and (v > 0 or not is_log)]
        axes.plot(
            [v for v, _ in shown],
            [place for _, place in shown],
            "o",
            color=one.color,
            markersize=6.5,
            markeredgewidth=1.6,
            markerfacecolor=PAPER if one.is_hollow else None,
        )
    if start is not None:
        axes.axvline(start, color=MUTED, lw=1)
    axes.set_yticks(range(len(rows)), [short(row.name) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", visible=False)


def add_legend(figure: Figure, series: Sequence[Series]) -> None:
    """Say above the axes what the dots of several series stand for."""
    from matplotlib.lines import Line2D

    if len(series) < 2:
        return
    handles = [
        Line2D(
            [],
            [],
            marker="o",
            linestyle="",
            color=one.color,
            markersize=6.5,
            markeredgewidth=1.6,
            markerfacecolor=PAPER if one.is_hollow else None,
        )
        for one in series
    ]
    labels = [short(one.label, 40) for one in series]
    figure.legend(
        handles,
        labels,
        loc="outside upper left",
        ncols=min(3, len(series)),
        handletextpad=0.2,
        columnspacing=1.4,
        borderpad=0.1,
        alignment="left",
    )


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


def _tick_texts(dimension: Any, axis: Axis) -> None:
    """Few ticks, written as the values are."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

    dimension.set_major_formatter(FuncFormatter(lambda value, _: axis.text(value)))
    dimension.set_minor_formatter(NullFormatter())
    if not axis.is_log:
        dimension.set_major_locator(MaxNLocator(5))
        return
    low, high = sorted(dimension.get_view_interval())
    few = high / low < (100 if dimension.axis_name == "x" else 1000)
    dimension.set_major_locator(LogLocator(subs=(1, 2, 5) if few else (1,), numticks=8))


# -- curves -----------------------------------------------------------------------------------


def _curves(rows: Sequence[Row], series: Sequence[Series], axis: Axis) -> Figure:
    figure = new_figure(3.6)
    axes, names = figure.subplots(1, 2, width_ratios=(3.1, 1.5))
    if axis.is_log:
        axes.set_yscale("log")
    for index, one in enumerate(series):
        points = [
            (rank, row.values[index])
            for rank, row in enumerate(rows, start=1)
            if row.values[index] and (row.values[index] or 0) > 0
        ]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        if ys == sorted(ys, reverse=True) or ys == sorted(ys):
            axes.plot(xs, ys, color=one.color, lw=1.8)
        else:
            step = math.ceil(len(xs) / _DOTS)
            size = _size(len(rows))
            axes.plot(xs[::step], ys[::step], "o", color=one.color, ms=size, mew=0, alpha=0.8)
    if axis.reference is not None:
        axes.axhline(axis.reference, color=MUTED, lw=1)
    axes.set_xlim(0.5 - 0.02 * len(rows), len(rows) * 1.02 + 0.5)
    axes.set_xlabel(f"{len(rows):,} classes, the most frequent first")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_ylabel(axis.label)
    axes.tick_params(axis="y", labelcolor=MUTED, labelsize=8.5)
    axes.grid(axis="x", visible=False)
    _tick_texts(axes.yaxis, axis)
    _name_extremes(names, rows, axis)
    add_legend(figure, series)
    return figure


def _size(number: int) -> float:
    """Of dots that stand close, in points."""
    return max(1.6, min(4.0, 260 / number))


def _name_extremes(axes: Any, rows: Sequence[Row], axis: Axis) -> None:
    """The classes at both ends, beside the curve, where nothing lies in their way."""
    axes.axis("off")
    ordered = sorted((r for r in rows if r.values[-1]), key=lambda r: -(r.values[-1] or 0.0))
    named = min(_NAMED, len(ordered) // 2)
    for heading, part, top in (
        ("largest", ordered[:named], 1.0),
        ("smallest", ordered[len(ordered) - named :], 0.46),
    ):
        axes.text(0, top, heading, color=MUTED, fontsize=8.5, va="top", transform=axes.transAxes)
        for number, row in enumerate(part, start=1):
            y = top - 0.098 * number
            assert row.values[-1] is not None
            value = axis.text(row.values[-1])
            for x, text, side in ((0, short(row.name, 17), "left"), (1, value, "right")):
                axes.text(
                    x,
                    y,
                    text,
                    color=INK,
                    fontsize=8.5,
                    va="top",
                    ha=side,
                    transform=axes.transAxes,
                )
        if top == 1.0:
            axes.plot([0, 1], [0.5, 0.5], color=LINE, lw=0.8, transform=axes.transAxes)
