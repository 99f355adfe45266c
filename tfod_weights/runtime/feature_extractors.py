"""A feature extractor that this TFOD cannot build: the error of its builder, in plain words."""

from __future__ import annotations

import functools
from types import ModuleType
from typing import Any

from tfod_weights.errors import ConfigError
from tfod_weights.pipeline.feature_extractors import TF1_TYPES
from tfod_weights.suggestions import did_you_mean

_ON_TENSORFLOW_1 = (
    "choose one that TensorFlow 2 has; stock TFOD, without class weights, trains it on Python 3.7 "
    "with pip install 'tensorflow==1.15.*'"
)


class UnknownExtractorError(ConfigError, ValueError):
    """Also the ValueError that callers of TFOD's builder expect."""


def patch_model_builder(model_builder: ModuleType) -> None:
    """Say what to write instead where the builder only says `not supported`."""
    module: Any = model_builder
    stock = module._check_feature_extractor_exists

    @functools.wraps(stock)
    def check(name: str) -> None:
        try:
            stock(name)
        except ValueError as error:
            known = sorted(set().union(*module.FEATURE_EXTRACTOR_MAPS))
            raise unknown_extractor(name, known) from error

    module._check_feature_extractor_exists = check


def unknown_extractor(name: str, known: list[str]) -> UnknownExtractorError:
    """The error for an extractor that is not among the known ones."""
    if name in TF1_TYPES:
        twin = TF1_TYPES[name]
        return UnknownExtractorError(
            f"feature_extractor {name} is built by TensorFlow 1 only",
            help=f"write {twin}, the same network in TensorFlow 2" if twin else _ON_TENSORFLOW_1,
        )
    return UnknownExtractorError(
        f"TFOD has no feature_extractor {name}", help=did_you_mean(name, known)
    )
