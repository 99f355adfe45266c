"""Figures of the classes of a config: how frequent they are, their weights, what comes of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Iterable, Sequence

from tfod_weights.figures.rows import draw_rows
from tfod_weights.figures.style import AFTER, BEFORE, SERIES
from tfod_weights.figures.values import Axis, Row, Series
from tfod_weights.report.numbers import count_text, share_text, significant

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from tfod_weights.forecast import Forecast


@dataclass(frozen=True)
class ClassShare:
    """One class before and after sampling; both shares are of 1.

    Attributes:
        name: The class's name.
        objects: In the records.
        share: Of all objects in the records.
        drawn_share: Of all objects that were, or will be, drawn.
    """

    name: str
    objects: int
    share: float
    drawn_share: float


def distribution_figure(classes: Iterable[ClassShare], *, is_sampled: bool) -> Figure:
    """How frequent classes are: their objects, or their shares before and after sampling."""
    rows = sorted(classes, key=lambda row: -row.share)
    if not is_sampled:
        counts = [Row(row.name, (float(row.objects),)) for row in rows]
        return draw_rows(counts, [Series("objects", AFTER)], Axis("objects", count_text, tick_text))
    series = [Series("in the records", BEFORE, is_hollow=True), Series("drawn", AFTER)]
    shares = [Row(row.name, (row.share, row.drawn_share)) for row in rows]
    return draw_rows(shares, series, Axis("share of all objects", share_value, tick_share))


def weights_figure(names: Sequence[str], weights: Sequence[tuple[str, Sequence[float]]]) -> Figure:
    """Class weights, as multiples of 1.

    Args:
        names: Of the classes, the most frequent first.
        weights: What is weighted, and the weights in the order of `names`.
    """
    series = [Series(label, color) for (label, _), color in zip(weights, SERIES[1:])]
    rows = [
        Row(name, tuple(values[index] for _, values in weights)) for index, name in enumerate(names)
    ]
    return draw_rows(rows, series, Axis("class weight", weight_text, tick_text, reference=1.0))


def forecast_figure(forecast: Forecast, loss: str, called: str) -> Figure:
    """The share of each class in the loss without and with its weight.

    Args:
        forecast: With at least one class.
        loss: One of those in its `loss_shares`.
        called: What it is called, such as `loss` where it stands for both.
    """
    ordered = sorted((r for r in forecast.classes if r.objects), key=lambda row: -row.objects)
    before = "share of the objects drawn" if forecast.is_sampled else "share of the objects"
    series = [
        Series(before, BEFORE, is_hollow=True),
        Series(f"expected share of the {called}", AFTER),
    ]
    rows = [Row(row.name, (row.drawn_share, row.loss_shares[loss])) for row in ordered]
    return draw_rows(rows, series, Axis("share", share_value, tick_share))


def tick_text(number: float) -> str:
    """A round number."""
    return f"{number:,.0f}" if number >= 1000 else f"{number:g}"


def short_share(share: float) -> str:
    """A share of 1 in per cent, with as many decimals as it needs.

    >>> short_share(0.849), short_share(0.001234), short_share(0.5), short_share(2e-7)
    ('84.9%', '0.12%', '50%', '0.00002%')
    """
    percent = 100 * share
    if percent >= 1:
        return f"{percent:.3g}%"
    digits = 2 if percent >= 0.01 else 1
    decimals = digits - 1 - math.floor(math.log10(percent)) if percent > 0 else 0
    return f"{percent:.{decimals}f}%"


def tick_share(share: float) -> str:
    """A share along an axis, which may go on above 100%."""
    return short_share(share) if share <= 1 else ""


def share_value(share: float) -> str:
    """A share of 1 in per cent: one decimal, or more of one that is very small.

    >>> share_value(0.11), share_value(0.00012)
    ('11.0%', '0.012%')
    """
    return short_share(share) if 0 < share < 0.0005 else share_text(share)


def weight_text(weight: float) -> str:
    """A weight with three significant digits.

    >>> weight_text(0.7546), weight_text(1.3), weight_text(12345.0)
    ('0.755', '1.30', '12,345')
    """
    return f"{weight:,.0f}" if weight >= 1000 else significant(weight, 3)
