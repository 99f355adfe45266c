"""What sampling drew: the class distribution before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Mapping

from tfod_weights.counting import ClassCounts


@dataclass(frozen=True)
class DrawnClass:
    """One class before and after.

    Attributes:
        class_id: Label-map id, one-based.
        name: The class's name.
        objects: In the records.
        share: Of all objects in the records.
        drawn: Objects that were drawn.
        drawn_share: Of all objects that were drawn.
        expected_share: What `drawn_share` was expected to be.
    """

    class_id: int
    name: str
    objects: int
    share: float
    drawn: int
    drawn_share: float
    expected_share: float


@dataclass(frozen=True)
class DrawnClasses:
    """What was drawn.

    Attributes:
        images: In the records.
        drawn_images: Images that were drawn, all passes together.
        passes: Passes over the records.
        classes: One row per class that the label map or the records have, by class_id.
    """

    images: int
    drawn_images: int
    passes: int
    classes: tuple[DrawnClass, ...]

    @property
    def imbalance(self) -> float:
        """Largest ÷ smallest share in the records, of the classes that occur."""
        return _ratio(row.share for row in self.classes)

    @property
    def drawn_imbalance(self) -> float:
        """Largest ÷ smallest share of what was drawn; infinite if a class was never drawn."""
        drawn = [row.drawn_share for row in self.classes if row.share]
        return float("inf") if 0.0 in drawn else _ratio(drawn)


def compare_drawn(
    counts: ClassCounts,
    expected: Mapping[int, float],
    drawn: Mapping[int, int],
    drawn_images: int,
    passes: int = 1,
) -> DrawnClasses:
    """Put together what was counted before and after.

    Args:
        counts: Of the records.
        expected: class_id -> objects that were expected to be drawn, times any factor.
        drawn: class_id -> objects that were drawn.
        drawn_images: Images that were drawn.
        passes: Passes over the records.
    """
    total = sum(row.objects for row in counts.classes) or 1
    total_drawn = sum(drawn.values()) or 1
    total_expected = sum(expected.values()) or 1.0
    rows = (
        DrawnClass(
            row.class_id,
            row.name,
            row.objects,
            share=row.objects / total,
            drawn=drawn.get(row.class_id, 0),
            drawn_share=drawn.get(row.class_id, 0) / total_drawn,
            expected_share=expected.get(row.class_id, 0.0) / total_expected,
        )
        for row in counts.classes
    )
    return DrawnClasses(counts.images, drawn_images, passes, tuple(rows))


def _ratio(shares: Iterable[float]) -> float:
    occurring = [share for share in shares if share]
    return max(occurring, default=1.0) / min(occurring, default=1.0)
