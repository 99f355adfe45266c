"""What weighting returns: one weight per class_id, and what to know before training with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterator, Mapping, Optional, Sequence, Union, overload

from tfod_weights.weighting.warnings import WeightsWarning, find_warnings


def parameter_texts(parameters: Mapping[str, float]) -> dict[str, str]:
    """A scheme's parameters as texts that are read as the same numbers again.

    >>> parameter_texts({"beta": 0.9999999, "max_ratio": 10})
    {'beta': '0.9999999', 'max_ratio': '10'}
    """
    texts = ((name, repr(float(value))) for name, value in parameters.items())
    return {name: text[:-2] if text.endswith(".0") else text for name, text in texts}


@dataclass(frozen=True)
class ClassWeight:
    """The weight of one class.

    Attributes:
        class_id: Label-map id, one-based; `class_weights[class_id - 1]` in the config.
        name: The class's name; the id for a gap or where no name is known.
        objects: Effective objects that the weight rests on; None where nobody counted.
        images: Images with at least one of them; None where nobody counted.
        weight: Unitless; an object of this class counts as this many objects in the loss.
        is_gap: No label-map item has this id. Its weight is 1 and has no effect.
    """

    class_id: int
    name: str
    objects: Optional[float] = None
    images: Optional[int] = None
    weight: float = 1.0
    is_gap: bool = False

    @property
    def label(self) -> str:
        """The name, for a sentence: `class_id 3` where there is no other."""
        return f"class_id {self.class_id}" if self.name == str(self.class_id) else self.name

    @property
    def has_effect(self) -> bool:
        """Whether any object gets this weight: neither a gap nor a class without objects."""
        return not self.is_gap and self.objects != 0


@dataclass(frozen=True)
class ClassWeights(Sequence[float]):
    """Class weights for class_id 1..num_classes; a sequence of floats by class_index.

    Attributes:
        rows: One row for every class_id from 1 to num_classes, in order.
        scheme: A key of SCHEMES, the name of the caller's function, or `given`.
        normalize: A key of NORMALIZATIONS.
        parameters: The scheme's own parameters, and `max_ratio` if there was a cap.
        source: Where given weights came from, such as a file.

    >>> weights = ClassWeights((ClassWeight(1, "RBC", weight=0.5), ClassWeight(2, "WBC")))
    >>> weights[0], list(weights), weights.ratio
    (0.5, [0.5, 1.0], 2.0)
    """

    rows: tuple[ClassWeight, ...]
    scheme: str = "given"
    normalize: str = "none"
    parameters: Mapping[str, float] = field(default_factory=dict)
    source: Optional[str] = None

    @property
    def values(self) -> tuple[float, ...]:
        """The weights by class_index: `values[i]` belongs to class_id i + 1."""
        return tuple(row.weight for row in self.rows)

    @property
    def ratio(self) -> float:
        """Largest ÷ smallest weight, over the classes whose weight has an effect."""
        weights = [row.weight for row in self.rows if row.has_effect]
        return max(weights, default=1.0) / min(weights, default=1.0)

    @property
    def warnings(self) -> tuple[WeightsWarning, ...]:
        """What is unusual about these weights, the most important first."""
        return find_warnings(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[float]:
        return iter(self.values)

    @overload
    def __getitem__(self, class_index: int) -> float: ...

    @overload
    def __getitem__(self, class_index: slice) -> tuple[float, ...]: ...

    def __getitem__(self, class_index: Union[int, slice]) -> Union[float, tuple[float, ...]]:
        return self.values[class_index]
