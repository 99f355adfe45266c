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
    from tfod_weights.pipeline import PipelineConfig
    from tfod_weights.pipeline.rewritten import RewrittenConfig
    from tfod_weights.pipeline.strip import stripped

    config = PipelineConfig.load(arguments.config)
    result = RewrittenConfig(config.path, config.text, stripped(config))
    if options.to_stdout(arguments):
        print_file(result.text)
        return 0
    if result.changed:
        report.console().print(report.diff_lines(result.diff()))
    if not arguments.dry_run:
        result.write(arguments.output)
    if not result.changed:
        say("no class weights in it")
    if result.changed or (arguments.output is not None and not arguments.dry_run):
        say(options.written(result, arguments))
    return 0
