"""Figures of average precision: before, after and the change, class by class."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Optional, Sequence

from tfod_weights.figures.extremes import name_extremes
from tfod_weights.figures.rows import MANY, draw_dots
from tfod_weights.figures.style import AFTER, MUTED, SERIES, WARM, new_figure, short
from tfod_weights.figures.values import Row, Series, add_legend
from tfod_weights.report.evaluations import metric_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tfod_weights.evaluation.comparison import Change

_ROW = 0.27  # inches
_INTERVAL = 0.055  # inches that each run has of a row, at least
_SHIFT = 0.18  # of a row, from run to run, at most
_SPAN = 0.01  # the least that an axis shows; ticks have three decimals
_SHAPES = (("o", "-"), ("s", "--"), ("D", ":"), ("^", "-."))


@dataclass(frozen=True)
class PrecisionRow:
    """AP of one class or group.

    Attributes:
        name: Its name.
        objects: In the training records, else in the images of the evaluation; None for a group.
        values: AP in each run; None without objects.
        changes: From the first run to each of the others; None where they are not known.
    """

    name: str
    objects: Optional[float]
    values: tuple[Optional[float], ...]
    changes: tuple[Optional[Change], ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether the objects are in enough images for the last change to mean anything."""
        change = self.changes[-1] if self.changes else None
        return change is None or change.enough_images

    @property
    def step(self) -> Optional[float]:
        """The change from the first run to the last; of a single run its AP."""
        first, last = self.values[0], self.values[-1]
        if len(self.values) == 1 or first is None or last is None:
            return last
        return last - first


def precision_figure(
    groups: Sequence[PrecisionRow], classes: Sequence[PrecisionRow], runs: Sequence[str]
) -> Figure:
    """AP per group and class; of many classes, AP or its change by how frequent they are.

    Args:
        groups: The groups, `all` first.
        classes: The classes, the most frequent first.
        runs: What the runs are called.
    """
    if len(classes) > MANY:
        return _scatter(classes, runs)
    return _forest(groups, classes, runs)


def precision_title(runs: Sequence[str], classes: int) -> str:
    """What `precision_figure` shows of runs and so many classes."""
    title = "Average precision"
    if len(runs) == 1:
        return title
    if len(runs) == 2:
        return f"{title}, before and after"
    if classes <= MANY:
        return f"{title} of {len(runs)} runs"
    return f"{title}, first and last of {len(runs)} runs"


def run_series(runs: Sequence[str]) -> list[Series]:
    """Colours of the runs; the first is grey where there are others.

    Where there are more runs than colours, shapes and lines tell them apart, too.
    """
    if len(runs) == 1:
        return [Series("AP", AFTER)]
    looks = itertools.cycle((color, False, *shape) for shape in _SHAPES for color in SERIES[1:])
    others = [Series(name, *look) for name, look in zip(runs[1:], looks)]
    return [Series(runs[0], SERIES[0], is_hollow=True), *others]


# -- a row per class ------------------------------------------------------------------------


def _forest(
    groups: Sequence[PrecisionRow], classes: Sequence[PrecisionRow], runs: Sequence[str]
) -> Figure:
    rows = [*groups, *classes]
    series = run_series(runs)
    has_changes = any(change for row in rows for change in row.changes)
    height = max(_ROW, _INTERVAL * (len(series) - 1))
    figure = new_figure((1.2 if has_changes else 1.05) + height * len(rows))
    if has_changes:
        axes, beside = figure.subplots(1, 2, sharey=True, width_ratios=(1.25, 1))
        _draw_changes(beside, rows, series, height)
    else:
        axes = figure.add_subplot()
        for place, row in enumerate(rows):
            known = [value for value in row.values if value is not None]
            text = " → ".join(map(metric_text, row.values))
            _beside(axes, max(known, default=0.0), place, text)
    draw_dots(axes, [Row(row.name, row.values) for row in rows], series)
    highest = max((v for row in rows for v in row.values if v is not None), default=0.0)
    end = max(_SPAN, highest * (1.08 if has_changes else 1.3))
    axes.set_xlim(-0.02 * end, end)
    axes.set_xlabel("AP")
    _few_ticks(axes.xaxis, 4, metric_text)
    _set_apart(figure, len(groups))
    add_legend(figure, series)
    return figure


def _draw_changes(
    axes: Any, rows: Sequence[PrecisionRow], series: Sequence[Series], height: float
) -> None:
    """The change of every row with its interval; rows are so many inches high."""
    candidates = len(series) - 1
    apart = min(_SHIFT, 0.8 / candidates)
    size = min(5.0, 1.45 * 72 * height * apart)
    for index in range(candidates):
        shift = apart * (index - (candidates - 1) / 2)
        for place, row in enumerate(rows):
            change = row.changes[index] if index < len(row.changes) else None
            if change is None:
                continue
            color, marker = series[index + 1].color, series[index + 1].marker
            alpha = 1.0 if change.enough_images else 0.4
            ends, y = [change.low, change.high], place + shift
            axes.plot(ends, [y, y], color=color, lw=0.36 * size, alpha=alpha)
            axes.plot([change.value], [y], marker, color=color, ms=size, alpha=alpha, mew=0)
    axes.axvline(0, color=MUTED, lw=1)
    axes.set_xlabel("change of AP,\nwith interval")  # long names leave little room
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", visible=False)
    axes.tick_params(axis="y", labelleft=False)
    axes.set_xlim(_spanned(*axes.get_xlim()))
    _few_ticks(axes.xaxis, 3, signed)


def _spanned(low: float, high: float) -> tuple[float, float]:
    """The ends of an axis of changes, not so near to each other that ticks read the same."""
    return (low, high) if high - low >= _SPAN else (low - _SPAN / 2, high + _SPAN / 2)


def _set_apart(figure: Figure, groups: int) -> None:
    """A line between the groups and the classes."""
    for axes in figure.axes if groups else ():
        axes.axhline(groups - 0.5, color=MUTED, lw=0.8)


def _beside(axes: Any, x: float, y: float, text: str) -> None:
    axes.annotate(
        text,
        (x, y),
        (7, 0),
        textcoords="offset points",
        va="center",
        color=MUTED,
        fontsize=8.5,
    )


def _few_ticks(dimension: Any, steps: int, text: Callable[[float], str]) -> None:
    """At most so many steps between ticks, which are written without zeros at their ends."""
    from matplotlib.ticker import MaxNLocator

    dimension.set_major_locator(MaxNLocator(steps, steps=[1, 2, 5, 10]))
    dimension.set_major_formatter(lambda value, _: text(value).rstrip("0").rstrip(".") or "0")


def signed(change: float) -> str:
    """A change of a metric, its sign always written.

    >>> signed(0.0312), signed(-0.2), signed(0)
    ('+.031', '−.200', '.000')
    """
    text = metric_text(abs(change))
    if float(f"{change:.3f}") == 0:
        return text
    return f"+{text}" if change > 0 else f"−{text}"


# -- many classes -------------------------------------------------------------------------


def _scatter(classes: Sequence[PrecisionRow], runs: Sequence[str]) -> Figure:
    shown = [row for row in classes if row.step is not None and row.objects]
    is_change = len(runs) > 1
    figure = new_figure(3.8)
    axes, names = figure.subplots(1, 2, width_ratios=(2.4, 1.7))
    axes.set_xscale("log")
    for color, is_sure in itertools.product((AFTER, WARM), (False, True)):
        part = [row for row in shown if (_color(row, is_change), row.is_sure) == (color, is_sure)]
        size = max(1.8, min(4.5, 300 / (len(shown) or 1)))
        axes.plot(
            [row.objects for row in part],
            [row.step for row in part],
            "o",
            color=color,
            ms=size,
            mew=0,
            alpha=0.8 if is_sure else 0.3,
        )
    if is_change:
        axes.axhline(0, color=MUTED, lw=1)
    axes.set_xlabel(f"objects ({len(shown):,} classes)")
    axes.set_ylabel(f"change of AP, {short(runs[-1], 20)}" if is_change else "AP")
    axes.tick_params(axis="y", labelcolor=MUTED, labelsize=8.5)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value >= 1 else "")
    axes.yaxis.set_major_formatter(lambda value, _: (signed if is_change else metric_text)(value))
    sure = [row for row in shown if row.is_sure] or shown
    ordered = sorted(((row.name, row.step or 0.0) for row in sure), key=lambda item: -item[1])
    if is_change:
        gained = [(name, signed(step)) for name, step in ordered if step > 0]
        lost = [(name, signed(step)) for name, step in reversed(ordered) if step < 0]
        name_extremes(names, ("gained most", gained), ("lost most", lost))
    else:
        best = [(name, metric_text(ap)) for name, ap in ordered]
        name_extremes(names, ("best", best), ("worst", best[::-1]))
    return figure


def _color(row: PrecisionRow, is_change: bool) -> str:
    return WARM if is_change and (row.step or 0.0) < 0 else AFTER
