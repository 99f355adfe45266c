"""`tfod-weights plot`."""

from __future__ import annotations

import argparse

from tfod_weights.cli import options
from tfod_weights.figures import FIGURES
from tfod_weights.report.terminal import say

SUMMARY = "write the figures of a report, as PNG, SVG or PDF"
DESCRIPTION = """\
Write the figures of `report` as files, each by its name: distribution.png,
weights.png, and so on. Needs matplotlib."""
EXAMPLE = """\
  tfod-weights plot pipeline.config -o figures
  tfod-weights plot pipeline.config before.json after.json -o figures \\
      --figure ap --figure curves --format pdf"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    options.add_report_inputs(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FOLDER",
        default="figures",
        help="write into it; it is made where it is missing (default: %(default)s)",
    )
    named = "; ".join(f"{name}: {shows}" for name, shows in FIGURES.items())
    parser.add_argument(
        "--figure",
        metavar="NAME",
        action="append",
        default=[],
        help=f"only this one; may be given several times. {named}",
    )
    options.add_format(parser, ("png", "svg", "pdf"))


def run(arguments: argparse.Namespace) -> int:
    """Gather, draw and write."""
    from tfod_weights.folders import make_folder, require_possible_folder
    from tfod_weights.report import progress_bar
    from tfod_weights.reporting import plot_figures

    require_possible_folder(arguments.output)
    drawings = plot_figures(
        arguments.config,
        arguments.metrics,
        figures=arguments.figure,
        label_map=arguments.label_map,
        stages=progress_bar,
        **options.intervals(arguments),
    )
    folder = make_folder(arguments.output)
    for drawing in drawings:
        path = folder / f"{drawing.name}.{arguments.format}"
        drawing.write(path)
        say(f"wrote {path}")
    return 0
