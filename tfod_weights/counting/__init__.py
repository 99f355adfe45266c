"""Counting: TFRecord framing → Example wire walk → ClassCounts. Never imports TensorFlow."""

from tfod_weights.counting.count import count_classes
from tfod_weights.counting.counts import ClassCount, ClassCounts, Progress
from tfod_weights.counting.patterns import expand_patterns
from tfod_weights.counting.tally import DROP_REASONS

__all__ = [
    "DROP_REASONS",
    "ClassCount",
    "ClassCounts",
    "Progress",
    "count_classes",
    "expand_patterns",
]
