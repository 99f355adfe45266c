"""`tfod-weights explain`."""

from __future__ import annotations

import argparse

from tfod_weights.cli import options
from tfod_weights.errors import UsageError
from tfod_weights.report.terminal import print_text

SUMMARY = "explain a finding of check: what it means and how to mend it"
DESCRIPTION = """\
Print the page of a finding: what it means, what TFOD does, how to mend it
and an example. Without ID, list all findings with their severity."""
EXAMPLE = """\
  tfod-weights explain checkpoint-missing
  tfod-weights explain"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("id", metavar="ID", nargs="?", help="as `check` prints it in [brackets]")
    options.add_format(parser, ("text", "json"))


def run(arguments: argparse.Namespace) -> int:
    """Print a page or the list."""
    from tfod_weights import report
    from tfod_weights.checking import FINDINGS
    from tfod_weights.checking.pages import page

    if arguments.id is not None:
        if arguments.format == "json":
            raise UsageError("a page has no JSON", help="leave out ID for the list of all findings")
        print_text(page(arguments.id.strip("[]")))
    elif arguments.format == "json":
        options.print_json(report.kinds_json(FINDINGS))
    else:
        report.console().print(report.kinds_text(FINDINGS))
    return 0
