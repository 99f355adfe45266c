"""`tfod-weights count`."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tfod_weights.cli import beam_options, options
from tfod_weights.report.terminal import print_text, say

if TYPE_CHECKING:
    from tfod_weights.counting import ClassCounts

SUMMARY = "count objects and images per class in TFRecords"
DESCRIPTION = """\
Count what TFOD would train on: objects and images per class, and the boxes
that TFOD drops, with the reason."""
EXAMPLE = """\
  tfod-weights count 'data/train.record*' --label-map data/label_map.pbtxt
  tfod-weights count 'data/train.record*' --beam --runner DirectRunner"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options; everything after --beam may be Beam's."""
    parser.usage = "tfod-weights count [-h] INPUT [INPUT ...] [OPTION ...] [--beam FLAG ...]"
    options.add_inputs(parser)
    _add_format(parser)
    beam_options.add_beam(parser, _add_options)


def _add_options(parser: argparse.ArgumentParser) -> None:
    options.add_reading(parser)
    _add_format(parser)


def _add_format(parser: argparse.ArgumentParser) -> None:
    options.add_format(parser, ("table", "json", "csv"))


def counted(arguments: argparse.Namespace) -> ClassCounts:
    """Count the inputs of the command line, with a progress bar on a terminal."""
    from tfod_weights.counting import count_classes
    from tfod_weights.report import progress_bar

    patterns, reading = options.input_patterns(arguments.inputs), options.reading(arguments)
    with progress_bar("counting") as progress:
        return count_classes(patterns, **reading, jobs=arguments.jobs, progress=progress)


def _counted_with_beam(arguments: argparse.Namespace) -> ClassCounts:
    from tfod_weights.beam.launch import count_with_beam

    return count_with_beam(
        options.input_patterns(arguments.inputs),
        flags=arguments.beam,
        show_log=_show_log if sys.stderr.isatty() else None,
        **options.reading(arguments),
        skip_corrupt=arguments.skip_corrupt,
    )


def _show_log(path: str) -> None:
    say(f"counting with Beam; what it does meanwhile: tail -f {path}")


def run(arguments: argparse.Namespace) -> int:
    """Count and print."""
    from tfod_weights import report

    beam_options.require_consistent(arguments)
    counts = counted(arguments) if arguments.beam is None else _counted_with_beam(arguments)
    if arguments.format == "json":
        options.print_json(report.counts_json(counts))
    elif arguments.format == "csv":
        print_text(report.counts_csv(counts))
        for sentence in report.skipped_sentences(counts):
            report.console(stderr=True).print(sentence)
    else:
        report.console().print(report.counts_table(counts))
    return 0
