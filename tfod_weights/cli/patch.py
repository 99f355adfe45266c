"""`tfod-weights patch`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tfod_weights.cli import changing_options, options, switches
from tfod_weights.cli.outputs import require_output
from tfod_weights.report.terminal import print_file, say

if TYPE_CHECKING:
    from tfod_weights.pipeline import PatchedConfig

SUMMARY = "write class weights or class-balanced sampling into a config"
DESCRIPTION = """\
Write class weights into the classification and localization loss blocks of
a pipeline.config. By default they are computed from the records that its
train_input_reader names. Every other byte of the file stays; patching twice
gives the same file; `strip` gives the original.

--sampling draws the training images by their classes as well: the weights of
the losses are then those for what is drawn. With --loss none there are no
class weights, only what else is asked for."""
EXAMPLE = """\
  tfod-weights patch pipeline.config
  tfod-weights patch pipeline.config --weights 1,5 --dry-run
  tfod-weights patch pipeline.config --sampling sum --loss none
  tfod-weights patch pipeline.config --start-step 60% --ramp-steps 10%
  tfod-weights patch pipeline.config --focal --augment light --loss none"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("config", metavar="CONFIG", help="pipeline.config")
    options.add_output(parser)
    parser.add_argument(
        "--exit-code", action="store_true", help="exit with 1 if the config changes"
    )
    _add_source(parser)
    _add_placement(parser)
    changing_options.add(parser)
    options.add_sampling_options(parser)
    switches.add_switch_options(parser)
    options.add_scheme_options(parser)
    options.add_format(parser, ("text", "json"))


def _add_source(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("where weights come from")
    source = group.add_mutually_exclusive_group()
    source.add_argument("--weights", metavar="W,…", help="these, in the order of the class ids")
    source.add_argument("--weights-file", metavar="FILE", help="a weight for every class name")
    source.add_argument(
        "--records", metavar="PATTERN", nargs="+", help="count these, not the config's records"
    )
    changing_options.add_per_batch(source)
    group.add_argument("--label-map", metavar="FILE", help="instead of the one the config names")
    options.add_jobs(group)


def _add_placement(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what they weigh")
    group.add_argument(
        "--loss",
        metavar="LOSS",
        choices=("both", "classification", "localization", "none"),
        default="both",
        help="classification, localization, both or none (default: %(default)s)",
    )
    group.add_argument(
        "--mode",
        metavar="MODE",
        choices=("MATCHED_CLASS", "POSITIVE_LOGIT", "CLASS_COLUMN"),
        help="what a weight multiplies: MATCHED_CLASS, the whole loss of what matches an "
        "object of the class (default); POSITIVE_LOGIT, its positive entry; CLASS_COLUMN, "
        "the class's entry everywhere",
    )
    group.add_argument(
        "--background-weight", metavar="B", type=float, help="what matches no object (default: 1)"
    )


def patched(arguments: argparse.Namespace) -> PatchedConfig:
    """The patched config that a command line asks for; nothing is written."""
    from tfod_weights.pipeline import PipelineConfig
    from tfod_weights.pipeline.patch import PatchOptions
    from tfod_weights.report import progress_bar
    from tfod_weights.weigh_config import patch_from_records

    config = PipelineConfig.load(arguments.config)
    beside = PatchOptions(
        losses=arguments.loss,
        mode=arguments.mode,
        background_weight=arguments.background_weight,
        schedule=changing_options.schedule(arguments, config),
        switch=switches.loss_switch(arguments),
        augment=arguments.augment,
    )
    with progress_bar("counting") as progress:
        return patch_from_records(
            config,
            beside,
            weights=arguments.weights,
            weights_file=arguments.weights_file,
            records=options.input_patterns(arguments.records) if arguments.records else None,
            label_map=arguments.label_map,
            per_batch=arguments.per_batch,
            sampling=options.sampling(arguments),
            jobs=arguments.jobs,
            progress=progress,
            **options.scheme_settings(arguments),
        )


def run(arguments: argparse.Namespace) -> int:
    """Patch, write, show the weights and the change."""
    to_stdout = options.to_stdout(arguments)
    require_output(arguments.output)
    result = patched(arguments)
    if to_stdout:
        print_file(result.text)
        _print_messages(result)
    else:
        if not arguments.dry_run:
            result.write(arguments.output)
        _print(result, arguments)
    return int(arguments.exit_code and result.changed)


def _print_messages(result: PatchedConfig) -> None:
    """What is to be known of a config that stands on stdout."""
    from tfod_weights import report

    console = report.console(stderr=True)
    for warning in report.patch_warnings(result):
        console.print(warning)
    for note in result.notes:
        say(f"note: {note}")


def _print(result: PatchedConfig, arguments: argparse.Namespace) -> None:
    from tfod_weights import report

    if arguments.format == "json":
        options.print_json(report.patch_json(result))
        return
    console = report.console()
    for part in report.patched_weights(result):
        console.print(part)
    if result.changed:
        console.print(report.diff_lines(result.diff()))
    say(_summary(result, arguments))


def _summary(result: PatchedConfig, arguments: argparse.Namespace) -> str:
    lines = [options.written(result, arguments), *(f"  {loss}" for loss in result.losses)]
    lines += ["  sampling: train_input_reader"] if result.sampling else []
    lines += [f"  {one}" for one in result.added]
    return "\n".join([*lines, *(f"note: {note}" for note in result.notes)])
