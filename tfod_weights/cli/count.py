"""`tfod-weights count`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tfod_weights.cli import options

if TYPE_CHECKING:
    from tfod_weights.counting import ClassCounts

SUMMARY = "count objects and images per class in TFRecords"
DESCRIPTION = """\
Count what TFOD would train on: objects and images per class, and the boxes
that TFOD drops, with the reason."""
EXAMPLE = """\
  tfod-weights count 'data/train.record*' --label-map data/label_map.pbtxt"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    options.add_inputs(parser)
    options.add_format(parser, ("table", "json", "csv"))


def counted(arguments: argparse.Namespace) -> ClassCounts:
    """Count the inputs of the command line, with a progress bar on a terminal."""
    from tfod_weights.counting import count_classes
    from tfod_weights.report import progress_bar

    label_map = options.load_label_map(arguments.label_map)
    with progress_bar("counting") as progress:
        return count_classes(
            options.input_patterns(arguments.inputs),
            label_map,
            max_number_of_boxes=arguments.max_boxes,
            input_type=arguments.input_type,
            verify=arguments.verify,
            jobs=arguments.jobs,
            progress=progress,
        )


def run(arguments: argparse.Namespace) -> int:
    """Count and print."""
    from tfod_weights import report

    counts = counted(arguments)
    if arguments.format == "json":
        options.print_json(report.counts_json(counts))
    elif arguments.format == "csv":
        print(report.counts_csv(counts), end="")
    else:
        report.console().print(report.counts_table(counts))
    return 0
