"""The installed TFOD, activated in this process, for the tests."""

from __future__ import annotations

import importlib.util
import os

import pytest


def import_tfod() -> None:
    """Make `import object_detection...` work, or skip the calling test module with a reason."""
    for name in ("object_detection", "tensorflow"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"{name} is not installed", allow_module_level=True)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

    from tfod_weights import enable

    enable()
