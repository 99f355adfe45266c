"""The entry point: which commands there are, and how errors end."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Optional, Sequence

from tfod_weights.cli import (
    check,
    compare,
    count,
    demo,
    evaluate,
    explain,
    forecast,
    generate,
    migrate,
    patch,
    plot,
    report,
    resample,
    run,
    sample,
    strip,
    train,
    weights,
)
from tfod_weights.errors import SourcePlace, TfodWeightsError
from tfod_weights.report.terminal import drop, escape_unencodable, print_text, say
from tfod_weights.version import __version__

COMMANDS = (
    count,
    weights,
    generate,
    migrate,
    patch,
    sample,
    resample,
    strip,
    forecast,
    check,
    explain,
    train,
    evaluate,
    compare,
    report,
    plot,
    run,
    demo,
)

_DESCRIPTION = """\
Class weights for the TensorFlow Object Detection API (TFOD): count the
classes in the label TFRecords, compute weights, write them into the loss
blocks of pipeline.config."""

_EPILOG = """\
exit codes:
  0  fine
  1  found something (check), left something to you (migrate), something
     changes (patch --exit-code), or a gate failed (compare)
  2  wrong usage or input

example:
  tfod-weights patch pipeline.config    weights from the records it names
"""


def parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    root = argparse.ArgumentParser(
        prog="tfod-weights",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = root.add_subparsers(metavar="COMMAND", required=True)
    for module in COMMANDS:
        name = module.__name__.rpartition(".")[2]
        command = commands.add_parser(
            name,
            help=module.SUMMARY,
            description=module.DESCRIPTION,
            epilog=f"example:\n{module.EXAMPLE}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run, runs_a_program=hasattr(module, "runs_a_program"))
    return root


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run a command line; the exit code is returned, never raised but by argparse."""
    _prepare_streams()
    arguments = _parsed(argv)
    if arguments.runs_a_program:  # ends as it would without us
        return _run(arguments)
    try:
        code = _run(arguments)
        print_text("")  # what stdout still holds goes out here, where it may fail
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    except OSError as error:
        if error.filename is not None:
            raise
        drop(sys.stdout)
        say(f"error: cannot write the output: {(error.strerror or str(error)).lower()}")
        return 2
    return code


def _prepare_streams() -> None:
    """Streams that exist (>&- closes them) and can show any class name."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        escape_unencodable(stream)


def _parsed(argv: Optional[Sequence[str]]) -> argparse.Namespace:
    try:
        return parser().parse_args(argv)
    except SystemExit:
        print_text("")  # the help
        raise


def _run(arguments: argparse.Namespace) -> int:
    try:
        return int(arguments.run(arguments))
    except TfodWeightsError as error:
        _advise(error, getattr(arguments, "config", None))
        say(f"error: {error}" if error.place is None else str(error))
        return 2


def _advise(error: TfodWeightsError, config: Optional[str]) -> None:
    """Let an error about a place in the config name `migrate` if that would mend it."""
    if not isinstance(error.place, SourcePlace) or not error.place.line or config is None:
        return
    from tfod_weights.files import read_text
    from tfod_weights.migration import advise

    with suppress(TfodWeightsError):
        advise(error, read_text(config), config)
