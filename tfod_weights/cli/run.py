"""`tfod-weights run`."""

from __future__ import annotations

import argparse

from tfod_weights.errors import UsageError

SUMMARY = "run any TFOD program with class weights"
DESCRIPTION = """\
Run a program of the TensorFlow Object Detection API, or your own that uses
it, as `python` would, with the class weights of its pipeline.config. TFOD
also runs on TensorFlow, protobuf, NumPy and Pillow that are newer than it;
no installed file changes. What the program prints, its exit code and its
signals stay its own."""
EXAMPLE = """\
  tfod-weights run -m object_detection.model_main_tf2 \\
      --pipeline_config_path=pipeline.config --model_dir=model
  tfod-weights run my_training.py --epochs 3"""

runs_a_program = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options; everything after MODULE or SCRIPT is the program's."""
    parser.usage = "tfod-weights run [-h] [--verbose] (-m MODULE | SCRIPT) [ARG ...]"
    parser.add_argument(
        "--verbose", action="store_true", help="say what is changed in TFOD and others"
    )
    parser.add_argument(
        "-m",
        dest="is_module",
        action="store_true",
        help="MODULE is a module's name, as for `python -m MODULE`",
    )
    parser.add_argument(
        "program",
        metavar="SCRIPT",
        nargs=argparse.REMAINDER,
        help="a file; all that follows is for the program",
    )


def run(arguments: argparse.Namespace) -> int:
    """Activate and run; the program's own exit code is raised by the program."""
    if not arguments.program:
        raise UsageError("which program?", help="name it: `run -m MODULE` or `run SCRIPT`")
    from tfod_weights.runtime import launch

    start = launch.run_module if arguments.is_module else launch.run_script
    name, *flags = arguments.program
    start(name, flags, verbose=arguments.verbose)
    return 0
