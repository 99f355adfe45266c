"""Whole configs before and after: a new case is a new pair of files in data/."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tfod_weights.pipeline import PipelineConfig, patch_text, strip_text
from tfod_weights.weighting import class_weights

DATA = Path(__file__).parent / "data"
CASES = sorted(path.name[: -len(".in.config")] for path in DATA.glob("*.in.config"))
COUNTS = {1: 2382, 2: 214, 3: 209}


def _read(name: str) -> str:
    return (DATA / name).read_bytes().decode()


def _weights(text: str):
    num_classes = PipelineConfig(text, "case").num_classes
    counts = {c: COUNTS.get(c, 100 * c) for c in range(1, num_classes + 1)}
    return class_weights(counts, scheme="inverse", normalize="min")


@pytest.mark.parametrize("case", CASES)
def test_patched(case: str) -> None:
    before = _read(f"{case}.in.config")
    after = patch_text(before, _weights(before)).text
    expected = DATA / f"{case}.out.config"
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_bytes(after.encode())
    assert after == expected.read_bytes().decode()
    if "class_weights" not in before:
        assert strip_text(after) == before
