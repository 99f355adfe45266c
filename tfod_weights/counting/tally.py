"""What TFOD keeps of an image's boxes, and the running totals of it.

The order is that of object_detection/inputs.py: transform_input_data drops boxes with a NaN
coordinate, then classes below zero (utils/ops.py), then stops at a box with a negative side;
pad_input_data_to_static_shapes cuts what is beyond max_number_of_boxes; a class outside
1..num_classes still has its slot there, with an all-zero row for a target.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import chain
from typing import Iterable, Mapping, NamedTuple, Optional, Sequence

from tfod_weights.counting.features import FeatureError
from tfod_weights.counting.merging import merged

DROP_REASONS: Mapping[str, str] = {
    "nan_box": "a coordinate is NaN",
    "negative_label": "the label is negative",
    "out_of_range_label": "the label is 0 or above num_classes, so no class is trained",
    "over_max_boxes": "the image has more boxes than max_number_of_boxes",
    "unknown_text": "the class text is not in the label map",
}


# The class_id of a text that the label map does not hold. TFOD's is -1, but a label may be that.
UNKNOWN = -1 << 64

# The largest that TFOD still takes for a share of the image
# (object_detection/core/box_list_ops.py, to_absolute_coordinates): 1.1 as a 32-bit float,
# which is a little more than 1.1 as a 64-bit one. Records hold 32-bit floats.
MAX_COORDINATE = 1.10000002384185791015625


class Boxes(NamedTuple):
    """The boxes of one image.

    Attributes:
        ids: One class_id per box: any int64, or UNKNOWN.
        texts: One class text per box where `ids` came from texts.
        corners: ymin, xmin, ymax, xmax of every box.
        real: How many boxes the image has; the rest is padding. Padding is at the end, but
            TFOD weighs by position *after* it dropped boxes: the first `real` survivors
            count (object_detection/data_decoders/tf_sequence_example_decoder.py).
    """

    ids: Sequence[int]
    texts: Sequence[bytes]
    corners: Sequence[tuple[float, ...]]
    real: int


class Tally:
    """Totals of one TFOD input by class_id, which may be any int64 here.

    Attributes:
        max_number_of_boxes: How many boxes of an image TFOD takes; None for all.
        merges: Whether it merges equal boxes first.
        images: Images.
        objects: Boxes left after dropping and cutting; also those dropped for a negative id.
        images_with: Images with at least one of the boxes left.
        crowd, difficult, group_of: How many of the boxes left carry the flag.
        nan_boxes: Boxes with a NaN coordinate.
        over_max_boxes: Boxes cut off.
        unknown_texts: Class text that is not in the label map -> boxes.
        names: class_id -> the first class text seen with it; only without a label map.
        truncated_images, inverted_boxes, pixel_boxes, weighted_boxes: As in ClassCounts.
        sequences: SequenceExamples.
        sequence_objects: (class_id, frames of the sequence) -> boxes left in such sequences.
    """

    def __init__(self, max_number_of_boxes: Optional[int] = None, *, merges: bool = False) -> None:
        self.max_number_of_boxes = max_number_of_boxes
        self.merges = merges
        self.images = 0
        self.objects: Counter[int] = Counter()
        self.images_with: Counter[int] = Counter()
        self.crowd: Counter[int] = Counter()
        self.difficult: Counter[int] = Counter()
        self.group_of: Counter[int] = Counter()
        self.nan_boxes: Counter[int] = Counter()
        self.over_max_boxes: Counter[int] = Counter()
        self.unknown_texts: Counter[bytes] = Counter()
        self.names: dict[int, bytes] = {}
        self.truncated_images = 0
        self.inverted_boxes = 0
        self.pixel_boxes = 0
        self.weighted_boxes = 0
        self.sequences = 0
        self.sequence_objects: Counter[tuple[int, int]] = Counter()

    def add_image(self, boxes: Boxes) -> list[int]:
        """Count an image.

        Returns:
            The positions of the boxes that TFOD trains on; of those merged into one box, the
            first of each class.

        Raises:
            FeatureError: a box has no class.
        """
        numbers = self._not_nan(boxes)
        usable = [i for i in numbers if boxes.ids[i] >= 0]
        self.drop(boxes.ids, boxes.texts, [i for i in numbers if i < boxes.real])
        self.inverted_boxes += sum(_is_inverted(*boxes.corners[i]) for i in usable)
        self.pixel_boxes += sum(max(boxes.corners[i]) > MAX_COORDINATE for i in usable)
        weighted, kept = self._cut(boxes, usable)
        self.images += 1
        self.truncated_images += len(kept) < len(weighted)
        self.over_max_boxes.update(boxes.ids[i] for i in weighted[len(kept) :])
        self.objects.update(boxes.ids[i] for i in kept)
        self.images_with.update({boxes.ids[i] for i in kept})
        return kept

    def drop(
        self, ids: Sequence[int], texts: Sequence[bytes], boxes: Iterable[int], times: int = 1
    ) -> None:
        """Count those of the boxes, by position, that TFOD drops for their class."""
        for i in boxes:
            if ids[i] == UNKNOWN:
                self.unknown_texts[texts[i]] += times
            elif ids[i] < 0:
                self.objects[ids[i]] += times

    def add_sequence(self, objects: Mapping[int, int], frames: int) -> None:
        """Count a sequence whose frames were added: its boxes left per class_id."""
        self.sequences += 1
        for class_id, number in objects.items():
            self.sequence_objects[class_id, frames] += number

    def add(self, other: Tally) -> None:
        """Add the totals of what comes after; the sum of parts is what the whole gives."""
        for name, mine in vars(self).items():
            theirs = getattr(other, name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            elif name == "names":
                self.names = {**theirs, **mine}
            elif name not in ("max_number_of_boxes", "merges"):
                setattr(self, name, mine + theirs)

    def expected_objects(self, class_id: int, images: int) -> float:
        """Boxes of a class in so many images that TFOD draws from this input.

        Of a SequenceExample it draws one frame (object_detection/inputs.py,
        get_reduce_to_frame_fn), so the frames of a long sequence count for less.
        """
        if self.sequences:
            rows = ((c, frames, n) for (c, frames), n in self.sequence_objects.items())
            per_frame = math.fsum(n / frames for c, frames, n in rows if c == class_id)
            return per_frame * images / self.sequences
        return self.objects[class_id] * images / self.images if self.images else 0.0

    def _cut(self, boxes: Boxes, usable: list[int]) -> tuple[list[int], list[int]]:
        """The boxes that weigh something, and those of them that TFOD takes."""
        if not self.merges:
            weighted = usable[: boxes.real]
            return weighted, weighted[: self.max_number_of_boxes]
        slots = merged(boxes.ids, boxes.corners, usable)[: boxes.real]
        kept = slots[: self.max_number_of_boxes]
        return list(chain.from_iterable(slots)), list(chain.from_iterable(kept))

    def _not_nan(self, boxes: Boxes) -> list[int]:
        kept = []
        for i, corners in enumerate(boxes.corners):
            if not all(side == side for side in corners):
                if i < boxes.real:
                    self.nan_boxes[boxes.ids[i] if i < len(boxes.ids) else UNKNOWN] += 1
            elif i < len(boxes.ids):
                kept.append(i)
            else:
                found = f"{len(boxes.corners)} boxes, but classes for {len(boxes.ids)}"
                raise FeatureError(f"has {found}")
        return kept


def _is_inverted(ymin: float, xmin: float, ymax: float, xmax: float) -> bool:
    return ymax < ymin or xmax < xmin
