"""Figures of average precision: all that is written in them can be read, all runs told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tfod_weights.evaluation import Change
from tfod_weights.figures.drawing import _titled
from tfod_weights.figures.precision import (
    PrecisionRow,
    precision_figure,
    precision_title,
    run_series,
)
from tfod_weights.figures.style import drawing_style

pytest.importorskip("matplotlib", reason="pip install 'tfod-weights[plot]'")


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    """That of all figures."""
    with drawing_style():
        yield


def made_row(name: str, aps: Sequence[float]) -> PrecisionRow:
    """A class whose AP becomes another from run to run."""
    first, *others = aps
    changes = [Change(ap - first, ap - first - 0.03, ap - first + 0.03, first, ap) for ap in others]
    return PrecisionRow(name, 10.0, tuple(aps), tuple(changes))


def made_figure(names: Sequence[str], runs: Sequence[str], highest: float = 0.6) -> Any:
    """A figure of a group and classes."""
    aps = [highest * (place + 1) / len(runs) for place in range(len(runs))]
    rows = [made_row(name, [ap * 0.9**place for ap in aps]) for place, name in enumerate(names)]
    return precision_figure([made_row("all classes", aps)], rows, runs)


def drawn(figure: Any) -> Any:
    """What measures the texts of a figure, once it is drawn."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas.get_renderer()


@pytest.mark.filterwarnings("ignore:Glyph")  # letters that no font has
@pytest.mark.parametrize(
    ("letter", "letters", "classes", "runs"),
    [
        ("a", 3, 1, 1),
        ("a", 16, 5, 2),
        ("a", 26, 5, 3),
        ("a", 26, 40, 2),
        ("a", 200, 41, 3),
        ("W", 26, 5, 2),
        ("W", 200, 2, 9),
        ("\u5b57", 16, 5, 1),
        ("\u5b57", 200, 5, 3),
    ],
)
def test_all_that_is_written_is_within_the_figure(
    letter: str, letters: int, classes: int, runs: int
) -> None:
    names = [f"{place} {letter * letters}"[:letters] for place in range(classes)]
    called = [f"{place} {letter * letters}"[:letters] for place in range(runs)]
    figure = made_figure(names, called)
    with _titled(figure, precision_title(called, classes)):
        renderer = drawn(figure)
        for text in written(figure):
            box = text.get_window_extent(renderer)
            at = f"{text.get_text()!r} at {box}"
            assert min(box.x0, box.y0) >= -1, at
            assert box.x1 <= renderer.width + 1 and box.y1 <= renderer.height + 1, at


def written(figure: Any) -> list[Any]:
    """The texts of a figure that can be seen."""
    from matplotlib.text import Text

    beyond = [
        tick.label1
        for axes in figure.axes
        for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim()))
        for tick in axis.get_major_ticks()
        if not min(low, high) <= tick.get_loc() <= max(low, high)
    ]
    texts = figure.findobj(Text)
    return [one for one in texts if one.get_visible() and one.get_text() and one not in beyond]


@pytest.mark.parametrize("letters", [3, 26])
@pytest.mark.parametrize("highest", [0, 1e-6, 0.002, 0.013, 0.09, 0.55, 1])
@pytest.mark.parametrize("runs", [1, 2, 8])
def test_ticks_are_few_and_read_differently(letters: int, highest: float, runs: int) -> None:
    figure = made_figure(["c" * letters] * 5, [str(place) for place in range(runs)], highest)
    renderer = drawn(figure)
    for axes in figure.axes:
        low, high = axes.get_xlim()
        ticks = [t for t in axes.xaxis.get_major_ticks() if low <= t.get_loc() <= high]
        texts = [tick.label1.get_text() for tick in ticks]
        boxes = [tick.label1.get_window_extent(renderer) for tick in ticks]
        assert 2 <= len(texts) == len(set(texts)), texts
        assert all(left.x1 + 2 <= right.x0 for left, right in zip(boxes, boxes[1:])), texts


@pytest.mark.parametrize("runs", [2, 3, 8, 16])
def test_runs_can_be_told_apart_and_stay_in_their_row(runs: int) -> None:
    series = run_series([str(place) for place in range(runs)])
    assert len({(one.color, one.marker) for one in series}) == runs
    assert len({(one.color, one.line) for one in series}) == runs
    changes = made_figure(["a", "b"], [str(place) for place in range(runs)]).axes[1]
    dots = [line.get_ydata()[0] for line in changes.lines if len(line.get_ydata()) == 1]
    assert len(dots) == 3 * (runs - 1)
    assert all(abs(y - round(y)) <= 0.4 for y in dots)


@pytest.mark.parametrize(
    ("runs", "classes", "title"),
    [
        ([""], 3, "Average precision"),
        (["before", "after"], 50, "Average precision, before and after"),
        (["none", "sqrt", "focal"], 40, "Average precision of 3 runs"),
        (["none", "sqrt", "focal"], 41, "Average precision, first and last of 3 runs"),
    ],
)
def test_titles(runs: list[str], classes: int, title: str) -> None:
    assert precision_title(runs, classes) == title
