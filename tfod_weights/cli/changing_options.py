"""Options of `tfod-weights patch` for weights that change while a model trains."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tfod_weights.weighting import WeightSchedule


def add(parser: argparse.ArgumentParser) -> None:
    """--start-step and --ramp-steps."""
    group = parser.add_argument_group("when they begin")
    group.add_argument(
        "--start-step",
        metavar="N",
        type=int,
        help="the first training step that is weighed; every weight is 1 before (default: always "
        "weighed)",
    )
    group.add_argument(
        "--ramp-steps",
        metavar="N",
        type=int,
        default=0,
        help="in how many steps the weights then grow from 1 (default: at once)",
    )


def add_per_batch(source: argparse._ActionsContainer) -> None:
    """--per-batch."""
    source.add_argument(
        "--per-batch",
        action="store_true",
        help="count nothing now: training weighs each batch by its own objects",
    )


def schedule(arguments: argparse.Namespace) -> WeightSchedule:
    """When the weights begin.

    Raises:
        UsageError: a negative number of steps, or a ramp without a start.
    """
    from tfod_weights.weighting import WeightSchedule

    found = WeightSchedule(arguments.start_step, arguments.ramp_steps)
    found.require_usable()
    return found
