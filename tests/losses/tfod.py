"""The real TFOD with class weights active, for the tests of the losses."""

from __future__ import annotations

import importlib.util
import os

import pytest


def import_tfod():
    """Activate tfod-weights in this process, or skip the calling module with a reason."""
    for module in ("tensorflow", "object_detection"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed", allow_module_level=True)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from tfod_weights.runtime import losses
    from tfod_weights.runtime.activation import activate
    from tfod_weights.runtime.compat import MENDS
    from tfod_weights.runtime.patches import PATCHES

    activate(MENDS, dict.fromkeys([*PATCHES, *losses.PATCHES]))
