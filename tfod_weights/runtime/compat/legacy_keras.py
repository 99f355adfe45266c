"""Keras 2 as tf.keras: since TensorFlow 2.16 it is Keras 3, on which TFOD does not run.

TensorFlow decides when it is imported, by TF_USE_LEGACY_KERAS and the package tf-keras.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from importlib import metadata
from typing import Optional

from tfod_weights.errors import TfodWeightsError
from tfod_weights.runtime.notes import note

_VARIABLE = "TF_USE_LEGACY_KERAS"
_TRUE = ("true", "True", "1")  # as TensorFlow reads it
_FIRST_WITH_KERAS_3 = (2, 16)
_DISTRIBUTIONS = (
    "tensorflow",
    "tensorflow-cpu",
    "tensorflow-macos",
    "tensorflow-rocm",
    "tensorflow-intel",
    "tf-nightly",
)


def install() -> None:
    """Have TensorFlow use Keras 2.

    Raises:
        TfodWeightsError: tf-keras is missing, or TensorFlow was imported with Keras 3.
    """
    version = tensorflow_version()
    if version is None or version < _FIRST_WITH_KERAS_3:
        return
    if importlib.util.find_spec("tf_keras") is None:
        release = ".".join(str(part) for part in version)
        raise TfodWeightsError(
            f"TFOD needs Keras 2, and TensorFlow {release} comes with Keras 3",
            help=f"pip install 'tf-keras=={release}.*'",
        )
    if "tensorflow" in sys.modules and not _imported_with_keras_2():
        raise TfodWeightsError(
            "TFOD needs Keras 2, and TensorFlow was already imported with Keras 3",
            help=f"call tfod_weights.enable() before importing tensorflow, or set {_VARIABLE}=1",
        )
    if os.environ.get(_VARIABLE) not in _TRUE:
        os.environ[_VARIABLE] = "1"
        note(f"{_VARIABLE}=1: tf.keras is Keras 2 (the package tf-keras)")


def _imported_with_keras_2() -> bool:
    by_environment = os.environ.get(_VARIABLE) in _TRUE
    return bool(getattr(sys.modules["tensorflow"], "_tf_uses_legacy_keras", by_environment))


def tensorflow_version() -> Optional[tuple[int, int]]:
    """Major and minor version of TensorFlow, without importing it; None where there is none."""
    for name in _DISTRIBUTIONS:
        try:
            major, minor = metadata.version(name).split(".")[:2]
        except metadata.PackageNotFoundError:
            continue
        return int(major), int(minor)
    return None
