"""`tfod-weights weights`."""

from __future__ import annotations

import argparse

from tfod_weights.cli import options
from tfod_weights.cli.count import counted

SUMMARY = "compute class weights from TFRecords"
DESCRIPTION = """\
Count the classes in TFRecords and compute a weight for each. Nothing is
written."""
EXAMPLE = """\
  tfod-weights weights 'data/train.record*' --label-map data/label_map.pbtxt"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    options.add_inputs(parser)
    options.add_scheme_options(parser)
    options.add_format(parser, ("table", "json"))


def run(arguments: argparse.Namespace) -> int:
    """Count, weigh and print."""
    from tfod_weights import report
    from tfod_weights.weighting import class_weights

    weights = class_weights(counted(arguments), **options.scheme_settings(arguments))
    if arguments.format == "json":
        options.print_json(report.weights_json(weights))
    else:
        report.console().print(report.weights_table(weights))
    return 0
