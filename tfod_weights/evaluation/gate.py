"""Gates: conditions on a comparison under which a step of CI is to fail."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import Callable, Iterable, Mapping, Union

from tfod_weights.errors import UsageError
from tfod_weights.evaluation.comparison import METRICS, Change, Comparison
from tfod_weights.evaluation.groups import ALL, GROUPS
from tfod_weights.evaluation.result import Evaluation
from tfod_weights.suggestions import closest, did_you_mean

OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_VALUE = "value"
_BOUNDS = ("low", "high")
_CLASS, _GROUP = "class", "group"
_LISTED = 12
_CONDITION = re.compile(r"(?P<what>.+?)\s*(?P<operator><=|>=|<|>)\s*(?P<limit>[^<>=]*)", re.DOTALL)
_EXAMPLE = "write CLASS.METRIC or GROUP.METRIC, < or >, a number: head.AP < -0.01"


@dataclass(frozen=True)
class Gate:
    """A condition on a change.

    Attributes:
        text: As the user wrote it.
        name: Of a class or group; `class:` or `group:` before it says which.
        metric: One of METRICS.
        bound: `value`, the change itself, or the `low` or `high` end of its interval.
        operator: One of OPERATORS.
        limit: What that is compared with.
    """

    text: str
    name: str
    metric: str
    bound: str
    operator: str
    limit: float

    @classmethod
    def parse(cls, text: str) -> Gate:
        """Read a condition such as `head.AP < -0.01` or `traffic light.F1.high < 0`.

        Raises:
            UsageError: it is none.

        >>> gate = Gate.parse("U.S. sign.ap50.low <= -0.02")
        >>> gate.name, gate.metric, gate.bound, gate.operator, gate.limit
        ('U.S. sign', 'AP50', 'low', '<=', -0.02)
        """
        match = _CONDITION.fullmatch(text.strip())
        if match is None:
            raise UsageError(f"{text!r} is no condition", help=_EXAMPLE)
        name, metric, bound = _subject(text, match["what"])
        limit = _limit(text, match["limit"])
        return cls(text.strip(), name, metric, bound, match["operator"], limit)

    def require_in(self, evaluation: Evaluation) -> None:
        """Check, before the work of a comparison, that there is what the gate is about.

        Raises:
            UsageError: no class or group is called so, or it has no objects.
        """
        kind, name = self._subject_of(evaluation)
        precisions = {
            _CLASS: [row.ap for row in evaluation.classes if row.name == name],
            _GROUP: [row.ap for row in evaluation.groups if row.name == name],
        }
        if all(ap is None for ap in precisions[kind]):
            problem = f"{self.text!r}: {name} has no objects in these images"
            raise UsageError(problem, help="take the gate away, or evaluate on other images")

    def results(self, candidate: str, comparison: Comparison) -> list[GateResult]:
        """Try the gate on a comparison.

        Args:
            candidate: What the result is to call the candidate.
            comparison: With the baseline.

        Returns:
            One; one for each where classes share the name.

        Raises:
            UsageError: no class or group is called so.
        """
        kind, name = self._subject_of(comparison)
        changes = {
            _CLASS: [row.changes for row in comparison.classes if row.name == name],
            _GROUP: [row.changes for row in comparison.groups if row.name == name],
        }
        numbers = [self._number(found[self.metric]) for found in changes[kind] if found]
        holds = OPERATORS[self.operator]
        return [
            GateResult(self, candidate, comparison, one, holds(one, self.limit)) for one in numbers
        ]

    def _number(self, change: Change) -> float:
        return {_VALUE: change.value, "low": change.low, "high": change.high}[self.bound]

    def _subject_of(self, rows: Union[Evaluation, Comparison]) -> tuple[str, str]:
        """Whether it is about a class or a group, and about which."""
        names = {_CLASS: [row.name for row in rows.classes], _GROUP: [r.name for r in rows.groups]}
        kinds = [kind for kind in names if self.name in names[kind]]
        if len(kinds) > 1:
            help = f"write class:{self.name} or group:{self.name}"
            raise UsageError(f"{self.text!r}: {self.name} is a class and a group", help=help)
        if kinds:
            return kinds[0], self.name
        kind, _, name = self.name.partition(":")
        if kind in names and name in names[kind]:
            return kind, name
        if kind in names:
            raise _unknown(self.text, name, names[kind])
        raise _unknown(self.text, self.name, [*names[_GROUP], *names[_CLASS]])


@dataclass(frozen=True)
class GateResult:
    """What became of a gate.

    Attributes:
        gate: The gate.
        candidate: The run that it was tried on.
        comparison: Of that run.
        number: What was compared with its limit.
        holds: Whether the condition is true, so that the step fails.
    """

    gate: Gate
    candidate: str
    comparison: Comparison
    number: float
    holds: bool


def _subject(text: str, what: str) -> tuple[str, str, str]:
    """Name, metric and bound, split at the last dots."""
    rest, bound = what, _VALUE
    before, _, last = what.rpartition(".")
    if last.casefold() in _BOUNDS:
        rest, bound = before, last.casefold()
    name, _, metric = rest.rpartition(".")
    known = {one.casefold(): one for one in METRICS}
    if not name or not metric:
        raise UsageError(f"{text!r} names no metric", help=_EXAMPLE)
    if metric.casefold() not in known:
        guess = closest(metric, [*METRICS, *_BOUNDS])
        help = f"did you mean {guess}?" if guess else f"there are: {', '.join(METRICS)}"
        raise UsageError(f"{text!r}: there is no metric {metric!r}", help=help)
    return name, known[metric.casefold()], bound


def _limit(text: str, limit: str) -> float:
    try:
        number = float(limit)
    except ValueError:
        problem = f"{text!r}: {limit!r} is no number" if limit else f"{text!r} ends with no number"
        raise UsageError(problem, help=_EXAMPLE) from None
    if not abs(number) < 1:
        help = "metrics go from 0 to 1: a point of AP is 0.01"
        raise UsageError(f"{text!r}: no change is as large as {limit}", help=help)
    return number


def _unknown(text: str, name: str, known: Iterable[str]) -> UsageError:
    names = list(dict.fromkeys(known))
    if name in GROUPS and ALL in names:
        present = ", ".join(one for one in names if one in (ALL, *GROUPS))
        return UsageError(f"{text!r}: no class is {name}", help=f"groups with classes: {present}")
    listed = ", ".join(names[:_LISTED]) + (" …" if len(names) > _LISTED else "")
    help = did_you_mean(name, names) or f"there are: {listed}"
    return UsageError(f"{text!r}: no class or group is called {name!r}", help=help)
