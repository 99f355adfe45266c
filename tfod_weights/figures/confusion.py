"""The confusion matrix; of many classes, the pairs that are confused most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Collection, Mapping, NamedTuple, Sequence

from tfod_weights.evaluation.confusion import nothing_among
from tfod_weights.figures.rows import draw_rows
from tfod_weights.figures.style import AFTER, INK, PAPER, new_figure, short
from tfod_weights.figures.values import Axis, Row, Series
from tfod_weights.report.numbers import count_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MATRIX = 20  # classes of a matrix that can still be read
_PAIRS = 25
NO_OBJECT, NOT_DETECTED = "no object", "not detected"


class Pair(NamedTuple):
    """Objects of one class that were taken for another.

    Attributes:
        class_id: Of the objects.
        detected_as: What they were taken for.
        number: How many.
        share: Of all objects of the class.
    """

    class_id: int
    detected_as: int
    number: int
    share: float


def worst_pairs(cells: Mapping[tuple[int, int], int], class_ids: Collection[int]) -> list[Pair]:
    """The classes that are taken for others, most often first.

    >>> worst_pairs({(1, 1): 6, (1, 2): 2, (2, 1): 3, (1, 0): 2, (0, 1): 9}, [1, 2])
    [Pair(class_id=2, detected_as=1, number=3, share=1.0), \
Pair(class_id=1, detected_as=2, number=2, share=0.2)]
    """
    classes, totals = set(class_ids), dict[int, int]()
    for (class_id, _), number in cells.items():
        totals[class_id] = totals.get(class_id, 0) + number
    pairs = [
        Pair(class_id, seen, number, number / totals[class_id])
        for (class_id, seen), number in cells.items()
        if {class_id, seen} <= classes and class_id != seen and number > 0
    ]
    return sorted(pairs, key=lambda pair: (-pair.number, -pair.share, pair[:2]))


def confusion_figure(cells: Mapping[tuple[int, int], int], names: Mapping[int, str]) -> Figure:
    """What objects of each class were detected as.

    Args:
        cells: (class_id, class_id detected as) -> objects.
        names: class_id -> name, of every class, in the order of rows and columns.
    """
    if len(names) > MATRIX:
        return _pairs_figure(worst_pairs(cells, names)[:_PAIRS], names)
    return _matrix_figure(cells, names)


def _pairs_figure(pairs: Sequence[Pair], names: Mapping[int, str]) -> Figure:
    rows = [
        Row(f"{short(names[p.class_id], 18)} as {short(names[p.detected_as], 18)}", (p.number,))
        for p in pairs
    ]
    label = "objects taken for another class"
    axis = Axis(label, count_text, count_text, is_log=False, is_whole=True)
    return draw_rows(rows, [Series("objects", AFTER)], axis)


def _matrix_figure(cells: Mapping[tuple[int, int], int], names: Mapping[int, str]) -> Figure:
    rows = [*names, nothing_among(names)]
    numbers = [[cells.get((row, column), 0) for column in rows] for row in rows]
    shares = [_shares(line) for line in numbers]
    shares[-1][-1] = float("nan")  # no object that is not detected: nobody counts those
    side = min(0.5, 4.4 / len(rows))
    figure = new_figure(1.2 + side * len(rows))
    axes = figure.add_subplot()
    axes.pcolormesh(
        shares, cmap=_colors(), vmin=0, vmax=1, edgecolors=PAPER, linewidth=1.5, snap=True
    )
    _write_numbers(axes, numbers, shares)
    places = [index + 0.5 for index in range(len(rows))]
    labels = [short(names[class_id], 18) for class_id in names]
    axes.set_yticks(places, [*labels, NO_OBJECT])
    turned = len(rows) > 5
    axes.set_xticks(
        places,
        [*labels, NOT_DETECTED],
        rotation=45 if turned else 0,
        ha="right" if turned else "center",
        rotation_mode="anchor",
    )
    axes.set_ylim(len(rows), 0)
    axes.set_xlabel("detected as")
    axes.set_ylabel("objects")
    axes.tick_params(axis="x", labelcolor=INK, length=0, labelsize=9.5)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return figure


def _shares(numbers: Sequence[int]) -> list[float]:
    total = sum(numbers) or 1
    return [number / total for number in numbers]


def _write_numbers(
    axes: Any, numbers: Sequence[Sequence[int]], shares: Sequence[Sequence[float]]
) -> None:
    last = len(numbers) - 1
    for row, line in enumerate(numbers):
        for column, number in enumerate(line):
            if number or row == column != last:
                axes.text(
                    column + 0.5,
                    row + 0.5,
                    count_text(number),
                    ha="center",
                    va="center",
                    fontsize=9 if last < 11 else 7,
                    color=PAPER if shares[row][column] > 0.55 else INK,
                )


def _colors() -> Any:
    """From nearly nothing to one colour, so that they suit a dark page as well."""
    from matplotlib.colors import LinearSegmentedColormap, to_rgb

    return LinearSegmentedColormap.from_list("shares", [(*to_rgb(AFTER), 0.06), AFTER])
