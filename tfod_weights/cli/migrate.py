"""`tfod-weights migrate`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tfod_weights.cli import options
from tfod_weights.report.terminal import print_file, say

if TYPE_CHECKING:
    from tfod_weights.migration import MigratedConfig

SUMMARY = "turn what the web says into what TFOD reads"
DESCRIPTION = """\
Mend a config that was copied from somewhere: comments with //, typographic
quotes, paths without quotes, commas, names and values that TFOD spells
otherwise, fields in the wrong block, names of TensorFlow 1, missing blocks.
Every edit is reported with its reason; all else stays, to the byte. What
TFOD reads and builds already is not changed.

Each edit is
  certain  nothing else can be meant
  likely   have a look
  default  it was missing; a common value was filled in

Exit code 0: TFOD reads the result. 1: what is mended is written, but some
things are left that only you can decide; all of them are listed. 2: the file
cannot be read, or not even its brackets and quotes make sense; nothing is
written."""
EXAMPLE = """\
  tfod-weights migrate pipeline.config --dry-run
  tfod-weights migrate copied.config -o pipeline.config"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("config", metavar="CONFIG", help="pipeline.config, or a part of one")
    options.add_output(parser)
    options.add_format(parser, ("text", "json"))


def run(arguments: argparse.Namespace) -> int:
    """Migrate, write, list the edits and what is left."""
    from tfod_weights.migration import migrate_config

    to_stdout = options.to_stdout(arguments)
    result = migrate_config(arguments.config)
    if to_stdout:
        print_file(result.text)
    elif not arguments.dry_run:
        result.write(arguments.output)
    _print(result, arguments, stderr=to_stdout)
    return int(bool(result.leftovers))


def _print(result: MigratedConfig, arguments: argparse.Namespace, *, stderr: bool) -> None:
    from tfod_weights import report

    if arguments.format == "json":
        options.print_json(report.migration_json(result))
        return
    console = report.console(stderr=stderr)
    parts = [
        (result.edits, report.edits_text(result.edits)),
        (result.leftovers, report.leftovers_text(result.leftovers)),
        (arguments.dry_run and result.changed, report.diff_lines(result.diff())),
    ]
    for number, part in enumerate(part for is_there, part in parts if is_there):
        if number:
            console.print()
        console.print(part, end="")
    lines = [report.migration_summary(result), *(f"note: {note}" for note in result.notes)]
    if not stderr:
        lines.append(options.written(result, arguments))
    say("\n".join(lines))
