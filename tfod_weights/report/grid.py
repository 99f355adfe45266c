"""A table that fits its terminal: bars shrink first, then names, numbers never."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Sequence

from tfod_weights.report.terminal import printable

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

GAP = 2
BAR_WIDTH = 24
MIN_BAR_WIDTH = 8
MIN_NAME_WIDTH = 8
NAME_WIDTH_BESIDE_BAR = 16
EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True)
class Column:
    """One column of text.

    Attributes:
        title: Its header.
        cells: One text per row.
        is_name: Left-aligned and cut where the terminal is narrow; the others are right-aligned.
        rank: Columns are left out where the terminal is narrow, the highest rank first; 0 stays.
    """

    title: str
    cells: Sequence[str]
    is_name: bool = False
    rank: int = 0


@dataclass(frozen=True)
class Grid:
    """A rich renderable: header, rule, rows, and a bar after each row.

    Attributes:
        columns: From left to right, exactly one of them with names.
        bars: Length of every row's bar, from 0 to 1; no room is kept for them if all are 0.
        styles: The rich style of every row.
    """

    columns: Sequence[Column]
    bars: Sequence[float]
    styles: Sequence[str]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines as segments, without spaces at their ends."""
        from rich.segment import Segment

        layout = fit(_printable(self.columns, options.encoding), options.max_width)
        if self.bars and not any(self.bars):
            layout = replace(layout, bar_width=0)
        ascii_only = options.ascii_only
        titles = layout.line([column.title for column in layout.columns], ascii_only)
        yield Segment(titles.rstrip(), console.get_style("bold"))
        yield Segment.line()
        yield Segment(("-" if ascii_only else "─") * layout.width, console.get_style("dim"))
        yield Segment.line()
        for index, (length, style) in enumerate(zip(self.bars, self.styles)):
            text = layout.line([column.cells[index] for column in layout.columns], ascii_only)
            has_bar = length and layout.bar_width
            yield Segment(text if has_bar else text.rstrip(), console.get_style(style))
            if has_bar:
                text = " " * GAP + bar(length, layout.bar_width, ascii_only)
                yield Segment(text, console.get_style("cyan"))
            yield Segment.line()


@dataclass(frozen=True)
class Layout:
    """The columns that fit and their widths in terminal cells; 0 for no bar."""

    columns: Sequence[Column]
    widths: Sequence[int]
    bar_width: int

    @property
    def width(self) -> int:
        """The width of the widest line."""
        return table_width(self.widths) + (GAP + self.bar_width if self.bar_width else 0)

    def line(self, cells: Sequence[str], ascii_only: bool = False) -> str:
        """The cells side by side, padded and cut to their columns."""
        texts = (
            left_aligned(cell, width, ascii_only) if column.is_name else right_aligned(cell, width)
            for cell, width, column in zip(cells, self.widths, self.columns)
        )
        return (" " * GAP).join(texts)


def fit(columns: Sequence[Column], width: int) -> Layout:
    """Fit columns and bars into `width` terminal cells.

    The bars shrink first, then the names, then columns go by rank. What remains may still be
    too wide: numbers are never cut.
    """
    natural = [max(map(cells_of, (column.title, *column.cells))) for column in columns]
    kept = list(zip(columns, natural))
    while True:
        name = next(size for column, size in kept if column.is_name)
        room = width - table_width([size for _, size in kept]) + name
        rank = max(column.rank for column, _ in kept)
        if room >= min(name, MIN_NAME_WIDTH) or not rank:
            break
        kept = [(column, size) for column, size in kept if column.rank != rank]
    bar_width = min(BAR_WIDTH, room - name - GAP)
    if bar_width < MIN_BAR_WIDTH:
        fits = room - MIN_BAR_WIDTH - GAP >= NAME_WIDTH_BESIDE_BAR
        bar_width = MIN_BAR_WIDTH if fits else 0
    room -= GAP + bar_width if bar_width else 0
    widths = [min(n, max(room, MIN_NAME_WIDTH)) if c.is_name else n for c, n in kept]
    return Layout([column for column, _ in kept], widths, bar_width)


def _printable(columns: Sequence[Column], encoding: str) -> list[Column]:
    """The columns with only such characters as the terminal shows."""
    return [
        replace(column, cells=[printable(cell, encoding) for cell in column.cells])
        for column in columns
    ]


def table_width(widths: Sequence[int]) -> int:
    """The width of columns side by side."""
    return sum(widths) + GAP * (len(widths) - 1)


def cells_of(text: str) -> int:
    """How many terminal cells a text takes; CJK characters take two."""
    from rich.cells import cell_len

    return cell_len(text)


def right_aligned(text: str, width: int) -> str:
    """The text after as many spaces as `width` leaves."""
    return " " * (width - cells_of(text)) + text


def left_aligned(text: str, width: int, ascii_only: bool) -> str:
    """The text in exactly `width` terminal cells, its end marked where it is cut.

    >>> left_aligned("traffic light", 8, ascii_only=False)
    'traffic…'
    """
    from rich.cells import set_cell_size

    if cells_of(text.rstrip()) <= width:  # spaces at the end are padding
        return set_cell_size(text, width)
    mark = "..." if ascii_only else "…"
    return set_cell_size(text, width - len(mark)) + mark


def bar(length: float, width: int, ascii_only: bool) -> str:
    """A bar of `length` (0 to 1) of `width` cells, in eighths of a cell; never empty.

    >>> bar(0.5, 5, ascii_only=False), bar(0.5, 5, ascii_only=True), bar(0.001, 5, False)
    ('██▌', '###', '▏')
    """
    if ascii_only:
        return "#" * max(1, int(length * width + 0.5))
    full, eighths = divmod(max(1, int(length * width * 8 + 0.5)), 8)
    return EIGHTHS[8] * full + EIGHTHS[eighths].strip()
