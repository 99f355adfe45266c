"""A stand-in for `tensorflow_io` where it cannot be imported.

TFOD's model_builder imports DeepMAC, and DeepMAC imports tensorflow_io for one optional loss
(colour consistency). So no model at all could be built on a machine that tensorflow_io has no
build for.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from types import ModuleType
from typing import Any

from tfod_weights.runtime.import_hooks import after_import, before_import
from tfod_weights.runtime.notes import note

_NAME = "tensorflow_io"
_USER = "object_detection.meta_architectures.deepmac_meta_arch"


def install() -> None:
    """Let DeepMAC, and nobody else, import a stand-in if the real one fails."""
    before_import(_USER, _stand_in_if_needed)
    after_import(_USER, _remove_stand_in)


def _stand_in_if_needed() -> None:
    try:
        with warnings.catch_warnings():  # of its file system plugins, which TFOD does not use
            warnings.simplefilter("ignore")
            importlib.import_module(_NAME)
    except Exception as error:  # a wrong build fails in many ways
        sys.modules[_NAME] = _StandIn(_NAME)
        note(f"tensorflow_io cannot be imported ({error}); DeepMAC's colour loss needs it")


def _remove_stand_in(module: ModuleType) -> None:
    if isinstance(sys.modules.get(_NAME), _StandIn):
        del sys.modules[_NAME]


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise ImportError(f"tensorflow_io.{name}: tensorflow_io cannot be imported here")
