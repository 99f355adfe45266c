"""What keeps TFOD 2.8 from running on newer TensorFlow, Keras, protobuf, NumPy and Pillow.

Every mend is made in memory, only where it is needed, and only once the program imports what
it mends. A new one is a new row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from tfod_weights.runtime import grafted_protos
from tfod_weights.runtime.compat import (
    coco,
    control_flow,
    estimator,
    legacy_keras,
    numpy_aliases,
    pillow,
    tensorflow_io,
)

__all__ = ["MENDS", "Mend"]


@dataclass(frozen=True)
class Mend:
    """One thing that is broken in stock TFOD.

    Attributes:
        name: A short name.
        since: The version that broke it.
        symptom: How the error of stock TFOD begins.
        install: Mends it, now or when what it mends is imported.
    """

    name: str
    since: str
    symptom: str
    install: Callable[[], None]


MENDS = (
    Mend(
        "descriptors",
        "protobuf 4",
        "TypeError: Descriptors cannot be created directly",
        grafted_protos.install,
    ),
    Mend(
        "legacy-keras",
        "TensorFlow 2.16",
        "AttributeError: module 'keras._tf_keras.keras.layers' has no attribute 'experimental'",
        legacy_keras.install,
    ),
    Mend(
        "tensorflow-io",
        "where tensorflow_io has no build",
        "ModuleNotFoundError: ",
        tensorflow_io.install,
    ),
    Mend(
        "estimator",
        "TensorFlow 2.16",
        "ImportError: cannot import name 'estimator' from 'tensorflow.compat.v1'",
        estimator.install,
    ),
    Mend(
        "control-flow",
        "TensorFlow 2.13",
        "AttributeError: module 'tensorflow.python.ops.control_flow_ops' has no attribute 'case'",
        control_flow.install,
    ),
    Mend(
        "font-size",
        "Pillow 10",
        "AttributeError: 'FreeTypeFont' object has no attribute 'getsize'",
        pillow.install,
    ),
    Mend(
        "numpy-aliases",
        "NumPy 1.24, 2.0",
        "AttributeError: module 'numpy' has no attribute 'float'",
        numpy_aliases.install,
    ),
    Mend(
        "category-metrics",
        "every pycocotools on PyPI",
        "ValueError: Category stats do not exist",
        coco.install,
    ),
)
