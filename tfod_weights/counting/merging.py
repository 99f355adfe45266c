"""Equal boxes of an image as one box of several classes.

As object_detection/utils/ops.py (merge_boxes_with_multiple_labels) merges them for a train_config
with `merge_multiple_label_boxes`: after the drops and before the cut to max_number_of_boxes. So a
box counts once for each of its classes, however often it is there, and takes one slot of the
maximum. TFOD merges after augmentation and resizing; boxes that are equal in the records are
equal then, too, and boxes that differ by less than a ten-thousandth may be or not.
"""

from __future__ import annotations

import math
import struct
from typing import Sequence

BINS = 10000
_FLOATS = struct.Struct("<4f")


def merged(
    ids: Sequence[int], corners: Sequence[tuple[float, ...]], positions: Sequence[int]
) -> list[list[int]]:
    """The boxes at these positions, merged: the first of each class, box by box.

    Args:
        ids: One class_id per box.
        corners: ymin, xmin, ymax, xmax of every box.
        positions: Of the boxes that are left.
    """
    boxes: dict[object, dict[int, int]] = {}
    for i in positions:
        boxes.setdefault(_key(corners[i]), {}).setdefault(ids[i], i)
    return [list(firsts.values()) for firsts in boxes.values()]


def _key(corners: tuple[float, ...]) -> object:
    """What equal boxes have in common, in the single precision that TFOD computes in."""
    if not all(math.isfinite(side) and abs(side) < BINS for side in corners):
        return corners  # TFOD stops at it
    sides = _FLOATS.unpack(_FLOATS.pack(*(side * (BINS - 1) for side in corners)))
    ymin, xmin, ymax, xmax = map(int, sides)
    return ymin + BINS * (xmin + BINS * (ymax + BINS * xmax))
