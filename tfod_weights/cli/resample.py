"""`tfod-weights resample`."""

from __future__ import annotations

import argparse

from tfod_weights.cli import options
from tfod_weights.report.terminal import say
from tfod_weights.wording import number_of

SUMMARY = "write new records in which images are drawn by their classes"
DESCRIPTION = """\
Write new TFRecords that hold every training image as often as class sampling
expects it in a pass, shuffled, and a config that names them: for trainers that
cannot run tfod-weights themselves, such as hosted training. Records are copied
byte for byte. Without --sampling, the config's own class_sampling decides."""
EXAMPLE = """\
  tfod-weights resample pipeline.config -o balanced --sampling sum
  tfod-weights resample pipeline.config -o balanced --dry-run"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("config", metavar="CONFIG", help="pipeline.config")
    parser.add_argument("-o", "--output", metavar="FOLDER", required=True, help="write into this")
    parser.add_argument("--dry-run", action="store_true", help="show the change, write nothing")
    parser.add_argument("--label-map", metavar="FILE", help="instead of the one the config names")
    options.add_sampling_options(parser)
    options.add_scheme_options(parser)
    options.add_format(parser, ("table", "json"))


def run(arguments: argparse.Namespace) -> int:
    """Plan, write, show what came of it."""
    from tfod_weights import report
    from tfod_weights.resample import resample_config

    with report.progress_bar("reading") as progress:
        result = resample_config(
            arguments.config,
            arguments.output,
            sampling=options.sampling(arguments),
            label_map=arguments.label_map,
            progress=progress,
            **options.scheme_settings(arguments),
        )
    if not arguments.dry_run:
        with report.progress_bar("writing") as progress:
            result.write_all(progress)
    if arguments.format == "json":
        options.print_json(report.resampled_json(result))
        return 0
    report.console().print(report.drawn_table(result.drawn))
    verb = "would write" if arguments.dry_run else "wrote"
    shards = [shard for one in result.inputs for shard in one.shards]
    number = number_of(len(shards), "record file")
    say(f"{verb} {result.path} and {number} beside it")
    say(f"next: tfod-weights check {result.path}")
    return 0
