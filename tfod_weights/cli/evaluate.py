"""`tfod-weights evaluate`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tfod_weights.cli import options
from tfod_weights.cli.outputs import require_output
from tfod_weights.errors import UsageError

if TYPE_CHECKING:
    from tfod_weights.evaluation import Evaluation

SUMMARY = "metrics of every class, by TFOD's model"
DESCRIPTION = """\
Run a trained model over the evaluation input, by TFOD, and report for every
class AP (COCO), precision, recall, F1 and the area under the ROC curve, and
which classes are taken for which. Or evaluate detections that were made
elsewhere, without TFOD: --detections and --groundtruth."""
EXAMPLE = """\
  tfod-weights evaluate pipeline.config --checkpoint model -o metrics.json
  tfod-weights evaluate --detections results.json --groundtruth instances.json"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("config", metavar="CONFIG", nargs="?", help="pipeline.config")
    parser.add_argument(
        "--checkpoint",
        "--model-dir",
        metavar="PATH",
        help="a folder, for its last checkpoint, or one checkpoint: model/ckpt-3",
    )
    parser.add_argument(
        "--split",
        metavar="NAME",
        default="val",
        help="val: the first eval_input_reader; train: the training records; or the name of an "
        "eval_input_reader (default: %(default)s)",
    )
    parser.add_argument("--detections", metavar="FILE", help="JSON in COCO's results format")
    parser.add_argument("--groundtruth", metavar="FILE", help="COCO's instances JSON")
    parser.add_argument(
        "--score-threshold",
        metavar="S",
        type=float,
        default=0.5,
        help="for precision, recall, F1 and the confusion matrix (default: %(default)s)",
    )
    parser.add_argument(
        "--iou",
        metavar="I",
        type=float,
        default=0.5,
        help="overlap from which a detection is right, for the same (default: %(default)s)",
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="write all of it here, as JSON")
    options.add_format(parser, ("table", "json"))


def run(arguments: argparse.Namespace) -> int:
    """Evaluate, write and print."""
    from tfod_weights import report
    from tfod_weights.evaluation import evaluation_json, metrics_text
    from tfod_weights.files import write_atomically

    require_output(arguments.output)
    evaluation = _evaluated(arguments)
    if arguments.output:
        write_atomically(arguments.output, metrics_text(evaluation))
    if arguments.format == "json":
        options.print_json(evaluation_json(evaluation))
    else:
        report.console().print(report.evaluation_table(evaluation))
    return 0


def _evaluated(arguments: argparse.Namespace) -> Evaluation:
    from tfod_weights.evaluating import evaluate_detections
    from tfod_weights.report import progress_bar
    from tfod_weights.runtime.evaluation import evaluate_config
    from tfod_weights.runtime.quiet import quieten_tensorflow

    settings = {"iou": arguments.iou, "score_threshold": arguments.score_threshold}
    if arguments.detections or arguments.groundtruth:
        detections, groundtruth = _files(arguments)
        with progress_bar("evaluating", "parts") as progress:
            return evaluate_detections(
                detections,
                groundtruth,
                config=arguments.config,
                progress=progress,
                **settings,
            )
    if not arguments.config or not arguments.checkpoint:
        raise UsageError(
            "what is to be evaluated?",
            help="CONFIG and --checkpoint, or --detections and --groundtruth",
        )
    quieten_tensorflow()
    with progress_bar("evaluating", "images") as progress:
        return evaluate_config(
            arguments.config,
            arguments.checkpoint,
            split=arguments.split,
            progress=progress,
            **settings,
        )


def _files(arguments: argparse.Namespace) -> tuple[str, str]:
    if not (arguments.detections and arguments.groundtruth):
        raise UsageError(
            "--detections and --groundtruth belong together",
            help="name a file in COCO's results format, and COCO's instances file",
        )
    if arguments.checkpoint:
        raise UsageError("detections come from files or from a checkpoint, not from both")
    return arguments.detections, arguments.groundtruth
