"""`sample --plot`: what was drawn, as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfod_weights.figures.classes import ClassShare, distribution_figure
from tfod_weights.figures.drawing import Drawing, figure_format
from tfod_weights.figures.style import drawing_style, require_plotting
from tfod_weights.files import StrPath

if TYPE_CHECKING:
    from tfod_weights.sampling.result import DrawnClasses


def require_plot(path: StrPath) -> None:
    """Check that a figure can be drawn and written, before the work that it shows.

    Raises:
        UsageError: the file's name has no ending of a figure.
        TfodWeightsError: matplotlib is not installed.
    """
    figure_format(path)
    require_plotting()


def plot_drawn(drawn: DrawnClasses, path: StrPath) -> None:
    """Draw the class distribution before and after.

    Raises:
        UsageError: the file's name has no ending of a figure.
        TfodWeightsError: matplotlib is not installed, or the file cannot be written.
    """
    require_plot(path)
    shares = [
        ClassShare(row.name, row.objects, row.share, row.drawn_share) for row in drawn.classes
    ]
    title = f"{drawn.images:,} images, {drawn.drawn_images:,} drawn"
    with drawing_style():
        figure = distribution_figure(shares, is_sampled=True)
        Drawing("drawn", title, title, figure).write(path)
