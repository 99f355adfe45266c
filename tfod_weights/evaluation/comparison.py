"""What a comparison of two runs finds: changes with intervals, per class and per group."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Mapping, Optional

METRICS = ("AP", "AP50", "AP75", "precision", "recall", "F1")

BETTER, WORSE = "better", "worse"
NO_CLEAR_CHANGE = "no clear change"
TOO_FEW_IMAGES = "too few images"
NO_OBJECTS = "no objects"


@dataclass(frozen=True)
class Change:
    """The change of one metric.

    Attributes:
        value: after - before.
        low, high: The interval of the change.
        before, after: Of the baseline and the candidate, the mean over their seeds.
        enough_images: Whether the objects are in at least `least_images` images.
    """

    value: float
    low: float
    high: float
    before: float
    after: float
    enough_images: bool = True

    @property
    def verdict(self) -> str:
        """Whether the interval lies above 0, `better`, or below, `worse`."""
        if not self.enough_images:
            return TOO_FEW_IMAGES
        if self.low > 0:
            return BETTER
        return WORSE if self.high < 0 else NO_CLEAR_CHANGE


@dataclass(frozen=True)
class ClassChange:
    """One class.

    Attributes:
        class_id: Label-map id, one-based.
        name: The class's name.
        objects: In the images, crowds left out.
        images: With at least one of them.
        changes: By the names of METRICS; empty without objects.
    """

    class_id: int
    name: str
    objects: int
    images: int
    changes: Mapping[str, Change]

    @property
    def verdict(self) -> str:
        """That of AP."""
        return _verdict(self.changes)


@dataclass(frozen=True)
class GroupChange:
    """The mean over the classes of a group that have objects.

    Attributes:
        name: `rare`, `common`, `head`, or `all`.
        class_ids: Of all its classes.
        images: With at least one object of the group.
        changes: Of the means, by the names of METRICS; empty without objects.
    """

    name: str
    class_ids: tuple[int, ...]
    images: int
    changes: Mapping[str, Change]

    @property
    def verdict(self) -> str:
        """That of AP."""
        return _verdict(self.changes)


@dataclass(frozen=True)
class Comparison:
    """A candidate against a baseline, on the same images.

    Attributes:
        classes: By class_id; every class of the label map.
        groups: `all`, and the groups that have classes, as in the baseline's first evaluation.
        images: How many.
        baseline_seeds, candidate_seeds: Trainings of each.
        iou, score_threshold: Of precision, recall and F1.
        resamples: Sets of images drawn for the intervals.
        seed: Of those draws.
        confidence: Of the intervals, such as 0.95.
    """

    classes: tuple[ClassChange, ...]
    groups: tuple[GroupChange, ...]
    images: int
    baseline_seeds: int
    candidate_seeds: int
    iou: float
    score_threshold: float
    resamples: int
    seed: int
    confidence: float

    def of(self, class_id: int) -> Optional[ClassChange]:
        """The changes of one class_id, or None for a gap in the label map."""
        return next((row for row in self.classes if row.class_id == class_id), None)

    def group(self, name: str) -> Optional[GroupChange]:
        """The changes of one group, or None if no class is in it."""
        return next((row for row in self.groups if row.name == name), None)


def least_images(confidence: float) -> int:
    """The least images from which chance can be told from change at all.

    If all k images changed the same way, chance alone would do that with probability 2·2⁻ᵏ
    (the sign test). With fewer images than make this 1 - confidence, no interval is to be
    trusted, however narrow: a bootstrap of one image always draws that image.

    >>> least_images(0.95), least_images(0.99)
    (6, 8)
    """
    return math.ceil(1 - math.log2(1 - confidence))


def _verdict(changes: Mapping[str, Change]) -> str:
    return changes["AP"].verdict if changes else NO_OBJECTS
