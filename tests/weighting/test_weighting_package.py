"""The package as a whole: exports, lightness, doctests."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import tfod_weights.weighting as weighting

MODULES = [m.name for m in pkgutil.iter_modules(weighting.__path__, weighting.__name__ + ".")]


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_exports():
    assert sorted(weighting.__all__) == sorted(set(weighting.__all__))
    for name in weighting.__all__:
        assert hasattr(weighting, name)


def test_import_is_light():
    code = (
        "import sys, tfod_weights.weighting\n"
        "heavy = {'rich', 'google.protobuf', 'numpy', 'tensorflow', 'json', 'difflib'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stdout.strip() == "[]", result.stderr
