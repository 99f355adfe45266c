"""Weights that change while a model trains: from a step on, or with every batch.

What the fields beside `class_weights` may say (protos_ext/class_weights.proto), for whoever
reads, writes, checks or applies them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any, Callable, Iterator, Mapping, Optional

from tfod_weights.errors import FieldFault, UsageError
from tfod_weights.weighting.checks import choose
from tfod_weights.weighting.normalization import NORMALIZATIONS
from tfod_weights.weighting.schemes import SCHEMES

TWICE = "are written beside class_weights, but a loss has either"
TWICE_HELP = "remove one of the two: weights from all records, or from each batch's own objects"
IDLE = "says when weights begin, but there are none"
IDLE_HELP = "`tfod-weights patch` writes the weights; without weights, remove the line"

_LAST_STEP = 2**63 - 1  # of an int64


@dataclass(frozen=True)
class WeightSchedule:
    """Deferred re-weighting: when the weights begin.

    Cao et al. 2019, "Learning Imbalanced Datasets with Label-Distribution-Aware Margin Loss".

    Attributes:
        start_step: The first step that is weighed; TFOD's global step, 0 in the first training
            step. None: the config does not say, so the weights are the same in every step.
        ramp_steps: In how many steps they grow from 1 to their full value; 0: at once.
    """

    start_step: Optional[int] = None
    ramp_steps: int = 0

    def __str__(self) -> str:
        """What weights do by it.

        >>> print("weights", WeightSchedule(1000, 50))
        weights begin at step 1,000 and grow for 50 steps
        """
        if self.start_step is None:
            return "are the same in every step"
        grow = f" and grow for {self.ramp_steps:,} steps" if self.ramp_steps else ""
        return f"begin at step {self.start_step:,}{grow}"

    def progress(self, step: int) -> float:
        """The p of w_t = 1 + (w − 1)·p: 0 before the weights begin, 1 when they are as written.

        >>> [WeightSchedule(10, 4).progress(step) for step in (9, 10, 11, 14, 15)]
        [0.0, 0.0, 0.25, 1.0, 1.0]
        >>> [WeightSchedule(10).progress(step) for step in (9, 10)]
        [0.0, 1.0]
        """
        if self.start_step is None:
            return 1.0
        if self.ramp_steps == 0:
            return float(step >= self.start_step)
        return min(max((step - self.start_step) / self.ramp_steps, 0.0), 1.0)

    def faults(self) -> Iterator[FieldFault]:
        """What keeps it from being trained with; a problem goes on after the field: `is -5`."""
        for name in ("start_step", "ramp_steps"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= _LAST_STEP:
                limit = "at least 0" if value < 0 else f"at most {_LAST_STEP}"
                yield FieldFault(name, f"is {value}", f"a number of steps is {limit}")
        if self.ramp_steps and self.start_step is None:
            help = "give the start step, too; 0 lets the weights grow from the first step"
            yield FieldFault("ramp_steps", "does not say where the ramp starts", help)

    def require_usable(self) -> None:
        """Refuse what cannot be trained with.

        Raises:
            UsageError: a negative number of steps, or a ramp without a start.
        """
        for fault in self.faults():
            raise UsageError(f"{fault.field} {fault.problem}", help=fault.help)


ALWAYS = WeightSchedule()
"""The same weights in every step."""


@dataclass(frozen=True)
class BatchClassWeights:
    """Weights that are computed in every batch, from the classes of its own objects.

    Attributes:
        scheme: A key of SCHEMES.
        normalize: A key of NORMALIZATIONS.
        smoothing: s of `smoothed`, at least 0.
        power: p of `power`, 0 to 10: more is beyond the numbers of a GPU.
        beta: β of `effective-number`, in [0, 1).
        max_ratio: The largest allowed ratio of two weights, at least 1; None for no cap.

    >>> BatchClassWeights("effective-number").parameters
    {'beta': 0.999}
    """

    scheme: str = "sqrt"
    normalize: str = "objects"
    smoothing: float = 0.1
    power: float = 0.5
    beta: float = 0.999
    max_ratio: Optional[float] = None

    @property
    def parameters(self) -> dict[str, float]:
        """The numbers that matter for this scheme, and `max_ratio` if there is a cap."""
        used = {name: float(getattr(self, name)) for name in SCHEMES[self.scheme].parameters}
        if self.max_ratio is not None:
            used["max_ratio"] = float(self.max_ratio)
        return used

    def faults(self) -> Iterator[FieldFault]:
        """What keeps it from being trained with; a problem goes on after the field: `is -5`."""
        for name, (is_allowed, range) in _RANGES.items():
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and is_allowed(value)):
                yield FieldFault(name, f"is {value:g}", f"it is {range}")

    def require_usable(self) -> None:
        """Refuse what cannot be trained with.

        Raises:
            UsageError: an unknown scheme or normalisation, or a parameter out of its range.
        """
        choose(self.scheme, SCHEMES, "scheme")
        choose(self.normalize, NORMALIZATIONS, "normalisation")
        for fault in self.faults():
            raise UsageError(f"{fault.field} {fault.problem}", help=fault.help)

    @classmethod
    def from_enums(
        cls, scheme: str, normalize: str, numbers: Mapping[str, float]
    ) -> BatchClassWeights:
        """As the message BatchClassWeights has it.

        Args:
            scheme: A name of its enum Scheme, such as EFFECTIVE_NUMBER.
            normalize: A name of its enum Normalization.
            numbers: Its other fields, as far as they are set.

        >>> BatchClassWeights.from_enums("MEDIAN_FREQUENCY", "MIN", {}).scheme
        'median-frequency'
        """
        own: dict[str, Any] = {name: numbers[name] for name in NUMBERS if name in numbers}
        return cls(key_of_enum(scheme), key_of_enum(normalize), **own)


NUMBERS = tuple(f.name for f in fields(BatchClassWeights) if f.name not in ("scheme", "normalize"))
"""The fields of BatchClassWeights that are numbers."""

_RANGES: dict[str, tuple[Callable[[float], bool], str]] = {
    "smoothing": (lambda s: s >= 0, "at least 0"),
    "power": (lambda p: 0 <= p <= 10, "from 0 to 10"),
    "beta": (lambda b: 0 <= b < 1, "at least 0 and below 1"),
    "max_ratio": (lambda r: r >= 1, "at least 1"),
}


def enum_name(key: str) -> str:
    """The enum value of a scheme or normalisation.

    >>> enum_name("effective-number")
    'EFFECTIVE_NUMBER'
    """
    return key.upper().replace("-", "_")


def key_of_enum(name: str) -> str:
    """The scheme or normalisation of an enum value; inverse of `enum_name`."""
    return name.lower().replace("_", "-")


@dataclass(frozen=True)
class FieldNames:
    """The names of the fields beside one weights field.

    Attributes:
        start_step: When the weights begin.
        ramp_steps: How long they grow.
        batch: The message of per-batch weights.
    """

    start_step: str
    ramp_steps: str
    batch: str

    @classmethod
    def beside(cls, weights_field: str) -> FieldNames:
        """Those beside `class_weights`, or beside the second stage's field in Faster R-CNN.

        >>> FieldNames.beside("second_stage_localization_class_weights").batch
        'second_stage_localization_batch_class_weights'
        """
        prefix = weights_field[: -len("class_weights")]
        return cls(
            f"{weights_field}_start_step",
            f"{weights_field}_ramp_steps",
            f"{prefix}batch_class_weights",
        )

    @property
    def all(self) -> tuple[str, str, str]:
        """The three names."""
        return self.start_step, self.ramp_steps, self.batch
