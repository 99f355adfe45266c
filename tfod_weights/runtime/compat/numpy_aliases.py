"""`np.float` and its like, gone since NumPy 1.24, and `np.NAN`, since 2.0.

TFOD's PASCAL VOC metrics use them, and so does the package lvis.
"""

from __future__ import annotations

import warnings
from types import ModuleType

from tfod_weights.runtime.import_hooks import after_import
from tfod_weights.runtime.notes import note

_ALIASES = {"NAN": float("nan"), "bool": bool, "float": float, "int": int, "object": object}


def install() -> None:
    """Bring back the aliases that NumPy lacks."""
    after_import("numpy", _add_aliases)


def _add_aliases(numpy: ModuleType) -> None:
    missing = [name for name in _ALIASES if not _has(numpy, name)]
    for name in missing:
        setattr(numpy, name, _ALIASES[name])
    if missing:
        note("NumPy gets back " + ", ".join(f"np.{name}" for name in missing))


def _has(numpy: ModuleType, name: str) -> bool:
    with warnings.catch_warnings():  # NumPy warns of the aliases that it still has
        warnings.simplefilter("ignore")
        return hasattr(numpy, name)
