"""How figures look, and how they become files.

The colours tell apart for all kinds of colour vision (Okabe and Ito 2008, after Wong 2011,
doi:10.1038/nmeth.1618) and in grey; what comes first is grey and hollow besides.
"""

from __future__ import annotations

import importlib.util
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Iterator, Mapping
from unicodedata import east_asian_width

from tfod_weights.errors import TfodWeightsError
from tfod_weights.report.terminal import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, MUTED, LINE, PAPER = "#1c242b", "#5d6973", "#dde3e8", "#ffffff"
BEFORE, AFTER, WARM = "#87939c", "#0072b2", "#d55e00"
SERIES = (BEFORE, AFTER, WARM, "#009e73", "#a65e8c", "#56b4e9")

WIDTH = 5.1  # inches; a phone shows it at about three quarters of its size
FORMATS = ("png", "svg", "pdf")
_NAME = 26  # characters of a class name
_DPI = 150
# Letters of the scripts that matplotlib's own font lacks, where they are installed.
_FURTHER_FONTS = ("Noto Sans CJK JP", "Noto Sans", "Arial Unicode MS", "Microsoft YaHei")

_SETTINGS: Mapping[str, Any] = {
    "font.size": 9.5,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": LINE,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "text.parse_math": False,  # a class may be called $1
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.major.size": 0,
    "ytick.minor.size": 0,
    "xtick.minor.size": 0,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "lines.solid_capstyle": "round",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "svg.fonttype": "none",
    "svg.hashsalt": "tfod-weights",
    "pdf.fonttype": 42,
}


def require_plotting() -> None:
    """Check that figures can be drawn, before the work that they show.

    Raises:
        TfodWeightsError: matplotlib is not installed.
    """
    if importlib.util.find_spec("matplotlib") is None:
        help = "pip install 'tfod-weights[plot]'"
        raise TfodWeightsError("matplotlib is not installed", help=help)


@contextmanager
def drawing_style() -> Iterator[None]:
    """The settings of all figures, whatever the user's own are."""
    import logging

    import matplotlib
    from matplotlib.font_manager import fontManager

    installed = {font.name for font in fontManager.ttflist}
    family = ["DejaVu Sans", *(name for name in _FURTHER_FONTS if name in installed)]
    silenced = logging.getLogger("matplotlib.font_manager")
    level = silenced.level
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({**_SETTINGS, "font.family": family})
        silenced.setLevel(logging.ERROR)
        try:
            yield
        finally:
            silenced.setLevel(level)


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """An empty figure, sizes in inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def content(figure: Figure, format: str) -> bytes:
    """A figure as a file, the same bytes for the same figure.

    Args:
        figure: Drawn in `drawing_style`.
        format: One of FORMATS.
    """
    file = io.BytesIO()
    dates = {"png": {}, "svg": _NO_METADATA, "pdf": {"CreationDate": None}}
    background = "none" if format == "svg" else PAPER
    with drawing_style(), _any_letters():
        figure.savefig(file, format=format, dpi=_DPI, metadata=dates[format], facecolor=background)
    return file.getvalue()


@contextmanager
def _any_letters() -> Iterator[None]:
    """Do not warn of letters that no font has."""
    import warnings

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")
        yield


def text_width(text: str, size: float) -> float:
    """How wide a text of a font size will be, both in points; within `drawing_style`."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(size=size)
    with _any_letters():
        return float(text_to_path.get_text_width_height_descent(text, font, False)[0])


_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def short(name: str, length: int = _NAME) -> str:
    """A class name that fits beside an axis.

    Args:
        name: The name.
        length: In letters; wide ones count as two.

    >>> short("a" * 20 + " of some make or other", 20), short("血小板" * 4, 12)
    ('aaaaaaaaaaaa…r other', '血小板…小板')
    """
    shown = printable(name)
    if _cells(shown) <= length:
        return shown
    tail = (length - 1) * 2 // 5
    start = _fitting(shown, length - 1 - tail).rstrip()
    return f"{start}…{_fitting(shown[::-1], tail)[::-1].lstrip()}"


def narrow(name: str, room: float, size: float, length: int = _NAME) -> str:
    """A class name that fits, be it in capitals; within `drawing_style`.

    Args:
        name: The name.
        room: In points.
        size: Of the font, in points.
        length: As of `short`.
    """
    lengths = range(length, 1, -1)
    fitting = (short(name, one) for one in lengths if text_width(short(name, one), size) <= room)
    return next(fitting, "…")


def _cells(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _fitting(text: str, cells: int) -> str:
    """As much of the start of a text as fits."""
    ends = range(len(text), -1, -1)
    return next(text[:end] for end in ends if _cells(text[:end]) <= cells)
