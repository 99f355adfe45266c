"""What tfod-weights changes in TFOD's own modules, once they are imported.

Each row: a module of object_detection → a function of ours, as `module:function`, that is
called with it. Ours is imported only then.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Callable

from tfod_weights.runtime import losses, sampling
from tfod_weights.runtime.import_hooks import after_import

PATCHES: tuple[tuple[str, str], ...] = (
    *losses.PATCHES,
    *sampling.PATCHES,
    (
        "object_detection.builders.model_builder",
        "tfod_weights.runtime.feature_extractors:patch_model_builder",
    ),
    ("object_detection.model_lib_v2", "tfod_weights.runtime.evaluation:patch_model_lib"),
    ("object_detection.eval_util", "tfod_weights.runtime.evaluation:patch_eval_util"),
)


def install(target: str, function: str) -> None:
    """Apply a patch after `target` is imported, now if it already is."""
    after_import(target, _loaded_later(function))


def _loaded_later(function: str) -> Callable[[ModuleType], None]:
    def apply(target: ModuleType) -> None:
        home, _, name = function.partition(":")
        getattr(importlib.import_module(home), name)(target)

    return apply
