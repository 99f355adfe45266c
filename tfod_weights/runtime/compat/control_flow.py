"""Names that TensorFlow 2.13 moved out of `control_flow_ops`; tf_slim finds them there."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from tfod_weights.runtime.import_hooks import after_import
from tfod_weights.runtime.notes import note

_OPS = "tensorflow.python.ops"
_MOVED = {
    "Assert": "control_flow_assert",
    "case": "control_flow_case",
    "cond": "cond",
    "while_loop": "while_loop",
}


def install() -> None:
    """Let `control_flow_ops` find them again."""
    after_import(f"{_OPS}.control_flow_ops", _forward_moved_names)


def _forward_moved_names(control_flow_ops: ModuleType) -> None:
    """By the module's `__getattr__`: their new homes import `control_flow_ops` themselves."""
    names = vars(control_flow_ops)
    moved = {name: home for name, home in _MOVED.items() if name not in names}
    if not moved or "__getattr__" in names:
        return

    def forward(name: str) -> Any:
        if name not in moved:
            raise AttributeError(f"module {control_flow_ops.__name__!r} has no attribute {name!r}")
        note(f"control_flow_ops.{name} is taken from its new place, {_OPS}.{moved[name]}")
        return getattr(importlib.import_module(f"{_OPS}.{moved[name]}"), name)

    names["__getattr__"] = forward
