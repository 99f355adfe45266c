"""Figures as files, drawn with matplotlib (the extra `plot`)."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tfod_weights.errors import TfodWeightsError, UsageError
from tfod_weights.files import StrPath, replacing

if TYPE_CHECKING:
    from tfod_weights.sampling.result import DrawnClass, DrawnClasses

FORMATS = ("png", "svg", "pdf")
_BEFORE, _AFTER = "#b8c4ce", "#2a6f97"
_SHOWN = 60  # classes in one figure


def require_plotting(path: StrPath) -> None:
    """Check that a figure can be drawn, before the work that it shows.

    Raises:
        UsageError: the file's name has no ending of FORMATS.
        TfodWeightsError: matplotlib is not installed.
    """
    if Path(path).suffix[1:].lower() not in FORMATS:
        endings = ", ".join(f".{one}" for one in FORMATS)
        raise UsageError(f"{path}: a figure's name ends with one of {endings}")
    if importlib.util.find_spec("matplotlib") is None:
        help = "pip install 'tfod-weights[plot]'"
        raise TfodWeightsError("matplotlib is not installed", help=help)


def plot_drawn(drawn: DrawnClasses, path: StrPath) -> None:
    """Draw the class distribution before and after: a pair of bars per class, the share on a
    logarithmic axis. Of many classes, the most frequent and the rarest are shown.

    Raises:
        TfodWeightsError: the file cannot be written.
    """
    require_plotting(path)
    from matplotlib.figure import Figure

    rows = _to_show(drawn)
    figure = Figure(figsize=(7.2, 1.6 + 0.32 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    _draw_bars(axes, rows)
    axes.set_title(f"{drawn.images:,} images, {drawn.drawn_images:,} drawn", loc="left")
    content = io.BytesIO()
    figure.savefig(content, format=Path(path).suffix[1:].lower(), dpi=150)
    with replacing(path) as file:
        file.write(content.getvalue())


def _to_show(drawn: DrawnClasses) -> list[DrawnClass]:
    rows = sorted(drawn.classes, key=lambda row: -row.share)
    half = _SHOWN // 2
    return rows if len(rows) <= _SHOWN else [*rows[:half], *rows[-half:]]


def _draw_bars(axes: Any, rows: list[DrawnClass]) -> None:
    places = range(len(rows))
    height = 0.38
    before = [100 * row.share for row in rows]
    after = [100 * row.drawn_share for row in rows]
    axes.barh([place - height / 2 for place in places], before, height, color=_BEFORE)
    axes.barh([place + height / 2 for place in places], after, height, color=_AFTER)
    axes.legend(["in the records", "drawn"], loc="lower right", frameon=False)
    axes.set_yticks(list(places), [row.name for row in rows])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    axes.set_xlabel("share of all objects")
    axes.spines[["top", "right"]].set_visible(False)
