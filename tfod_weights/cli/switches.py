"""Options of `patch` that change the loss or add augmentation, and what their values mean."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from tfod_weights.pipeline import LossSwitch

AUGMENT = ("light", "medium", "strong", "detection-ssd")
FOCAL = ("gamma", "alpha")


def add_switch_options(parser: argparse.ArgumentParser) -> None:
    """--focal, --sigmoid, --softmax and --augment."""
    group = parser.add_argument_group("what else to change (strip takes it out again)")
    loss = group.add_mutually_exclusive_group()
    loss.add_argument(
        "--focal",
        metavar="gamma=G,alpha=A",
        nargs="?",
        const={},
        type=_focal,
        help="switch the classification loss to weighted_sigmoid_focal "
        "(default: gamma=2.0,alpha=0.25)",
    )
    loss.add_argument("--sigmoid", action="store_true", help="switch it to weighted_sigmoid")
    loss.add_argument("--softmax", action="store_true", help="switch it to weighted_softmax")
    group.add_argument(
        "--augment",
        metavar="PRESET",
        choices=AUGMENT,
        help=f"add augmentation options to train_config: {', '.join(AUGMENT)}",
    )


def loss_switch(arguments: argparse.Namespace) -> Optional[LossSwitch]:
    """The loss that a command line switches to; None leaves the config's."""
    from tfod_weights.pipeline import LossSwitch

    if arguments.focal is not None:
        return LossSwitch("weighted_sigmoid_focal", **arguments.focal)
    if arguments.sigmoid or arguments.softmax:
        return LossSwitch("weighted_sigmoid" if arguments.sigmoid else "weighted_softmax")
    return None


def _focal(text: str) -> dict[str, float]:
    """The numbers of `gamma=2.0,alpha=0.25`; either may be left out."""
    pairs = [part.partition("=") for part in text.split(",")]
    try:
        values = {name.strip(): float(value) for name, _, value in pairs}
    except ValueError:
        values = {"": 0.0}
    if not values.keys() <= set(FOCAL):
        hint = "" if "=" in text else "; write CONFIG before --focal"
        raise argparse.ArgumentTypeError(f"{text!r} is not gamma=G,alpha=A{hint}")
    return values
