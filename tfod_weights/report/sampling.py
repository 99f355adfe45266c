"""Class sampling for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, Union

from tfod_weights.report.sentences import Sentence
from tfod_weights.report.tables import Table, weights_table

if TYPE_CHECKING:
    from tfod_weights.pipeline import NewSampling
    from tfod_weights.sampling import ClassSampling


def sampling_texts(new: NewSampling) -> Iterator[Union[Table, Sentence]]:
    """Rich renderables: how images are drawn, and the class weights that decide it."""
    yield Sentence(f"images are drawn by {in_words(new.sampling)}")
    if new.weights:
        yield weights_table(new.weights)


def in_words(sampling: ClassSampling) -> str:
    """How images are drawn.

    >>> from tfod_weights.sampling import ClassSampling
    >>> in_words(ClassSampling((1.0, 5.0), "SUM"))
    "the sum of their objects' weights"
    >>> in_words(ClassSampling(repeat_factor_threshold=0.01))
    'repeat factors of classes that are in fewer than 1% of the images'
    """
    if sampling.repeat_factor_threshold is None:
        return f"the {sampling.aggregation.lower()} of their objects' weights"
    share = f"{100 * sampling.repeat_factor_threshold:.4g}%"
    return f"repeat factors of classes that are in fewer than {share} of the images"
