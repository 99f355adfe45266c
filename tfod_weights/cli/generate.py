"""`tfod-weights generate`."""

from __future__ import annotations

import argparse
import shlex
from typing import TYPE_CHECKING, Optional

from tfod_weights.cli import options
from tfod_weights.cli.outputs import require_output
from tfod_weights.errors import UsageError
from tfod_weights.report.terminal import print_file, say

if TYPE_CHECKING:
    from tfod_weights.generating import GeneratedConfig

SUMMARY = "write a whole config from a template, class weights included"
DESCRIPTION = """\
Write a complete, commented pipeline.config from a template: the classes from
the label map, steps and learning rate by the number of images and the batch
size, class weights from the training records. Without -o the config goes to
standard output, and nothing else does."""
EXAMPLE = """\
  tfod-weights generate --list
  tfod-weights generate ssd-mobilenet-v2 --label-map data/label_map.pbtxt \\
      --train 'data/train.record*' --val 'data/val.record*' -o pipeline.config"""

_DATA = {"label_map": "--label-map", "train": "--train", "val": "--val"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "template", metavar="TEMPLATE", nargs="?", help="its name, as --list has it"
    )
    parser.add_argument("--list", action="store_true", help="show the templates, write nothing")
    parser.add_argument("-o", "--output", metavar="OUT", help="write here, - for standard output")
    parser.add_argument("--force", action="store_true", help="replace OUT if it exists")
    _add_data(parser)
    _add_training(parser)
    parser.add_argument("--no-weights", action="store_true", help="write no class weights")
    options.add_scheme_options(parser)
    options.add_format(parser, ("text", "json"))


def _add_data(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the data, named as the config is to name it")
    group.add_argument("--label-map", metavar="FILE", help="label map (.pbtxt)")
    for name, use in (("--train", "training"), ("--val", "evaluation")):
        group.add_argument(
            name,
            metavar="PATTERN",
            nargs="+",
            action="extend",
            help=f"TFRecords for {use}, files or patterns; may come again",
        )


def _add_training(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the training, each by default as the template has it")
    group.add_argument("--image-size", metavar="N", type=int, help="pixels of a side")
    group.add_argument(
        "--batch-size", metavar="N", type=int, help="images per step; the learning rate follows"
    )
    group.add_argument("--steps", metavar="N", type=int, help="training steps")
    group.add_argument("--learning-rate", metavar="LR", type=float, help="the highest one")
    group.add_argument(
        "--fine-tune-checkpoint", metavar="PREFIX", help="start from it, such as model/ckpt-0"
    )
    group.add_argument(
        "--fine-tune-checkpoint-type",
        metavar="TYPE",
        default="detection",
        help="what is taken from it: detection, all but the heads (default); classification, "
        "the backbone of a classifier; full, everything",
    )


def run(arguments: argparse.Namespace) -> int:
    """Generate, write, show the weights; or list the templates."""
    if arguments.list:
        _print_list(arguments.format)
        return 0
    _require_all(arguments)
    require_output(arguments.output)
    output: Optional[str] = None if arguments.output == "-" else arguments.output
    if output and not arguments.force:
        from tfod_weights.generating import require_new

        require_new(output)  # before the records are read, which may take long
    generated = _generated(arguments)
    if output:
        generated.write(output, overwrite=arguments.force)
    _print(generated, output, arguments.format)
    return 0


def _require_all(arguments: argparse.Namespace) -> None:
    if not arguments.template:
        help = "`tfod-weights generate --list` shows them; name one before the options"
        raise UsageError("which template?", help=help)
    missing = [option for name, option in _DATA.items() if not getattr(arguments, name)]
    if missing:
        problem = f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
        raise UsageError(
            problem, help="name the label map and the records to train and evaluate on"
        )


def _generated(arguments: argparse.Namespace) -> GeneratedConfig:
    from tfod_weights.generating import generate_config
    from tfod_weights.report import progress_bar

    with progress_bar("counting") as progress:
        return generate_config(
            arguments.template,
            label_map=arguments.label_map,
            train=options.input_patterns(arguments.train),
            val=options.input_patterns(arguments.val),
            image_size=arguments.image_size,
            batch_size=arguments.batch_size,
            steps=arguments.steps,
            learning_rate=arguments.learning_rate,
            fine_tune_checkpoint=arguments.fine_tune_checkpoint,
            fine_tune_checkpoint_type=arguments.fine_tune_checkpoint_type,
            weighted=not arguments.no_weights,
            progress=progress,
            **options.scheme_settings(arguments),
        )


def _print_list(format: str) -> None:
    from tfod_weights import report
    from tfod_weights.generating import templates

    if format == "json":
        options.print_json(report.templates_json(list(templates().values())))
    else:
        report.console().print(report.templates_table(list(templates().values())))


def _print(generated: GeneratedConfig, output: Optional[str], format: str) -> None:
    from tfod_weights import report

    if format == "json":
        options.print_json(report.generated_json(generated, output))
        return
    if output is None:
        print_file(generated.text)
    else:
        weights, counts = generated.weights, generated.counts
        table = report.weights_table(weights) if weights else report.counts_table(counts)
        report.console().print(table)
    for line in (*_messages(generated), *(_summary(generated, output) if output else ())):
        say(line)


def _messages(generated: GeneratedConfig) -> list[str]:
    warnings = [f"warning: {message}" for message in generated.warnings]
    return warnings + [f"note: {message}" for message in generated.notes]


def _summary(generated: GeneratedConfig, output: str) -> list[str]:
    plan, size = generated.schedule, generated.image_size
    return [
        f"wrote {output}: {generated.template}, {size} × {size} pixels",
        f"  {plan.steps:,} steps of {plan.batch_size} images, {plan.warmup_steps:,} of them "
        f"warm-up, learning rate {plan.learning_rate:.3g}",
        *(f"  {loss}" for loss in generated.losses),
        "next:",
        f"  tfod-weights check {shlex.quote(output)}",
        f"  tfod-weights train {shlex.quote(output)} --model-dir model",
    ]
