"""`tfod-weights check`."""

from __future__ import annotations

import argparse

from tfod_weights.cli import options

SUMMARY = "check config, label map, records and weights before training"
DESCRIPTION = """\
The pre-training gate: everything that would stop TFOD, or let it train on
less than the records hold. Exit code 1 if there is an error (with --strict:
or a warning)."""
EXAMPLE = "  tfod-weights check pipeline.config --format github"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("config", metavar="CONFIG", help="pipeline.config")
    parser.add_argument("--label-map", metavar="FILE", help="instead of the one the config names")
    parser.add_argument(
        "--tolerance",
        metavar="T",
        type=float,
        default=0.05,
        help="relative difference from which weights are stale (default: %(default)s)",
    )
    parser.add_argument("--strict", action="store_true", help="warnings fail, too")
    options.add_format(parser, ("text", "json", "github"))


def run(arguments: argparse.Namespace) -> int:
    """Check, print the findings, say by the exit code whether training may start."""
    from tfod_weights import report
    from tfod_weights.checking import ERROR, WARNING, check_config

    with report.progress_bar("reading the records") as progress:
        findings = check_config(
            arguments.config,
            label_map=arguments.label_map,
            tolerance=arguments.tolerance,
            progress=progress,
        )
    if arguments.format == "json":
        options.print_json(report.findings_json(findings))
    elif arguments.format == "github":
        print("".join(f"{line}\n" for line in report.findings_github(findings)), end="")
    else:
        report.console().print(report.findings_text(findings))
    failing = {ERROR, WARNING} if arguments.strict else {ERROR}
    return int(any(finding.severity in failing for finding in findings))
