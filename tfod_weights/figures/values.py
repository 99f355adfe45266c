"""Values of classes, and the axes and legends that they have in common."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Optional, Sequence

from tfod_weights.figures.style import PAPER, narrow, text_width

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LABEL = 40  # letters of a name in a legend
_LEGEND_FONT = 9.0  # points
_LEGEND_LINE = 0.18  # inches
_HANDLE = 33.0  # points, of what stands before and after a name in a legend
_MARGIN = 10.0  # points; hinted letters are wider than those that are measured


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
    """What a dot of a row, or a line, stands for.

    Attributes:
        label: Its name.
        color: Of dots and lines.
        is_hollow: Whether dots are rings.
        marker, line: matplotlib's names of the shape of dots and the style of lines.
    """

    label: str
    color: str
    is_hollow: bool = False
    marker: str = "o"
    line: str = "-"


@dataclass(frozen=True)
class Axis:
    """The axis of the values.

    Attributes:
        label: What they are.
        text: How a value is written.
        tick: How it is written along the axis.
        is_log: Whether the axis is logarithmic.
        reference: A value that others are compared with, such as the weight 1.
        is_whole: Whether values are whole numbers.
    """

    label: str
    text: Callable[[float], str]
    tick: Callable[[float], str]
    is_log: bool = True
    reference: Optional[float] = None
    is_whole: bool = False


def add_legend(figure: Figure, series: Sequence[Series], *, are_lines: bool = False) -> None:
    """Say above the axes what the dots or lines of several series stand for.

    The figure grows by what more than one line of names takes.
    """
    from matplotlib.lines import Line2D

    if len(series) < 2:
        return
    width, height = figure.get_size_inches()
    room = 72 * width - _MARGIN
    labels = [narrow(one.label, room - _HANDLE, _LEGEND_FONT, _LABEL) for one in series]
    columns = _legend_columns(labels, room)
    lines = math.ceil(len(labels) / columns)
    figure.set_size_inches(width, height + _LEGEND_LINE * (lines - 1))
    handles = [
        Line2D(
            [],
            [],
            marker="" if are_lines else one.marker,
            linestyle=one.line if are_lines else "",
            linewidth=1.8,
            color=one.color,
            markersize=6.5,
            markeredgewidth=1.6,
            markerfacecolor=PAPER if one.is_hollow else None,
        )
        for one in series
    ]
    figure.legend(
        handles,
        labels,
        loc="outside upper left",
        ncols=columns,
        handletextpad=0.6 if are_lines else 0.2,
        handlelength=_line_length(series) if are_lines else 2.0,
        columnspacing=1.4,
        borderpad=0.1,
        borderaxespad=0.2,
        alignment="left",
    )


def _legend_columns(labels: Sequence[str], room: float) -> int:
    """How many columns of a legend fit side by side; matplotlib fills them one by one."""
    widths = [text_width(label, _LEGEND_FONT) + _HANDLE for label in labels]

    def width(columns: int) -> float:
        parts = [len(labels) // columns + (n < len(labels) % columns) for n in range(columns)]
        ends = itertools.accumulate(parts)
        return sum(max(widths[end - part : end]) for end, part in zip(ends, parts))

    return next((n for n in range(min(3, len(labels)), 1, -1) if width(n) <= room), 1)


def _line_length(series: Sequence[Series]) -> float:
    """Long enough to tell dashes from dots."""
    return 1.2 if all(one.line == "-" for one in series) else 2.2


def set_ticks(dimension: Any, axis: Axis) -> None:
    """Few ticks on an axis of matplotlib, written as the values are."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

    dimension.set_major_formatter(FuncFormatter(lambda value, _: axis.tick(value)))
    dimension.set_minor_formatter(NullFormatter())
    if not axis.is_log:
        dimension.set_major_locator(MaxNLocator(5, integer=axis.is_whole))
        return
    low, high = sorted(dimension.get_view_interval())
    few = high / low < (100 if dimension.axis_name == "x" else 1000)
    dimension.set_major_locator(LogLocator(subs=(1, 2, 5) if few else (1,), numticks=8))
