"""`tfod-weights report`."""

from __future__ import annotations

import argparse

from tfod_weights.cli import options
from tfod_weights.cli.outputs import require_output
from tfod_weights.report.terminal import print_file, say

SUMMARY = "write one HTML page about a config and its models"
DESCRIPTION = """\
Write one HTML page that needs no other file and no network: the classes before
and after sampling, their weights and expected share of the loss, what TFOD
drops, what `check` finds, metrics before and after with intervals, curves,
confusion, and what was put into the config. What is not at hand, such as
records, is left out, and the page says so. Needs matplotlib."""
EXAMPLE = """\
  tfod-weights report pipeline.config -o report.html
  tfod-weights report pipeline.config before.json after.json -o report.html"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    options.add_report_inputs(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        default="report.html",
        help="write here, - for standard output (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Gather, draw and write."""
    from tfod_weights.report import progress_bar
    from tfod_weights.reporting import report_config

    require_output(arguments.output)
    report = report_config(
        arguments.config,
        arguments.metrics,
        label_map=arguments.label_map,
        stages=progress_bar,
        **options.intervals(arguments),
    )
    if arguments.output == "-":
        print_file(report.html)
        return 0
    report.write(arguments.output)
    say(f"wrote {arguments.output}")
    return 0
