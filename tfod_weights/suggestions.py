"""What people write, and what TFOD calls it."""

from __future__ import annotations

import re
from typing import Iterable, Optional

# Names that circulate on the web → the names in TFOD's protos.
RENAMED = {
    "weighted_sigmoid_cross_entropy": "weighted_sigmoid",
    "weighted_softmax_cross_entropy": "weighted_softmax",
    "sigmoid_focal": "weighted_sigmoid_focal",
    "focal_loss": "weighted_sigmoid_focal",
    "weighted_huber": "weighted_smooth_l1",
    "huber": "weighted_smooth_l1",
    "smooth_l1": "weighted_smooth_l1",
    "box_loss": "localization_loss",
    "bbox_loss": "localization_loss",
    "cls_loss": "classification_loss",
}


def closest(name: str, names: Iterable[str]) -> Optional[str]:
    """The one of `names` that was most likely meant by `name`, whatever the case.

    >>> closest("platelet", ("RBC", "Platelets"))
    'Platelets'
    """
    from difflib import get_close_matches

    folded = {known.casefold(): known for known in reversed(list(names))}
    matches = get_close_matches(name.casefold(), folded, n=1)
    return folded[matches[0]] if matches else None


def suggestion(name: str, candidates: Iterable[str]) -> Optional[str]:
    """The candidate that was probably meant; None if no candidate is near.

    >>> suggestion("weighted_huber", ["weighted_l2", "weighted_smooth_l1"])
    'weighted_smooth_l1'
    >>> suggestion("NumClasses", ["num_classes", "loss"])
    'num_classes'
    """
    names = list(candidates)
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip("\"'")).lower()
    for guess in (RENAMED.get(snake, ""), snake):
        if guess in names:
            return guess
    return closest(snake, names)


def did_you_mean(name: str, candidates: Iterable[str]) -> Optional[str]:
    """A help line that names the candidate that was probably meant, or lists them all."""
    options = list(candidates)
    guess = suggestion(name, options)
    if guess:
        return f"did you mean {guess}?"
    return f"it has: {', '.join(options)}" if 0 < len(options) <= 12 else None
