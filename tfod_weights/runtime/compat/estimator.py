"""`tensorflow.compat.v1.estimator`, gone since TensorFlow 2.16.

TFOD imports it in TF 2 programs, too, for `ModeKeys`. The rest of it drives TFOD's TF 1
programs (model_main.py), which nothing can bring back.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from tfod_weights.runtime.import_hooks import after_import
from tfod_weights.runtime.notes import note

# tf.compat.v1 and the module that `import tensorflow.compat.v1` gives are two modules
_HOMES = ("tensorflow._api.v2.compat.v1", "tensorflow.compat.v1")


class ModeKeys:
    """As tf.estimator.ModeKeys."""

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"


def install() -> None:
    """Give `tensorflow.compat.v1` an `estimator` if it has none."""
    for home in _HOMES:
        after_import(home, _add_estimator)


def _add_estimator(compat_v1: ModuleType) -> None:
    if "estimator" in vars(compat_v1):
        return
    name = f"{compat_v1.__name__}.estimator"
    vars(compat_v1)["estimator"] = sys.modules[name] = _Estimator(name)
    note("tensorflow.compat.v1.estimator is gone from TensorFlow; TFOD gets its ModeKeys")


class _Estimator(ModuleType):
    ModeKeys = ModeKeys

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"tf.estimator.{name} is gone since TensorFlow 2.16: TFOD's TF 1 programs need an"
            " older one, model_main_tf2 does not"
        )
