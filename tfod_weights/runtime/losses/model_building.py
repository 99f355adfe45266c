"""TFOD's model builder, building class-weighted losses where the config has class weights."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any, Callable

from tfod_weights.runtime.losses import center_net, faster_rcnn, ssd
from tfod_weights.runtime.losses.class_names import class_names
from tfod_weights.runtime.losses.model_weights import read_model_weights

_WEIGH = {"ssd": ssd.weigh, "faster_rcnn": faster_rcnn.weigh, "center_net": center_net.weigh}


def patch_model_builder(model_builder: ModuleType) -> None:
    """Wrap the functions that build each architecture.

    Whoever has taken `model_builder.build` already gets them too: it looks them up in
    META_ARCH_BUILDER_MAP when it is called.
    """
    module: Any = model_builder
    for architecture in _WEIGH:
        stock = module.META_ARCH_BUILDER_MAP[architecture]
        weighing = _weighing(stock, architecture)
        module.META_ARCH_BUILDER_MAP[architecture] = weighing
        name = f"_build_{architecture}_model"
        if getattr(module, name, None) is stock:
            setattr(module, name, weighing)


def _weighing(stock: Callable[..., Any], architecture: str) -> Callable[..., Any]:
    @functools.wraps(stock)
    def build(config: Any, *args: Any, **kwargs: Any) -> Any:
        """Build a model.

        Raises:
            ConfigError: the config has class weights that no loss would use.
            WeightsError: it has weights that cannot be used.
        """
        weights = read_model_weights(config, architecture)
        model = stock(config, *args, **kwargs)
        if weights:
            names = class_names(config, architecture, weights.num_classes)
            _WEIGH[architecture](model, weights, names)
        return model

    return build
