"""Counting: TFRecord framing → Example wire walk → ClassCounts. Never imports TensorFlow."""

from tfod_weights.counting.count import count_classes
from tfod_weights.counting.counts import ClassCount, ClassCounts
from tfod_weights.counting.inputs import Inputs, expand_inputs
from tfod_weights.counting.labelled import LabelledRecord, ReadLabelled, labelled_records
from tfod_weights.counting.patterns import expand_patterns, literal_pattern
from tfod_weights.counting.tally import DROP_REASONS
from tfod_weights.progress import Progress

__all__ = [
    "DROP_REASONS",
    "ClassCount",
    "ClassCounts",
    "Inputs",
    "LabelledRecord",
    "Progress",
    "ReadLabelled",
    "count_classes",
    "expand_inputs",
    "expand_patterns",
    "labelled_records",
    "literal_pattern",
]
