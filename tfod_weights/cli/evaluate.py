"""`tfod-weights evaluate`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tfod_weights.cli.train import (
    PROGRAM,
    add_model_dir,
    add_tfod_flags,
    own_options,
    program_flags,
    usable_config,
)
from tfod_weights.errors import UsageError
from tfod_weights.files import is_remote

SUMMARY = "evaluate the latest checkpoint with TFOD"
DESCRIPTION = """\
Evaluate the latest checkpoint once, as object_detection.model_main_tf2 does
with --checkpoint_dir. Further flags are TFOD's own and passed on; with
--eval_timeout=SECONDS it goes on, waiting that long for the next one."""
EXAMPLE = "  tfod-weights evaluate pipeline.config --model-dir model"

runs_a_program = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.usage = (
        f"{parser.prog} [-h] CONFIG --model-dir FOLDER [--checkpoint-dir FOLDER] [TFOD_FLAG ...]"
    )
    parser.add_argument("config", metavar="CONFIG", help="pipeline.config")
    add_model_dir(parser, "summaries of the metrics are written here")
    _add_checkpoint_dir(parser)
    add_tfod_flags(parser)


def _add_checkpoint_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--checkpoint-dir",
        "--checkpoint_dir",
        metavar="FOLDER",
        help="where the checkpoints are (default: the folder of --model-dir)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Start TFOD's evaluation; it ends when there is no newer checkpoint."""
    from tfod_weights.runtime import evaluation, launch

    options = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    add_model_dir(options, "")
    _add_checkpoint_dir(options)
    flags = own_options(options, arguments)
    folder = arguments.checkpoint_dir or arguments.model_dir
    usable_config(arguments)
    own = [*program_flags(arguments), f"--checkpoint_dir={folder}", "--eval_timeout=0"]
    _require_checkpoint(folder)
    evaluation.install()
    launch.run_module(PROGRAM, [*own, *flags])
    return 0


def _require_checkpoint(folder: str) -> None:
    """TFOD would wait for one that nobody writes, and end without a word."""
    if not is_remote(folder) and not (Path(folder) / "checkpoint").is_file():
        raise UsageError(
            f"no checkpoint in {folder}", help="--checkpoint-dir names the folder that has them"
        )
