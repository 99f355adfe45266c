"""Label maps wherever TensorFlow can read them."""

from __future__ import annotations

import tensorflow as tf

from tfod_weights.errors import LabelMapError, SourcePlace
from tfod_weights.label_map import LabelMap


def read_label_map(path: str) -> LabelMap:
    """The label map in a file of any file system that TensorFlow knows.

    Raises:
        LabelMapError: the file cannot be read, or TFOD would refuse it.
        TextFormatError: it is not protobuf text format.
    """
    try:
        with tf.io.gfile.GFile(path, "r") as file:
            return LabelMap.from_text(file.read(), path=path)
    except tf.errors.OpError as error:
        raise LabelMapError(f"cannot be read: {error.message}", place=SourcePlace(path)) from error
    except UnicodeDecodeError as error:
        raise LabelMapError("is not UTF-8 text", place=SourcePlace(path)) from error
