"""`tfod-weights strip`."""

from __future__ import annotations

import argparse

from tfod_weights.cli import options
from tfod_weights.report.terminal import print_file, say

SUMMARY = "remove class weights from a config"
DESCRIPTION = """\
Remove everything that `patch` can add. Stripping a patched config gives the
original, byte for byte; the result is what stock TFOD reads."""
EXAMPLE = "  tfod-weights strip pipeline.config"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("config", metavar="CONFIG", help="pipeline.config")
    options.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Strip, write, show the change."""
    from tfod_weights import report
    from tfod_weights.files import read_text, write_atomically
    from tfod_weights.pipeline import strip_config
    from tfod_weights.pipeline.diff import unified_diff

    text = strip_config(arguments.config)
    if arguments.output == "-":
        print_file(text)
        return 0
    diff = unified_diff(read_text(arguments.config), text, arguments.config)
    if diff:
        report.console().print(report.diff_lines(diff))
    if not arguments.dry_run:
        write_atomically(arguments.output or arguments.config, text)
    say("no class weights in it" if not diff else "stripped")
    return 0
