"""Reports: a page, and figures, about a config and the models that were trained with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Optional, Sequence

from tfod_weights.figures.style import require_plotting
from tfod_weights.files import StrPath, write_atomically
from tfod_weights.overview import config_overview
from tfod_weights.progress import Stages, no_progress

if TYPE_CHECKING:
    from tfod_weights.figures.drawing import Drawing


@dataclass(frozen=True)
class Report:
    """A report.

    Attributes:
        path: The config that it is about.
        html: The page; it needs no other file and no network.
    """

    path: str
    html: str

    def write(self, path: StrPath) -> None:
        """Write the page.

        Raises:
            TfodWeightsError: the file cannot be written; what was there is untouched.
        """
        write_atomically(path, self.html)


def report_config(
    path: StrPath,
    metrics: Sequence[StrPath] = (),
    *,
    label_map: Optional[StrPath] = None,
    stages: Stages = no_progress,
    **intervals: Any,
) -> Report:
    """Report on a config: its classes, weights, findings and, with metrics, on its models.

    What cannot be known, such as counts of records that are not at hand, is left out, and the
    page says so.

    Args:
        path: The config.
        metrics: Files that `evaluate` wrote. One: its metrics; several: the first is what was
            before, the others are compared with it.
        label_map: Use this label map instead of the one that the config names.
        stages: Progress of each stage, such as `report.progress_bar`.
        **intervals: `resamples`, `seed` and `confidence`, as for `compare_files`.

    Raises:
        ConfigError: the config cannot be read.
        EvaluationError: metrics cannot be read, or not be compared.
        TfodWeightsError: matplotlib is not installed.
    """
    require_plotting()
    from tfod_weights.figures.catalogue import draw_figures
    from tfod_weights.report.page import html_page

    overview = config_overview(path, metrics, label_map=label_map, stages=stages, **intervals)
    with stages("drawing", "figures") as progress:
        html = html_page(overview, draw_figures(overview), progress)
    return Report(overview.path, html)


def plot_figures(
    path: StrPath,
    metrics: Sequence[StrPath] = (),
    *,
    figures: Sequence[str] = (),
    label_map: Optional[StrPath] = None,
    stages: Stages = no_progress,
    **intervals: Any,
) -> tuple[Drawing, ...]:
    """Draw the figures of a report, to be written one by one: `.write("ap.png")`.

    Args:
        path: The config.
        metrics: As for `report_config`.
        figures: Which: distribution, weights, forecast, ap, curves, confusion. None: all that
            can be drawn.
        label_map: Use this label map instead of the one that the config names.
        stages: Progress of each stage.
        **intervals: `resamples`, `seed` and `confidence`, as for `compare_files`.

    Raises:
        ConfigError: the config cannot be read.
        EvaluationError: metrics cannot be read, or not be compared.
        UsageError: a figure that was asked for is unknown, or cannot be drawn.
        TfodWeightsError: matplotlib is not installed.
    """
    require_plotting()
    from tfod_weights.figures.catalogue import draw_figures, require_figures

    require_figures(figures)  # before the records are read, which may take long
    overview = config_overview(path, metrics, label_map=label_map, stages=stages, **intervals)
    with stages("drawing", "figures") as progress:
        return tuple(draw_figures(overview, figures, progress))
