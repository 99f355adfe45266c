"""`tfod-weights forecast`."""

from __future__ import annotations

import argparse

from tfod_weights.cli import options

SUMMARY = "show what share of the loss each class is expected to have"
DESCRIPTION = """\
Count the records that a config trains on and show for each class its share
of the objects, of what sample_from_datasets_weights draws, and of the loss
under the class weights in the config. An expectation, not a measurement."""
EXAMPLE = "  tfod-weights forecast pipeline.config"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("config", metavar="CONFIG", help="pipeline.config")
    parser.add_argument("--label-map", metavar="FILE", help="instead of the one the config names")
    options.add_format(parser, ("table", "json"))


def run(arguments: argparse.Namespace) -> int:
    """Count, forecast and print."""
    from tfod_weights import report
    from tfod_weights.forecast import forecast_config

    with report.progress_bar("counting") as progress:
        forecast = forecast_config(
            arguments.config, label_map=arguments.label_map, progress=progress
        )
    if arguments.format == "json":
        options.print_json(report.forecast_json(forecast))
    else:
        report.console().print(report.forecast_table(forecast))
    return 0
