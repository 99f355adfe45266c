"""Tables of a page: sorted by a click, searched by name, and readable without either."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Generic, Optional, Sequence, TypeVar, Union

from tfod_weights.report.page.html import Markup, Part, element
from tfod_weights.wording import number_of

Row = TypeVar("Row")

LONG = 20  # rows from which a table can be searched and scrolls in a box of its own
PRINTED = 100  # rows of a table that are printed


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column.

    Attributes:
        title: Its header.
        text: What a row's cell shows.
        number: What it is sorted by; None for a column of texts.
        hint: More about the title.
    """

    title: str
    text: Callable[[Row], Part]
    number: Optional[Callable[[Row], Optional[float]]] = None
    hint: Optional[str] = None


def table(columns: Sequence[Column[Row]], rows: Sequence[Row], *, caption: str) -> Markup:
    """A table in a box that it scrolls in.

    Args:
        columns: The first one names the row.
        rows: From top to bottom.
        caption: What it shows, for those who cannot see it.
    """
    head = element("tr", [_header(column) for column in columns])
    body = [element("tr", _cells(columns, row), "\n") for row in rows]
    long = len(rows) > LONG
    inner = element(
        "table",
        element("caption", caption),
        element("thead", head),
        "\n",
        element("tbody", body),
        class_="sortable",
    )
    box = element("div", inner, class_="scroll long" if long else "scroll", tabindex="0")
    return element("div", box, _printed_note(len(rows)), class_="table", data_search=long)


def _header(column: Column[Row]) -> Markup:
    kind = "number" if column.number else None
    return element("th", column.title, scope="col", class_=kind, title=column.hint)


def _cells(columns: Sequence[Column[Row]], row: Row) -> list[Markup]:
    return [
        _cell("th" if place == 0 else "td", column, row) for place, column in enumerate(columns)
    ]


def _cell(tag: str, column: Column[Row], row: Row) -> Markup:
    scope = "row" if tag == "th" else None
    if column.number is None:
        return element(tag, column.text(row), scope=scope)
    number = column.number(row)
    value = None if number is None else f"{number:.6g}"
    return element(tag, column.text(row), scope=scope, class_="number", data_v=value)


def _printed_note(rows: int) -> Optional[Markup]:
    if rows <= PRINTED:
        return None
    text = f"Printed: the first {PRINTED} of {number_of(rows, 'row')}."
    return element("p", text, class_="print-only")


def facts(pairs: Sequence[tuple[str, Union[str, Markup]]]) -> Markup:
    """Names and values, side by side."""
    groups = [element("div", element("dt", name), element("dd", value)) for name, value in pairs]
    return element("dl", groups, class_="facts")
