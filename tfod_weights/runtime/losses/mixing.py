"""Methods put over those of one model that TFOD has built."""

from __future__ import annotations

import functools
import types
from typing import Any


def mix_in(model: Any, mixin: type) -> None:
    """Make a model an instance of its class with `mixin`'s methods over it.

    The class keeps its name and the model everything it holds: variables, checkpoints and
    Keras names are as before.
    """
    object.__setattr__(model, "__class__", _mixed(model.__class__, mixin))


@functools.cache
def _mixed(stock: Any, mixin: Any) -> type:
    def body(namespace: dict[str, Any]) -> None:
        namespace.update(__module__=stock.__module__, __doc__=stock.__doc__)

    return types.new_class(stock.__name__, (mixin, stock), exec_body=body)
