"""Protobuf text format, lossless: text → tokens → tree with spans → edits.

tokens → tree → parser → Document, then values, validation and merged read it with a message
descriptor, and edits change it. What Python protobuf's `text_format.Merge` accepts is the
law. Never imports TensorFlow.
"""

from tfod_weights.textformat.edits import Edit, apply_edits, deletions
from tfod_weights.textformat.merged import MergedMessage
from tfod_weights.textformat.parser import parse
from tfod_weights.textformat.tree import Block, Document, Field, ListValue, Scalar, Span
from tfod_weights.textformat.validation import Fault, faults

__all__ = [
    "Block",
    "Document",
    "Edit",
    "Fault",
    "Field",
    "ListValue",
    "MergedMessage",
    "Scalar",
    "Span",
    "apply_edits",
    "deletions",
    "faults",
    "parse",
]
