"""Whole configs before and after: a new case is a new pair of files in data/."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tfod_weights.migration import migrate_text
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.verify import parsed

DATA = Path(__file__).parent / "data"
CASES = sorted(path.name[: -len(".in.config")] for path in DATA.glob("*.in.config"))


def _read(name: str) -> str:
    return (DATA / name).read_bytes().decode()


@pytest.mark.parametrize("case", CASES)
def test_migrated(case: str) -> None:
    migrated = migrate_text(_read(f"{case}.in.config"))
    expected = DATA / f"{case}.out.config"
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_bytes(migrated.text.encode())
    assert migrated.text == expected.read_bytes().decode()
    assert migrated.leftovers == ()
    assert migrate_text(migrated.text).edits == ()
    assert parsed(PipelineConfig(migrated.text, case))
