"""What to know about class weights before training with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional, Sequence

from tfod_weights.wording import number_of

if TYPE_CHECKING:
    from tfod_weights.weighting.weights import ClassWeight

WARN_ABOVE_RATIO = 10
WARN_BELOW_OBJECTS = 10
NAMES_SHOWN = 6


@dataclass(frozen=True)
class WeightsWarning:
    """Something to know before training with these weights.

    Attributes:
        kind: `large-ratio`, `few-objects`, `no-objects` or `gap`.
        class_ids: The classes it is about, one-based, in order.
        message: One sentence without a full stop.
    """

    kind: str
    class_ids: tuple[int, ...]
    message: str


def find_warnings(rows: Sequence[ClassWeight]) -> tuple[WeightsWarning, ...]:
    """Everything worth a warning in the rows of a ClassWeights, the most important first."""
    found = (_large_ratio(rows), _few_objects(rows), _no_objects(rows), _gaps(rows))
    return tuple(warning for warning in found if warning)


def _large_ratio(rows: Sequence[ClassWeight]) -> Optional[WeightsWarning]:
    rows = [row for row in rows if row.has_effect]
    low = min(rows, key=lambda row: row.weight, default=None)
    high = max(rows, key=lambda row: row.weight, default=None)
    # A cap at exactly the limit is no reason to warn, whatever the last bit says.
    if not low or not high or high.weight <= low.weight * WARN_ABOVE_RATIO * (1 + 1e-9):
        return None
    message = (
        f"{high.label} weighs {high.weight / low.weight:.3g} times as much as {low.label}; above "
        f"{WARN_ABOVE_RATIO} training often suffers: consider a milder scheme or a maximum ratio"
    )
    return WeightsWarning("large-ratio", tuple(sorted((low.class_id, high.class_id))), message)


def _few_objects(rows: Sequence[ClassWeight]) -> Optional[WeightsWarning]:
    few = [row for row in rows if row.objects and row.objects < WARN_BELOW_OBJECTS]
    names = _listed([f"{row.label} ({row.objects:.3g})" for row in few])
    have = "class has" if len(few) == 1 else "classes have"
    message = f"{len(few)} {have} fewer than {WARN_BELOW_OBJECTS} objects, which no weight replaces"
    return _about(few, "few-objects", f"{message}: {names}")


def _no_objects(rows: Sequence[ClassWeight]) -> Optional[WeightsWarning]:
    empty = [row for row in rows if row.objects == 0 and not row.is_gap]
    have = (
        "class has no objects and weighs"
        if len(empty) == 1
        else "classes have no objects and weigh"
    )
    names = _listed([row.label for row in empty])
    return _about(empty, "no-objects", f"{len(empty)} {have} 1: {names}")


def _gaps(rows: Sequence[ClassWeight]) -> Optional[WeightsWarning]:
    gaps = [row for row in rows if row.is_gap]
    have = number_of(
        len(gaps),
        "class id belongs to no class and weighs",
        "class ids belong to no class and weigh",
    )
    ids = _listed([str(row.class_id) for row in gaps])
    return _about(gaps, "gap", f"{have} 1: {ids}")


def _about(rows: Sequence[ClassWeight], kind: str, message: str) -> Optional[WeightsWarning]:
    return WeightsWarning(kind, tuple(r.class_id for r in rows), message) if rows else None


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
