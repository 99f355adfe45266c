"""Every figure by its name, drawn from what is known of a config and its models."""

from __future__ import annotations

from typing import Callable, Iterator, Mapping, NamedTuple, Optional, Sequence

from tfod_weights.errors import UsageError
from tfod_weights.figures import FIGURES, config_drawings, metric_drawings
from tfod_weights.figures.drawing import Drawing
from tfod_weights.figures.style import drawing_style
from tfod_weights.overview import METRICS, RECORDS, Overview
from tfod_weights.progress import Progress
from tfod_weights.suggestions import closest

WEIGHTS = "weights"


class _Kind(NamedTuple):
    """How a figure is drawn, once or several times; not at all where what it needs is missing."""

    draw: Callable[[Overview], Iterator[Drawing]]
    needs: str


_KINDS: Mapping[str, _Kind] = {
    "distribution": _Kind(config_drawings.distribution, RECORDS),
    "weights": _Kind(config_drawings.weights, WEIGHTS),
    "forecast": _Kind(config_drawings.forecast, WEIGHTS),
    "ap": _Kind(metric_drawings.precision, METRICS),
    "curves": _Kind(metric_drawings.curves, METRICS),
    "confusion": _Kind(metric_drawings.confusion, METRICS),
}


def draw_figures(
    overview: Overview, names: Sequence[str] = (), progress: Optional[Progress] = None
) -> list[Drawing]:
    """Draw figures.

    Args:
        overview: What is known.
        names: Keys of FIGURES; nothing: all that can be drawn.
        progress: Called with (figures done, figures in all).

    Raises:
        UsageError: a figure that was asked for cannot be drawn.
    """
    require_figures(names)
    drawings: list[Drawing] = []
    asked = tuple(dict.fromkeys(names)) or tuple(_KINDS)
    with drawing_style():
        for done, name in enumerate(asked, start=1):
            found = list(_KINDS[name].draw(overview))
            if not found and names:
                raise _cannot_be_drawn(name, overview)
            drawings += found
            if progress:
                progress(done, len(asked))
    return drawings


def require_figures(names: Sequence[str]) -> None:
    """Check names, before the work that the figures show.

    Raises:
        UsageError: one is none of FIGURES.
    """
    for name in names:
        if name not in FIGURES:
            guess = closest(name, FIGURES)
            help = f"did you mean {guess}?" if guess else f"there are: {', '.join(FIGURES)}"
            raise UsageError(f"no figure is called {name!r}", help=help)


def _cannot_be_drawn(name: str, overview: Overview) -> UsageError:
    needs = _KINDS[name].needs
    missing = next((one for one in overview.missing if one.what in (needs, RECORDS)), None)
    if needs == WEIGHTS and not overview.weights:
        help = f"`tfod-weights patch {overview.path}` writes them"
        return UsageError(f"figure {name}: the config has no class weights", help=help)
    if missing:
        return UsageError(f"figure {name}: {missing.why}", help=missing.help)
    return UsageError(f"figure {name}: there is nothing to draw")
