"""A figure that is drawn: as a file, as SVG inside a page, or in a notebook."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Iterator

from tfod_weights.errors import UsageError
from tfod_weights.figures.style import (
    AFTER,
    BEFORE,
    FORMATS,
    INK,
    LINE,
    MUTED,
    PAPER,
    WARM,
    content,
)
from tfod_weights.files import StrPath, replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Colours that a page may set otherwise, such as on a dark screen; CSS has --ink and so on.
_VARIABLES = {
    INK: "ink",
    MUTED: "muted",
    LINE: "line",
    PAPER: "paper",
    BEFORE: "before",
    AFTER: "after",
    WARM: "warm",
}
_TITLE_HEIGHT = 0.3  # inches
_TAG = re.compile(r"<[^>]*>")  # neither a text nor an attribute has a > in it
_COLOR = re.compile(r"(?<=: )#[0-9a-f]{6}(?=[;\"])")
_ID = re.compile(r'(?<= id=")|(?<=url\(#)|(?<=href="#)')


@dataclass(frozen=True)
class Drawing:
    """A figure.

    Attributes:
        name: Of its file, without the ending.
        title: What it shows, in a few words.
        text: What it shows, for those who cannot see it.
        figure: matplotlib's.
    """

    name: str
    title: str
    text: str
    figure: Figure

    def write(self, path: StrPath) -> None:
        """Write the figure, in the format that the path ends with.

        Raises:
            UsageError: the path does not end with one of FORMATS.
            TfodWeightsError: the file cannot be written.
        """
        format = figure_format(path)
        with _titled(self.figure, self.title):
            written = content(self.figure, format)
        with replacing(path) as file:
            file.write(written)

    def inline_svg(self, prefix: str = "") -> str:
        """The figure as an <svg> element without title; the same text for the same figure.

        Text stays text, colours follow the CSS variables of the page, ids begin with the name
        of the figure.

        Args:
            prefix: Before every id, where a page has figures of the same name.
        """
        svg = content(self.figure, "svg").decode("utf-8")
        svg = svg[svg.index("<svg") :]
        width, height = (float(n) for n in re.findall(r' (?:width|height)="([\d.]+)pt"', svg)[:2])
        opening = (
            f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}pt" '
            f'role="img" aria-labelledby="{prefix}{self.name}-title">'
        )
        body = svg[svg.index(">") + 1 :].strip()
        body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)

        def tag(match: re.Match[str]) -> str:
            with_ids = _ID.sub(f"{prefix}{self.name}-", match[0].replace("xlink:href", "href"))
            return _COLOR.sub(_variable, with_ids)

        body = _TAG.sub(tag, body)
        return f"{opening}\n{_title(prefix + self.name, self.text)}{body}"

    def _repr_png_(self) -> bytes:
        return content(self.figure, "png")


@contextmanager
def _titled(figure: Figure, title: str) -> Iterator[None]:
    """Give a figure a title, above its legend if it has one, and room for it."""
    from matplotlib.font_manager import FontProperties

    width, height = figure.get_size_inches()
    font = FontProperties(family="DejaVu Sans", size=11, weight="bold")
    figure.set_size_inches(width, height + _TITLE_HEIGHT)
    legend = figure.legends[0] if figure.legends else None
    if legend is None:
        above = figure.suptitle(title, x=0.01, ha="left", fontproperties=font)
        above.set_in_layout(True)
    else:
        legend.set_title(title, prop=font)
    try:
        yield
    finally:
        figure.set_size_inches(width, height)
        if legend is None:
            figure.suptitle("").set_in_layout(False)
        else:
            legend.set_title("")


def figure_format(path: StrPath) -> str:
    """The format that a file's name ends with.

    Raises:
        UsageError: none of FORMATS.
    """
    ending = Path(path).suffix[1:].lower()
    if ending not in FORMATS:
        endings = ", ".join(f".{one}" for one in FORMATS)
        raise UsageError(f"{path}: a figure's name ends with one of {endings}")
    return ending


def _title(name: str, text: str) -> str:
    from html import escape

    return f'<title id="{name}-title">{escape(text)}</title>\n'


def _variable(match: re.Match[str]) -> str:
    color = match.group()
    return f"var(--{_VARIABLES[color]}, {color})" if color in _VARIABLES else color
