"""Tallies of the inputs → ClassCounts."""

from __future__ import annotations

from collections import Counter
from typing import Mapping, Optional, Sequence

from tfod_weights.counting.counts import ClassCount, ClassCounts
from tfod_weights.counting.tally import DROP_REASONS, Tally
from tfod_weights.label_map import LabelMap


def summarize(
    tallies: Sequence[Tally],
    shares: Sequence[float],
    *,
    label_map: Optional[LabelMap],
    num_classes: Optional[int],
    files: Sequence[str],
) -> ClassCounts:
    """The class distribution over all inputs.

    Args:
        tallies: One per input.
        shares: The probability with which TFOD draws from each input; they sum to 1.
        label_map: Names the classes, and bounds their ids where `num_classes` is None.
        num_classes: The config's.
        files: The files that were read.
    """
    total = Tally()
    for tally in tallies:
        total.add(tally)
    names = {i: _decoded(text) for i, text in total.names.items()}
    names.update(label_map.labels() if label_map else {})
    ids = {*total.objects, *total.nan_boxes, *total.over_max_boxes}
    ids.update(label_map.labels() if label_map else ())
    highest = num_classes or (label_map.max_id if label_map else max(ids, default=0))
    rows = []
    for class_id in sorted(i for i in ids if 1 <= i <= highest):
        name = names.get(class_id, str(class_id))
        drawn = (tally.expected_objects(class_id, total.images) for tally in tallies)
        effective = sum(share * objects for share, objects in zip(shares, drawn))
        rows.append(_row(class_id, name, total, effective))
    outside = {i: n for i, n in total.objects.items() if not 1 <= i <= highest}
    return ClassCounts(
        images=total.images,
        classes=tuple(rows),
        num_classes=max(highest, 0),
        dropped=_dropped(total, outside),
        unknown_texts=_shown(total.unknown_texts),
        out_of_range_labels=dict(sorted(outside.items())),
        truncated_images=total.truncated_images,
        inverted_boxes=total.inverted_boxes,
        pixel_boxes=total.pixel_boxes,
        weighted_boxes=total.weighted_boxes,
        files=tuple(files),
    )


def _row(class_id: int, name: str, total: Tally, effective_objects: float) -> ClassCount:
    dropped = {
        "nan_box": total.nan_boxes[class_id],
        "over_max_boxes": total.over_max_boxes[class_id],
    }
    return ClassCount(
        class_id=class_id,
        name=name,
        objects=total.objects[class_id],
        images=total.images_with[class_id],
        effective_objects=effective_objects,
        crowd=total.crowd[class_id],
        difficult=total.difficult[class_id],
        group_of=total.group_of[class_id],
        dropped={reason: boxes for reason, boxes in dropped.items() if boxes},
    )


def _dropped(total: Tally, outside: Mapping[int, int]) -> dict[str, int]:
    boxes = {
        "nan_box": sum(total.nan_boxes.values()),
        "negative_label": sum(n for label, n in outside.items() if label < 0),
        "out_of_range_label": sum(n for label, n in outside.items() if label >= 0),
        "over_max_boxes": sum(total.over_max_boxes.values()),
        "unknown_text": sum(total.unknown_texts.values()),
    }
    return {reason: boxes[reason] for reason in DROP_REASONS}


def _shown(texts: Counter[bytes]) -> dict[str, int]:
    """Class texts, the most frequent first; several may read alike."""
    shown: Counter[str] = Counter()
    for text, number in texts.items():
        shown[_decoded(text)] += number
    return dict(shown.most_common())


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "backslashreplace")
