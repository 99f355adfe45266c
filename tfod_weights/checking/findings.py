"""What a check reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from tfod_weights.checking.kinds import FINDINGS
from tfod_weights.errors import SourcePlace, TfodWeightsError


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
        return FINDINGS[self.id].severity

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


def listed(names: list[str], shown: int = 5) -> str:
    """The first few of many names, and how many more there are.

    >>> listed(["a", "b", "c"], shown=2)
    'a, b and 1 more'
    """
    more = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {more} more" if more > 0 else "")
