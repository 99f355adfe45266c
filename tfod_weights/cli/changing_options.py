"""Options of `tfod-weights patch` for weights that change while a model trains."""

from __future__ import annotations

import argparse
from fractions import Fraction
from typing import TYPE_CHECKING, Optional, Union

from tfod_weights.errors import UsageError

if TYPE_CHECKING:
    from tfod_weights.pipeline import PipelineConfig
    from tfod_weights.weighting import WeightSchedule

Steps = Union[int, Fraction]  # a share of num_steps as a fraction


def add(parser: argparse.ArgumentParser) -> None:
    """--start-step and --ramp-steps."""
    group = parser.add_argument_group("when they begin")
    group.add_argument(
        "--start-step",
        metavar="N",
        type=_steps,
        help="the first training step that is weighed, or a share of num_steps: 60%%; every "
        "weight is 1 before (default: always weighed)",
    )
    group.add_argument(
        "--ramp-steps",
        metavar="N",
        type=_steps,
        default=0,
        help="in how many steps the weights then grow from 1, or a share (default: at once)",
    )


def add_per_batch(source: argparse._ActionsContainer) -> None:
    """--per-batch."""
    source.add_argument(
        "--per-batch",
        action="store_true",
        help="count nothing now: training weighs each batch by its own objects",
    )


def _steps(text: str) -> Steps:
    try:
        steps = _share(text[:-1]) if text.endswith("%") else int(text)
    except (ValueError, ZeroDivisionError):
        problem = f"{text!r} is neither a number of steps nor a share of them, such as 60%"
        raise argparse.ArgumentTypeError(problem) from None
    if isinstance(steps, Fraction) and not 0 <= steps <= 1:
        raise argparse.ArgumentTypeError(f"{text} is no share, which is from 0% to 100%")
    return steps


def _share(percent: str) -> Fraction:
    """A percentage as a fraction; one as of 1e999999999 would take all memory."""
    has_exponent = "e" in percent.lower()
    return Fraction(str(float(percent)) if has_exponent else percent) / 100


def schedule(arguments: argparse.Namespace, config: PipelineConfig) -> WeightSchedule:
    """When the weights begin.

    Raises:
        ConfigError: the config has a fault, so that no share of its steps can be taken.
        UsageError: a negative number of steps, a ramp without a start, or a share of the steps
            of a config that does not say how many there are.
    """
    from tfod_weights.weighting import WeightSchedule

    start, ramp = arguments.start_step, arguments.ramp_steps
    if any(isinstance(steps, Fraction) for steps in (start, ramp)):
        num_steps = _num_steps(config)
        start, ramp = _counted(start, num_steps), _counted(ramp, num_steps)
    found = WeightSchedule(start, ramp)
    found.require_usable()
    return found


def _counted(steps: Optional[Steps], num_steps: int) -> Optional[int]:
    return round(steps * num_steps) if isinstance(steps, Fraction) else steps


def _num_steps(config: PipelineConfig) -> int:
    config.require_valid()
    if config.num_steps < 1:
        problem = f"{config.path} has no train_config.num_steps to take a share of"
        raise UsageError(problem, help="give a number of steps: --start-step 10000")
    return config.num_steps
