"""`tfod-weights sample`."""

from __future__ import annotations

import argparse

from tfod_weights.cli import options

SUMMARY = "show which classes TFOD's input pipeline draws"
DESCRIPTION = """\
Run TFOD's own training input, class_sampling included, and show how often each
class is in the records and how often it was drawn. Images are not decoded.
Needs TFOD and TensorFlow."""
EXAMPLE = """\
  tfod-weights sample pipeline.config --epochs 20
  tfod-weights sample pipeline.config --epochs 20 --plot classes.png"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("config", metavar="CONFIG", help="pipeline.config")
    parser.add_argument(
        "--epochs",
        metavar="N",
        type=int,
        default=1,
        help="passes over the records (default: %(default)s)",
    )
    parser.add_argument("--label-map", metavar="FILE", help="instead of the one the config names")
    parser.add_argument("--plot", metavar="FILE", help="also draw it: .png, .svg or .pdf")
    options.add_format(parser, ("table", "json"))


def run(arguments: argparse.Namespace) -> int:
    """Draw, count and print."""
    from tfod_weights import enable, report
    from tfod_weights.figures.drawn import plot_drawn, require_plot
    from tfod_weights.runtime.quiet import quieten_tensorflow
    from tfod_weights.runtime.sampling.draw import draw_config

    if arguments.plot:
        require_plot(arguments.plot)
    quieten_tensorflow()
    enable()
    with report.progress_bar("drawing", "images") as progress:
        drawn = draw_config(
            arguments.config,
            passes=arguments.epochs,
            label_map=arguments.label_map,
            progress=progress,
        )
    if arguments.format == "json":
        options.print_json(report.drawn_json(drawn))
    else:
        report.console().print(report.drawn_table(drawn))
    if arguments.plot:
        plot_drawn(drawn, arguments.plot)
    return 0
