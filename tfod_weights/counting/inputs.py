"""The files of TFOD's inputs, and how often it draws from each input."""

from __future__ import annotations

import math
import os
from typing import NamedTuple, Optional, Sequence, Union

from tfod_weights.counting.patterns import PathLike, expand_patterns
from tfod_weights.errors import UsageError


class Inputs(NamedTuple):
    """What TFOD mixes (dataset_builder.read_dataset).

    Attributes:
        files: The files of each input; all files are one input without sample weights.
        shares: The probability with which TFOD draws from each input; they sum to 1.
    """

    files: list[list[str]]
    shares: list[float]

    @property
    def all_files(self) -> list[str]:
        """The files of all inputs, in order."""
        return [file for files in self.files for file in files]


def expand_inputs(
    patterns: Union[PathLike, Sequence[PathLike]],
    sample_weights: Optional[Sequence[float]] = None,
) -> Inputs:
    """The inputs of an input reader; an input with weight 0 is none.

    Args:
        patterns: Its `input_path`s, or the only one.
        sample_weights: Its `sample_from_datasets_weights`, one per path.

    Raises:
        UsageError: TFOD could not sample with these weights.
        NoMatchError: a pattern matches nothing.
    """
    patterns = [patterns] if isinstance(patterns, (str, os.PathLike)) else list(patterns)
    if sample_weights is None:
        return Inputs([[file for files in expand_patterns(patterns) for file in files]], [1.0])
    weights = _usable_weights(sample_weights, len(patterns))
    files = expand_patterns([p for p, weight in zip(patterns, weights) if weight])
    return Inputs(files, [weight / sum(weights) for weight in weights if weight])


def _usable_weights(weights: Sequence[float], inputs: int) -> Sequence[float]:
    if len(weights) != inputs:
        problem = f"there are {len(weights)} sample weights for {inputs} inputs"
        help = "sample_from_datasets_weights needs one weight per input_path"
        raise UsageError(problem, help=help)
    bad = [weight for weight in weights if not 0 <= weight < math.inf]
    if bad:
        raise UsageError(f"sample weight {bad[0]} is not a finite number of at least 0")
    if not any(weights):
        raise UsageError("all sample weights are 0, so nothing would be sampled")
    return weights
