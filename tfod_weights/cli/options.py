"""Options that several commands share, and what their values mean."""

from __future__ import annotations

import argparse
import json
import os
from typing import TYPE_CHECKING, Any, Optional, Sequence

from tfod_weights.report.terminal import print_text
from tfod_weights.sampling.class_sampling import DEFAULT_THRESHOLD
from tfod_weights.weighting.normalization import NORMALIZATIONS
from tfod_weights.weighting.schemes import SCHEMES

if TYPE_CHECKING:
    from tfod_weights.label_map import LabelMap
    from tfod_weights.pipeline.rewritten import RewrittenConfig
    from tfod_weights.sampling import ClassSampling

_DEFAULT_SCHEME = "sqrt"  # as of `class_weights`
_PARAMETERS = ("scheme", "normalize", "max_ratio", "beta", "smoothing", "power")


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """INPUT…, --label-map and how the records are to be read."""
    parser.add_argument(
        "inputs",
        metavar="INPUT",
        nargs="+",
        help="TFRecord file or pattern (train.record-?????-of-00004); several, or one list a,b",
    )
    add_reading(parser)


def add_reading(parser: argparse.ArgumentParser) -> None:
    """--label-map and how the records are to be read."""
    parser.add_argument("--label-map", metavar="FILE", help="label map (.pbtxt)")
    parser.add_argument(
        "--input-type",
        choices=("TF_EXAMPLE", "TF_SEQUENCE_EXAMPLE"),
        default="TF_EXAMPLE",
        help="as input_type in the config (default: %(default)s)",
    )
    parser.add_argument(
        "--max-boxes",
        metavar="N",
        type=int,
        default=100,
        help="as max_number_of_boxes in the config: TFOD cuts the rest (default: %(default)s)",
    )
    for option, what in (
        ("--expand-labels-hierarchy", "an object counts as its ancestors, too"),
        ("--merge-multiple-label-boxes", "equal boxes of an image are one box"),
    ):
        parser.add_argument(option, action="store_true", help=f"as in the config: {what}")
    parser.add_argument(
        "--verify", action="store_true", help="check the checksum of every record, too"
    )
    add_jobs(parser)


def reading(arguments: argparse.Namespace) -> dict[str, Any]:
    """The keyword arguments of `count_classes` and of Beam's that say how to read records."""
    return {
        "label_map": load_label_map(arguments.label_map),
        "max_number_of_boxes": arguments.max_boxes,
        "input_type": arguments.input_type,
        "expand_labels_hierarchy": arguments.expand_labels_hierarchy,
        "merge_multiple_label_boxes": arguments.merge_multiple_label_boxes,
        "verify": arguments.verify,
    }


def add_jobs(parser: argparse._ActionsContainer) -> None:
    """--jobs."""
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=int,
        help="files counted at the same time, each by a process (default: by the number of "
        "cores, one for less than 1 GB)",
    )


def add_scheme_options(parser: argparse.ArgumentParser) -> None:
    """--scheme and its parameters."""
    group = parser.add_argument_group("how weights are computed")
    for option, table, default in (
        ("--scheme", SCHEMES, _DEFAULT_SCHEME),
        ("--normalize", NORMALIZATIONS, "objects"),
    ):
        help = f"{_listed(table)} (default: {default})"
        group.add_argument(
            option, metavar="NAME", choices=list(table), default=argparse.SUPPRESS, help=help
        )
    for option, letter, help in (
        ("--max-ratio", "R", "cap the largest weight at R times the smallest"),
        ("--beta", "B", "β of effective-number (default: 0.999)"),
        ("--smoothing", "S", "s of smoothed (default: 0.1)"),
        ("--power", "P", "p of power (default: 0.5)"),
    ):
        group.add_argument(option, metavar=letter, type=float, default=argparse.SUPPRESS, help=help)


def _listed(table: Any) -> str:
    rows = (f"{name}: {entry.description}" for name, entry in table.items())
    return "; ".join(rows).replace("%", "%%")


def scheme_settings(arguments: argparse.Namespace) -> dict[str, Any]:
    """The keyword arguments of `class_weights` that were given; it knows the others' defaults.

    Raises:
        UsageError: a parameter of another scheme.
    """
    from tfod_weights.errors import UsageError

    given = {name: getattr(arguments, name) for name in _PARAMETERS if hasattr(arguments, name)}
    used = SCHEMES[given.get("scheme", _DEFAULT_SCHEME)].parameters
    for name, scheme in SCHEMES.items():
        for parameter in scheme.parameters:
            if parameter in given and parameter not in used:
                raise UsageError(f"--{parameter} belongs to --scheme {name}")
    return given


SAMPLINGS = ("mean", "max", "median", "sum", "repeat-factor")


def add_sampling_options(parser: argparse.ArgumentParser) -> None:
    """--sampling and its parameters."""
    group = parser.add_argument_group("how training images are drawn")
    group.add_argument(
        "--sampling",
        metavar="HOW",
        choices=SAMPLINGS,
        help="an image's weight is the mean, max, median or sum of its objects' class weights; "
        "or repeat-factor: images of classes in fewer than a share T of the images are repeated",
    )
    group.add_argument(
        "--repeat-threshold",
        metavar="T",
        type=float,
        help="T of repeat-factor, a share of the images (default: 0.001, as for LVIS)",
    )
    group.add_argument(
        "--sampling-seed", metavar="N", type=int, help="seed of the draws (default: 0)"
    )


def sampling(arguments: argparse.Namespace) -> Optional[ClassSampling]:
    """What --sampling asks for, class weights left to be computed.

    Raises:
        UsageError: an option without the sampling that it belongs to.
    """
    from tfod_weights.errors import UsageError
    from tfod_weights.sampling import ClassSampling

    how, threshold, seed = arguments.sampling, arguments.repeat_threshold, arguments.sampling_seed
    if threshold is not None and how != "repeat-factor":
        raise UsageError("--repeat-threshold belongs to --sampling repeat-factor")
    if how is None:
        if seed is not None:
            raise UsageError("--sampling-seed belongs to --sampling")
        return None
    seed = 0 if seed is None else seed
    if not 0 <= seed < 1 << 32:
        raise UsageError(f"--sampling-seed is {seed}, not from 0 to 4294967295")
    if how == "repeat-factor":
        threshold = DEFAULT_THRESHOLD if threshold is None else threshold
        return ClassSampling(repeat_factor_threshold=threshold, seed=seed)
    return ClassSampling(aggregation=how.upper(), seed=seed)


def add_report_inputs(parser: argparse.ArgumentParser) -> None:
    """CONFIG, METRICS… and --label-map: what a report is about."""
    parser.add_argument("config", metavar="CONFIG", help="pipeline.config")
    parser.add_argument(
        "metrics",
        metavar="METRICS",
        nargs="*",
        help="what `evaluate` wrote: one file, for its metrics; or several, the first being what "
        "was before; several trainings of the same with commas between: a.json,b.json",
    )
    parser.add_argument("--label-map", metavar="FILE", help="instead of the one the config names")
    add_intervals(parser)


def add_intervals(parser: argparse.ArgumentParser) -> None:
    """--resamples, --seed and --confidence: how intervals are made."""
    parser.add_argument(
        "--resamples",
        metavar="N",
        type=int,
        default=1000,
        help="sets of images drawn for the intervals (default: %(default)s)",
    )
    parser.add_argument(
        "--seed", metavar="N", type=int, default=0, help="of those draws (default: %(default)s)"
    )
    parser.add_argument(
        "--confidence",
        metavar="C",
        type=float,
        default=0.95,
        help="of the intervals (default: %(default)s)",
    )


def intervals(arguments: argparse.Namespace) -> dict[str, Any]:
    """The keyword arguments that `add_intervals` is about."""
    return {name: getattr(arguments, name) for name in ("resamples", "seed", "confidence")}


def add_output(parser: argparse.ArgumentParser) -> None:
    """--output and --dry-run."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", metavar="OUT", help="write here, - for standard output")
    where.add_argument("--dry-run", action="store_true", help="show the change, write nothing")


def to_stdout(arguments: argparse.Namespace) -> bool:
    """Whether a rewritten config goes to stdout.

    Raises:
        UsageError: so does JSON.
    """
    from tfod_weights.errors import UsageError

    if arguments.output == "-" and getattr(arguments, "format", "") == "json":
        problem = "-o - prints the config, --format json something else"
        raise UsageError(problem, help="write the config to a file, or only look: --dry-run")
    return bool(arguments.output == "-")


def written(result: RewrittenConfig, arguments: argparse.Namespace) -> str:
    """What became of a rewritten config, in words."""
    if arguments.dry_run:
        verb = "would write" if result.changed else "would not change"
    else:
        verb = "wrote" if result.changed or arguments.output else "unchanged:"
    return f"{verb} {arguments.output or result.path}"


def add_format(parser: argparse._ActionsContainer, choices: Sequence[str]) -> None:
    """--format, the first choice being the default."""
    parser.add_argument(
        "--format", choices=choices, default=choices[0], help="(default: %(default)s)"
    )


def input_patterns(inputs: Sequence[str]) -> list[str]:
    """The patterns of INPUT…, comma-separated lists taken apart unless such a file exists."""
    patterns = []
    for one in inputs:
        patterns += [one] if os.path.exists(one) else one.split(",")  # noqa: PTH110
    return [pattern for pattern in patterns if pattern]


def load_label_map(path: Optional[str]) -> Optional[LabelMap]:
    """The label map of --label-map."""
    from tfod_weights.label_map import LabelMap

    return LabelMap.load(path) if path else None


def print_json(value: Any) -> None:
    """Print data as JSON: in ASCII, because what reads it may not know stdout's encoding."""
    print_text(json.dumps(value, indent=2) + "\n")
