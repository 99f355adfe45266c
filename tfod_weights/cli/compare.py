"""`tfod-weights compare`."""

from __future__ import annotations

import argparse
import json

from tfod_weights.cli import options
from tfod_weights.cli.outputs import require_output
from tfod_weights.report.terminal import printable, say

SUMMARY = "whether a model got better, class by class"
DESCRIPTION = """\
Compare runs by the metrics of `tfod-weights evaluate`: the change of every
class and group against the first run, with intervals by resampling the images,
and a verdict. A run is a metrics.json, or several of trainings that differ in
their seed: a folder, a pattern in quotes, or a list with commas."""
EXAMPLE = """\
  tfod-weights compare stock.json weighted.json
  tfod-weights compare runs/stock 'runs/weighted/seed*.json' \\
    --fail-if 'head.AP < -0.01' --fail-if 'rare.AP.high < 0'"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("baseline", metavar="BASELINE", help="the run to compare with")
    parser.add_argument("candidates", metavar="CANDIDATE", nargs="+", help="what is compared")
    parser.add_argument(
        "--fail-if",
        metavar="CONDITION",
        action="append",
        default=[],
        help="exit with 1 if it holds for any candidate: CLASS.METRIC or GROUP.METRIC (rare, "
        "common, head, all; AP, AP50, AP75, precision, recall, F1), then < <= > or >= and a "
        "number from -1 to 1; .low or .high after the metric for an end of the interval; "
        "several times for several",
    )
    parser.add_argument(
        "--metric",
        choices=("AP", "AP50", "AP75", "precision", "recall", "F1"),
        default="AP",
        help="what the table is about (default: %(default)s)",
    )
    options.add_intervals(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="write all of it here, as JSON")
    options.add_format(parser, ("table", "json"))


def run(arguments: argparse.Namespace) -> int:
    """Compare, write and print."""
    from tfod_weights import report
    from tfod_weights.comparing import compare_files
    from tfod_weights.files import write_atomically

    require_output(arguments.output)
    with report.progress_bar("resampling", "parts") as progress:
        compared = compare_files(
            [arguments.baseline, *arguments.candidates],
            gates=arguments.fail_if,
            progress=progress,
            **options.intervals(arguments),
        )
    content = report.comparison_json(compared)
    if arguments.output:
        text = json.dumps(content, indent=2, ensure_ascii=False)
        write_atomically(arguments.output, f"{text}\n")
    if arguments.format == "json":
        options.print_json(content)
        for result in compared.failed:
            say(printable(report.gate_text(result)))
    else:
        for index, table in enumerate(report.comparison_tables(compared, arguments.metric)):
            report.console().print(*[""] * bool(index), table, sep="\n")
    return 1 if compared.failed else 0
