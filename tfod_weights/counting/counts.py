"""What counting returns: objects and images per class, and what TFOD would drop."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Optional


@dataclass(frozen=True)
class ClassCount:
    """The objects of one class that TFOD would train on.

    Attributes:
        class_id: Label-map id, one-based.
        name: Display name, else name, else the text seen in the records, else the id.
        objects: Boxes left after everything that TFOD drops.
        images: Images with at least one of them.
        effective_objects: Expected objects per `ClassCounts.images` sampled images. Equal to
            `objects` unless `sample_from_datasets_weights` changes the mixture of the inputs,
            or SequenceExamples differ in length: TFOD draws one frame of each.
        crowd, difficult, group_of: How many of `objects` carry that flag (TFOD trains on them).
        dropped: Boxes of this class that TFOD drops, by reason; only the reasons that occur.
    """

    class_id: int
    name: str
    objects: int
    images: int
    effective_objects: float
    crowd: int = 0
    difficult: int = 0
    group_of: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ClassCounts:
    """The class distribution of a set of TFRecords.

    Attributes:
        images: Records (frames, for TF_SEQUENCE_EXAMPLE).
        classes: One row per class_id from 1 to num_classes that the label map names or the
            records hold, ordered by class_id; a gap in the label map has no row.
        num_classes: The highest class_id (config's `num_classes` when that was given).
        dropped: Boxes that TFOD drops, by reason (every key of `counting.DROP_REASONS`).
        unknown_texts: Class texts that are not in the label map -> boxes.
        out_of_range_labels: Label ids outside 1..num_classes, negative ones too -> boxes.
        truncated_images: Images with more than `max_number_of_boxes` boxes.
        inverted_boxes: Boxes with ymax < ymin or xmax < xmin, at which TFOD stops training.
        pixel_boxes: Boxes with a coordinate above 1.1, which is no share of the image any more.
        weighted_boxes: Boxes whose `image/object/weight` is not 1.
        files: The record files read, in order.
        skipped: What is wrong with the damaged files, or parts of files, that were left out:
            "FILE: byte OFFSET: problem", in the order of the files. `files` names them, too.
    """

    images: int
    classes: tuple[ClassCount, ...]
    num_classes: int
    dropped: Mapping[str, int] = field(default_factory=dict)
    unknown_texts: Mapping[str, int] = field(default_factory=dict)
    out_of_range_labels: Mapping[int, int] = field(default_factory=dict)
    truncated_images: int = 0
    inverted_boxes: int = 0
    pixel_boxes: int = 0
    weighted_boxes: int = 0
    files: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def objects(self) -> int:
        """Boxes of all classes that TFOD would train on."""
        return sum(row.objects for row in self.classes)

    def of(self, class_id: int) -> Optional[ClassCount]:
        """The row of one class_id, or None for a gap."""
        return next((row for row in self.classes if row.class_id == class_id), None)
