"""`tfod-weights demo`."""

from __future__ import annotations

import argparse
import shlex

from tfod_weights.report.terminal import print_text

SUMMARY = "show the whole job on embedded data"
DESCRIPTION = """\
Write a small imbalanced data set, its label map and a commented config into
a folder, then count, weigh, patch, check and strip it with the commands that
you would type."""
EXAMPLE = "  tfod-weights demo my-demo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        default="tfod-weights-demo",
        help="where to write (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the data, then run the other commands on it."""
    from tfod_weights.cli.main import main
    from tfod_weights.demo import write_demo

    config = write_demo(arguments.folder)
    data = config.parent / "data"
    original = config.read_bytes()
    records = (data / "train.record-?????-of-00002").as_posix()
    label_map = (data / "label_map.pbtxt").as_posix()
    print_text(f"wrote {config} and {data}\n")
    for command in (
        ["count", records, "--label-map", label_map],
        ["patch", config.as_posix()],
        ["check", config.as_posix()],
        ["strip", config.as_posix(), "-o", f"{config.as_posix()}.stripped"],
    ):
        print_text(f"\n$ {shlex.join(['tfod-weights', *command])}\n")
        code = main(command)
        if code:
            return code
    stripped = config.with_name(f"{config.name}.stripped")
    same = stripped.read_bytes() == original
    print_text(f"\nstripped = original, byte for byte: {same}\n")
    print_text(f"{config} keeps its weights; train it with `tfod-weights run`\n")
    return 0 if same else 1
