"""`tfod-weights check`."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Sequence

from tfod_weights.cli import options
from tfod_weights.errors import UsageError
from tfod_weights.report.terminal import print_text, say

if TYPE_CHECKING:
    from tfod_weights.checking import CheckedConfig

SUMMARY = "check config, checkpoint, label maps, records and weights before training"
DESCRIPTION = """\
The pre-training gate: everything that would stop TFOD, or let it train on
less than the records hold. `tfod-weights explain ID` explains a finding.

exit codes: 0, train; 1, there is an error (with --strict: or a warning);
2, a config cannot be read or the command line is wrong. Of several configs
the worst counts."""
EXAMPLE = """\
  tfod-weights check pipeline.config
  tfod-weights check configs/*.config --format github --report check.sarif"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("configs", metavar="CONFIG", nargs="+", help="pipeline.config, or several")
    _add_what(parser.add_argument_group("what is checked"))
    group = parser.add_argument_group("what is reported")
    group.add_argument("--strict", action="store_true", help="warnings fail, too")
    group.add_argument(
        "--ignore",
        metavar="ID",
        action="append",
        default=[],
        help="leave these findings out; may be given several times",
    )
    options.add_format(group, ("text", "json", "github", "sarif"))
    group.add_argument(
        "--report",
        metavar="FILE",
        action="append",
        default=[],
        help="also write a report: FILE.json or FILE.sarif; may be given several times",
    )


def _add_what(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--label-map", metavar="FILE", help="instead of the one the config names")
    group.add_argument(
        "--images",
        action="store_true",
        help="look at the header of every training image, too",
    )
    group.add_argument(
        "--verify", action="store_true", help="check the checksum of every record, too"
    )
    group.add_argument(
        "--replicas",
        metavar="N",
        type=int,
        default=1,
        help="GPUs or TPU cores that will train: batch_size is shared out to them "
        "(default: %(default)s)",
    )
    group.add_argument(
        "--tolerance",
        metavar="T",
        type=float,
        default=0.05,
        help="relative difference from which weights are stale (default: %(default)s)",
    )
    options.add_jobs(group)


def run(arguments: argparse.Namespace) -> int:
    """Check, print the findings, say by the exit code whether training may start."""
    from tfod_weights import report
    from tfod_weights.checking import check_configs
    from tfod_weights.folders import require_folder

    for path in arguments.report:
        _require_known_ending(path)
        require_folder(path)
    with report.progress_bar("reading the records") as progress:
        checked = check_configs(
            arguments.configs,
            label_map=arguments.label_map,
            tolerance=arguments.tolerance,
            images=arguments.images,
            verify=arguments.verify,
            replicas=arguments.replicas,
            ignore=arguments.ignore,
            jobs=arguments.jobs,
            progress=progress,
        )
    _print(checked, arguments.format)
    for path in arguments.report:
        _write(checked, path)
    for error in (config.error for config in checked if config.error):
        say(str(error))
    return max(config.exit_code(strict=arguments.strict) for config in checked)


def _print(checked: Sequence[CheckedConfig], format: str) -> None:
    from tfod_weights import report

    if format == "json":
        options.print_json(report.findings_json(checked))
    elif format == "sarif":
        options.print_json(report.findings_sarif(checked))
    elif format == "github":
        print_text("".join(f"{line}\n" for line in report.findings_github(checked)))
    elif any(config.error is None for config in checked):
        report.console().print(report.findings_text(checked))


def _require_known_ending(path: str) -> None:
    if not path.endswith((".json", ".sarif")):
        help = "name it FILE.json or FILE.sarif"
        raise UsageError(f"--report {path}: its ending does not say which format", help=help)


def _write(checked: Sequence[CheckedConfig], path: str) -> None:
    from tfod_weights import report
    from tfod_weights.files import write_atomically

    made = report.findings_sarif if path.endswith(".sarif") else report.findings_json
    write_atomically(path, json.dumps(made(checked), indent=2, ensure_ascii=False) + "\n")
