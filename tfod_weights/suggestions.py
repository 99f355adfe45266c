"""What people write, and what TFOD calls it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Iterable, Optional

# Names that circulate on the web → the names in TFOD's protos. Case and punctuation do not
# matter, and a row applies only where TFOD's name can stand.
RENAMED = {
    # classification losses
    "weighted_sigmoid_cross_entropy": "weighted_sigmoid",
    "weighted_sigmoid_classification_loss": "weighted_sigmoid",
    "sigmoid_cross_entropy": "weighted_sigmoid",
    "weighted_softmax_cross_entropy": "weighted_softmax",
    "weighted_softmax_classification_loss": "weighted_softmax",
    "softmax_cross_entropy": "weighted_softmax",
    "sigmoid_focal": "weighted_sigmoid_focal",
    "sigmoid_focal_loss": "weighted_sigmoid_focal",
    "sigmoid_focal_cross_entropy": "weighted_sigmoid_focal",
    "weighted_sigmoid_focal_loss": "weighted_sigmoid_focal",
    "focal_loss": "weighted_sigmoid_focal",
    # localization losses
    "weighted_huber": "weighted_smooth_l1",
    "weighted_huber_loss": "weighted_smooth_l1",
    "weighted_smooth_l1_loss": "weighted_smooth_l1",
    "huber": "weighted_smooth_l1",
    "huber_loss": "weighted_smooth_l1",
    "smooth_l1": "weighted_smooth_l1",
    "smooth_l1_loss": "weighted_smooth_l1",
    "weighted_l2_loss": "weighted_l2",
    "l2_loss": "weighted_l2",
    "iou_loss": "weighted_iou",
    "giou_loss": "weighted_giou",
    "l1_loss": "l1_localization_loss",
    # blocks and fields
    "box_loss": "localization_loss",
    "bbox_loss": "localization_loss",
    "cls_loss": "classification_loss",
    "class_weight": "class_weights",
    # values of HardExampleMiner.loss_type, as TFOD's Python code calls them
    "cls": "CLASSIFICATION",
    "loc": "LOCALIZATION",
}


@lru_cache(maxsize=4096)
def letters(name: str) -> str:
    """A name without case and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


_RENAMED_LETTERS = {letters(theirs): ours for theirs, ours in RENAMED.items()}


def tfod_name(name: str, candidates: Iterable[str]) -> Optional[str]:
    """The candidate that is meant by a name, spelled otherwise or known from the web.

    Unlike `suggestion`, this is no guess: None unless it is certain.

    >>> tfod_name("BoxLoss", ["localization_loss", "classification_loss"])
    'localization_loss'
    >>> tfod_name("relu6", ["RELU", "RELU_6"]), tfod_name("num_clases", ["num_classes"])
    ('RELU_6', None)
    """
    names = list(candidates)
    same = [known for known in names if letters(known) == letters(name)]
    if len(same) == 1:
        return same[0]
    renamed = _RENAMED_LETTERS.get(letters(name))
    return renamed if renamed in names else None


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
    return tfod_name(name, names) or closest(name.strip("\"'"), names)


def did_you_mean(name: str, candidates: Iterable[str]) -> Optional[str]:
    """A help line that names the candidate that was probably meant; None if there is none."""
    guess = suggestion(name, candidates)
    return f"did you mean {guess}?" if guess else None
