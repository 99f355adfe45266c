"""The classes at both ends of many, beside a figure, where nothing lies in their way."""

from __future__ import annotations

from typing import Any, Sequence

from tfod_weights.figures.style import INK, LINE, MUTED, short

_NAMED = 4  # classes at each end
_LINE = 0.098  # of the height
_NAME = 17  # characters


def name_extremes(axes: Any, headings: tuple[str, str], ordered: Sequence[tuple[str, str]]) -> None:
    """Write the first and the last classes with their values.

    Args:
        axes: Where to write; nothing else is in it.
        headings: Over the first and over the last.
        ordered: Name and value of every class, from one end to the other.
    """
    axes.axis("off")
    named = min(_NAMED, len(ordered) // 2)
    for heading, part, top in (
        (headings[0], ordered[:named], 1.0),
        (headings[1], ordered[len(ordered) - named :], 0.46),
    ):
        _write(axes, 0, top, heading, MUTED)
        for number, (name, value) in enumerate(part, start=1):
            _write(axes, 0, top - _LINE * number, short(name, _NAME), INK)
            _write(axes, 1, top - _LINE * number, value, INK)
    axes.plot([0, 1], [0.5, 0.5], color=LINE, lw=0.8, transform=axes.transAxes)


def _write(axes: Any, x: float, y: float, text: str, color: str) -> None:
    side = "right" if x else "left"
    place = axes.transAxes
    axes.text(x, y, text, color=color, fontsize=8.5, va="top", ha=side, transform=place)
