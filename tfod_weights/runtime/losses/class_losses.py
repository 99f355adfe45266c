"""Each class's part of the losses, beside TFOD's own scalars in TensorBoard.

`ClassLoss/classification/<class>` and `ClassLoss/localization/<class>` are the sums over the
anchors (proposals, centres) that are matched to objects of the class, as they are weighed;
`…_unweighted/<class>` as they were before. They are sums over a replica's batch: neither
normalised as TFOD's totals are, nor mined.
"""

from __future__ import annotations

import functools
import threading
from contextlib import contextmanager
from types import ModuleType
from typing import Any, Callable, Iterator, Optional, Sequence

import tensorflow as tf

from tfod_weights.runtime.losses import settings

Tensor = Any

PREFIX = "ClassLoss"


class _Collection(threading.local):
    """The sums of the losses that are being computed in this thread.

    Attributes:
        scalars: Name -> scalar; None while nobody collects.
        graph: The graph in which they can be used; None in eager mode.
    """

    scalars: Optional[dict[str, Tensor]] = None
    graph: Any = None


_collection = _Collection()


@contextmanager
def collected() -> Iterator[dict[str, Tensor]]:
    """Collect the class losses of what is computed inside."""
    _collection.scalars, _collection.graph = {}, _graph()
    try:
        yield _collection.scalars
    finally:
        _collection.scalars = _collection.graph = None


def are_collected() -> bool:
    """Whether somebody collects class losses here, in this very graph."""
    return _collection.scalars is not None and _collection.graph is _graph()


def collect(kind: str, class_names: Sequence[str], sums: Tensor) -> None:
    """Add the sums of a loss, [classes], to those of the same kind."""
    scalars = _collection.scalars
    assert scalars is not None
    for name, value in zip(class_names, tf.unstack(sums, len(class_names))):
        key = f"{PREFIX}/{kind}/{name}"
        scalars[key] = scalars[key] + value if key in scalars else value


def _graph() -> Any:
    return None if tf.executing_eagerly() else tf.compat.v1.get_default_graph()


def patch_model_lib(model_lib_v2: ModuleType) -> None:
    """Let TFOD's train and evaluation loops write the class losses with their own.

    The loops write every item of the dictionary that `_compute_losses_and_predictions_dicts`
    returns; the total, which is trained, is already computed by then.
    """
    module: Any = model_lib_v2
    module._compute_losses_and_predictions_dicts = _with_class_losses(
        module._compute_losses_and_predictions_dicts
    )
    module.pprint = _ShortPrint(module.pprint)


def _with_class_losses(stock: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(stock)
    def compute(*args: Any, **kwargs: Any) -> Any:
        if not settings.class_summaries:
            return stock(*args, **kwargs)
        with collected() as scalars:
            losses_dict, predictions = stock(*args, **kwargs)
        losses_dict.update(scalars)
        return losses_dict, predictions

    return compute


class _ShortPrint:
    """`pprint` without the class losses: the train loop logs its losses with it."""

    def __init__(self, stock: Any) -> None:
        self._stock = stock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stock, name)

    def pformat(self, value: Any, *args: Any, **kwargs: Any) -> str:
        if isinstance(value, dict):
            value = {k: v for k, v in value.items() if not k.startswith(f"{PREFIX}/")}
        text: str = self._stock.pformat(value, *args, **kwargs)
        return text
