"""`tfod-weights train`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Optional, Sequence

from tfod_weights.errors import UsageError
from tfod_weights.files import exists
from tfod_weights.storage import is_remote

if TYPE_CHECKING:
    from tfod_weights.pipeline import PipelineConfig

SUMMARY = "train with TFOD, class weights included"
DESCRIPTION = """\
Train as object_detection.model_main_tf2 does, with the class weights of the
config. Further flags are TFOD's own and passed on. TFOD saves a checkpoint
every --checkpoint_every_n steps and none at the end; by default that is the
longest interval up to its own, 1000 steps, that also saves the last step."""
EXAMPLE = """\
  tfod-weights train pipeline.config --model-dir model
  tfod-weights train pipeline.config --model-dir model \\
      --num_train_steps=500 --checkpoint_every_n=100"""
PROGRAM = "object_detection.model_main_tf2"

runs_a_program = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.usage = f"{parser.prog} [-h] CONFIG --model-dir FOLDER [TFOD_FLAG ...]"
    parser.add_argument("config", metavar="CONFIG", help="pipeline.config")
    add_model_dir(parser, "checkpoints and summaries are written here")
    add_tfod_flags(parser)


def add_model_dir(parser: argparse.ArgumentParser, help: str) -> None:
    """--model-dir, also spelt as TFOD does."""
    parser.add_argument("--model-dir", "--model_dir", metavar="FOLDER", help=help)


def add_tfod_flags(parser: argparse.ArgumentParser) -> None:
    """Everything after CONFIG, for TFOD but for what `own_options` finds in it."""
    parser.add_argument(
        "tfod_flags",
        metavar="TFOD_FLAG",
        nargs=argparse.REMAINDER,
        help=f"flags of {PROGRAM}, after CONFIG",
    )


def run(arguments: argparse.Namespace) -> int:
    """Start TFOD's training program."""
    from tfod_weights.runtime import launch

    options = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    add_model_dir(options, "")
    flags = own_options(options, arguments)
    config = usable_config(arguments)
    own = [*program_flags(arguments), *_checkpoint_flags(config, flags)]
    launch.run_module(PROGRAM, [*own, *flags])
    return 0


def _checkpoint_flags(config: Optional[PipelineConfig], flags: Sequence[str]) -> Sequence[str]:
    """How often to save, where the user does not say."""
    from tfod_weights.runtime.checkpoints import checkpoint_interval

    options = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    options.add_argument("--num_train_steps", type=int)
    options.add_argument("--checkpoint_every_n")
    given, _ = options.parse_known_args(flags)
    if given.checkpoint_every_n or config is None:
        return []
    num_steps = given.num_train_steps or config.num_steps
    return [f"--checkpoint_every_n={checkpoint_interval(num_steps)}"] if num_steps else []


def own_options(options: argparse.ArgumentParser, arguments: argparse.Namespace) -> list[str]:
    """Take our options out of those after CONFIG, into `arguments`; the rest is TFOD's."""
    _, flags = options.parse_known_args(arguments.tfod_flags, arguments)
    return flags


def usable_config(arguments: argparse.Namespace) -> Optional[PipelineConfig]:
    """CONFIG, if it can be trained with; None if it is where TensorFlow alone may reach it.

    Raises:
        UsageError: --model-dir is missing.
        TfodWeightsError: the config cannot be read, or not be trained with.
    """
    from tfod_weights.checking import require_trainable

    if not arguments.model_dir:
        raise UsageError("--model-dir is missing", help="name the folder for checkpoints")
    if is_remote(arguments.config) and not exists(arguments.config):
        return None
    return require_trainable(arguments.config)


def program_flags(arguments: argparse.Namespace) -> Sequence[str]:
    """CONFIG and --model-dir as flags of TFOD's program."""
    return (
        f"--pipeline_config_path={arguments.config}",
        f"--model_dir={arguments.model_dir}",
    )
