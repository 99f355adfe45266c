"""What a check reports. The table is the one list of ids; an id never changes its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from tfod_weights.errors import SourcePlace, TfodWeightsError

ERROR, WARNING, NOTE = "error", "warning", "note"

# id -> severity
FINDINGS = {
    "syntax": ERROR,
    "unknown-field": ERROR,
    "unknown-value": ERROR,
    "bad-value": ERROR,
    "model": ERROR,
    "model-without-classes": NOTE,
    "num-classes": ERROR,
    "dead-block": WARNING,
    "label-map-missing": ERROR,
    "label-map-unreadable": ERROR,
    "label-map-empty": ERROR,
    "label-map-id": ERROR,
    "label-map-duplicate-id": ERROR,
    "label-map-duplicate-name": ERROR,
    "label-map-above-num-classes": ERROR,
    "label-map-below-num-classes": WARNING,
    "label-map-gap": NOTE,
    "input-missing": ERROR,
    "input-no-match": ERROR,
    "input-unreadable": ERROR,
    "class-text-unknown": WARNING,
    "label-out-of-range": WARNING,
    "box-nan": WARNING,
    "box-inverted": ERROR,
    "boxes-over-maximum": WARNING,
    "class-without-objects": WARNING,
    "weights-without-classes": ERROR,
    "weights-length": ERROR,
    "weights-not-finite": ERROR,
    "weights-not-positive": ERROR,
    "weights-extreme": WARNING,
    "weights-stale": WARNING,
    "weights-unused": WARNING,
    "weights-need-runtime": NOTE,
}


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    Attributes:
        id: A key of FINDINGS.
        problem: What is wrong, in one sentence without a full stop.
        place: Where it is; at least the file.
        help: The next step for the user.
    """

    id: str
    problem: str
    place: SourcePlace
    help: Optional[str] = None

    @property
    def severity(self) -> str:
        """ERROR, WARNING or NOTE."""
        return FINDINGS[self.id]

    def __str__(self) -> str:
        lines = [f"{self.place}: {self.severity}: {self.problem} [{self.id}]"]
        if self.place.excerpt():
            lines.append(self.place.excerpt())
        return "\n".join([*lines, *([f"help: {self.help}"] if self.help else [])])


def finding_from(error: TfodWeightsError, id: str, otherwise: SourcePlace) -> Finding:
    """The finding that an error amounts to; `otherwise` is its place if it has none of its own."""
    place = error.place
    if isinstance(place, SourcePlace):
        return Finding(id, error.problem, place, error.help)
    problem = error.problem if place is None else f"{place}: {error.problem}"
    return Finding(id, problem, otherwise, error.help)
