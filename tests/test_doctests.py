"""The examples in docstrings, of every module that needs no TensorFlow."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import tfod_weights

MODULES = [
    module.name
    for module in pkgutil.walk_packages(
        tfod_weights.__path__, "tfod_weights.", onerror=lambda name: None
    )
    if ".runtime" not in module.name and not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_doctests(name: str) -> None:
    if name.startswith("tfod_weights.beam"):
        pytest.importorskip("apache_beam", reason="pip install 'tfod-weights[beam]'")
    assert doctest.testmod(importlib.import_module(name)).failed == 0
