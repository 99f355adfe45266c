"""Every mend: the real TFOD fails without it as it says, and works with it."""

from __future__ import annotations

import json
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Optional

import pytest

from tests.runtime.laboratory import EXPERIMENTS
from tests.runtime.processes import needs_tfod, run
from tfod_weights.runtime.compat import MENDS

# The other two cannot be made up for in a process where they were missing. That they work is
# what every test with the real TFOD shows.
_TOGETHER = (
    "tensorflow-io",
    "estimator",
    "control-flow",
    "font-size",
    "numpy-aliases",
    "category-metrics",
)
_LABORATORY = Path(__file__).with_name("laboratory.py")


@cache
def _results(*names: str) -> dict[str, tuple[Optional[str], Optional[str]]]:
    ended = run("-W", "ignore", str(_LABORATORY), *names)
    assert ended.code == 0, ended.err
    return {name: tuple(errors) for name, errors in json.loads(ended.out.splitlines()[-1]).items()}


def _is_older(package: str, *version: int) -> bool:
    installed = tuple(int(part) for part in metadata.version(package).split(".")[: len(version)])
    return installed < version


def test_every_mend_has_an_experiment() -> None:
    assert [mend.name for mend in MENDS] == list(EXPERIMENTS)


@needs_tfod
@pytest.mark.parametrize("mend", MENDS, ids=lambda mend: mend.name)
def test_stock_tfod_fails_without_it_and_works_with_it(mend) -> None:
    if mend.name in ("estimator", "legacy-keras") and _is_older("tensorflow", 2, 16):
        pytest.skip("TensorFlow is older than 2.16")
    together = _TOGETHER if mend.name in _TOGETHER else (mend.name,)
    without, with_it = _results(*together)[mend.name]
    assert without is not None and without.startswith(mend.symptom)
    assert with_it is None
