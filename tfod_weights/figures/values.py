"""Values of classes, and the axes and legends that they have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Optional, Sequence

from tfod_weights.figures.style import PAPER, short

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
        tick: How it is written along the axis.
        is_log: Whether the axis is logarithmic.
        reference: A value that others are compared with, such as the weight 1.
    """

    label: str
    text: Callable[[float], str]
    tick: Callable[[float], str]
    is_log: bool = True
    reference: Optional[float] = None


def add_legend(figure: Figure, series: Sequence[Series], *, are_lines: bool = False) -> None:
    """Say above the axes what the dots or lines of several series stand for."""
    from matplotlib.lines import Line2D

    if len(series) < 2:
        return
    handles = [
        Line2D(
            [],
            [],
            marker="" if are_lines else "o",
            linestyle="-" if are_lines else "",
            linewidth=1.8,
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
        handletextpad=0.6 if are_lines else 0.2,
        handlelength=1.2 if are_lines else 2.0,
        columnspacing=1.4,
        borderpad=0.1,
        borderaxespad=0.2,
        alignment="left",
    )


def set_ticks(dimension: Any, axis: Axis) -> None:
    """Few ticks on an axis of matplotlib, written as the values are."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

    dimension.set_major_formatter(FuncFormatter(lambda value, _: axis.tick(value)))
    dimension.set_minor_formatter(NullFormatter())
    if not axis.is_log:
        dimension.set_major_locator(MaxNLocator(5))
        return
    low, high = sorted(dimension.get_view_interval())
    few = high / low < (100 if dimension.axis_name == "x" else 1000)
    dimension.set_major_locator(LogLocator(subs=(1, 2, 5) if few else (1,), numticks=8))
