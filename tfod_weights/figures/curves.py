"""Precision-recall curves, a small panel per class."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Sequence

from tfod_weights.figures.style import MUTED, narrow, new_figure
from tfod_weights.figures.values import Series, add_legend

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tfod_weights.evaluation.result import CurvePoint

PANELS = 12
_COLUMNS = 3
_PANEL = 105.0  # points


@dataclass(frozen=True)
class ClassCurves:
    """The curves of one class.

    Attributes:
        name: The class's name.
        runs: For every run, a curve per training.
    """

    name: str
    runs: tuple[tuple[Sequence[CurvePoint], ...], ...]


def curves_figure(classes: Sequence[ClassCurves], series: Sequence[Series], iou: float) -> Figure:
    """Precision by recall, the classes side by side on the same axes.

    Args:
        classes: At most PANELS of them.
        series: Of the runs.
        iou: Overlap from which a detection is right.
    """
    columns = min(_COLUMNS, len(classes)) or 1
    lines = math.ceil(len(classes) / columns)
    figure = new_figure(0.75 + 1.62 * lines * _COLUMNS / max(columns, 2))
    figure.set_layout_engine("constrained", h_pad=0.08)
    panels = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, one in zip(panels, classes):
        _draw(axes, one, series)
    for axes in panels[len(classes) :]:
        axes.axis("off")
    figure.supxlabel(f"recall, at IoU {iou:g}", color=MUTED, fontsize=9.5)
    figure.supylabel("precision", color=MUTED, fontsize=9.5)
    add_legend(figure, series, are_lines=True)
    return figure


def _draw(axes: Any, one: ClassCurves, series: Sequence[Series]) -> None:
    for curves, run in zip(one.runs, series):
        for points in curves:
            recall = [0.0, *(point.recall for point in points)]
            precision = [points[0].precision if points else 0.0] + [p.precision for p in points]
            width = 1.7 if len(curves) == 1 else 1.0
            axes.plot(
                recall, precision, run.line, color=run.color, lw=width, solid_joinstyle="round"
            )
    axes.set_title(narrow(one.name, _PANEL, 9, 20), fontsize=9, fontweight="normal")
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.05)
    axes.set_xticks([0, 0.5, 1], ["0", ".5", "1"])
    axes.set_yticks([0, 0.5, 1], ["0", ".5", "1"])
    axes.tick_params(axis="y", labelcolor=MUTED, labelsize=8.5)
