"""The flags of boxes: is_crowd, difficult and group_of."""

from __future__ import annotations

from collections import Counter
from itertools import compress
from typing import Sequence

from tfod_weights.counting.features import FeatureError


def flags_of(kept: Sequence[int], flags: Sequence[int], boxes: int, key: bytes) -> list[int]:
    """The flag that TFOD gives to each of the kept boxes.

    It takes any whole number of flags per box, and then as many of them as there are boxes
    (object_detection/utils/ops.py, retain_groundtruth).
    """
    if not boxes or not flags:
        return [0] * len(kept)
    per_box, left = divmod(len(flags), boxes)
    if left:
        raise FeatureError(f"has {boxes} boxes, but {len(flags)} values in {key.decode()}")
    return [flags[kept[j // per_box] * per_box + j % per_box] for j in range(len(kept))]


def fit(column: Sequence[bytes], sizes: Sequence[int]) -> bool:
    """Whether each image has a flag per box or none at all, of one byte each."""
    return b"".join(column).isascii() and all(
        4 * len(flags) == size for flags, size in zip(column, sizes) if flags
    )


def are_bare(
    flags: Sequence[Sequence[bytes]], weights: Sequence[bytes], sizes: Sequence[int]
) -> bool:
    """Whether no box of the images has a flag or a weight."""
    return not any(weights) and all(
        fit(column, sizes) and not any(b"".join(column)) for column in flags
    )


def add_flagged(total: Counter[int], ids: Sequence[list[int]], column: Sequence[bytes]) -> None:
    """Count the boxes that have a flag of one byte each."""
    if any(b"".join(column)):
        for classes, flags in zip(ids, column):
            total.update(class_id for class_id in compress(classes, flags) if class_id >= 0)
