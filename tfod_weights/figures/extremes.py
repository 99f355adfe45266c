"""The classes at both ends of many, beside a figure, where nothing lies in their way."""

from __future__ import annotations

from typing import Any, Sequence

from tfod_weights.figures.style import INK, LINE, MUTED, short

_NAMED = 4  # classes at each end
_LINE = 0.098  # of the height
_LETTERS = 22  # of a name and its value together


Named = Sequence[tuple[str, str]]  # names of classes, and their values


def name_extremes(axes: Any, above: tuple[str, Named], below: tuple[str, Named]) -> None:
    """Write the first few of two lists, one above the other, each after its heading.

    Args:
        axes: Where to write; nothing else is in it.
        above: Heading and classes, from the outermost on.
        below: The same from the other end.
    """
    axes.axis("off")
    for (heading, classes), top in ((above, 1.0), (below, 0.46)):
        _write(axes, 0, top, heading, MUTED)
        if not classes:
            _write(axes, 0, top - _LINE, "none", INK)
        for number, (name, value) in enumerate(classes[:_NAMED], start=1):
            _write(axes, 0, top - _LINE * number, short(name, _LETTERS - len(value)), INK)
            _write(axes, 1, top - _LINE * number, value, INK)
    axes.plot([0, 1], [0.5, 0.5], color=LINE, lw=0.8, transform=axes.transAxes)


def _write(axes: Any, x: float, y: float, text: str, color: str) -> None:
    side = "right" if x else "left"
    place = axes.transAxes
    axes.text(x, y, text, color=color, fontsize=8.5, va="top", ha=side, transform=place)
