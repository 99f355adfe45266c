"""docs/comparing.md shows what the program prints.

Made by `UPDATE_README=1 python -m pytest tests/evaluation/test_docs.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.evaluation.making import require_pycocotools, write_runs
from tests.test_readme import made_anew

require_pycocotools()

DOCS = REPOSITORY / "docs" / "comparing.md"


def test_the_docs_show_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_runs(tmp_path))
    shown = DOCS.read_text(encoding="utf-8")
    made = made_anew(shown)
    if os.environ.get("UPDATE_README"):
        DOCS.write_text(made, encoding="utf-8")
    assert "error:" not in made
    assert "Traceback" not in made
    assert shown == made or os.environ.get("UPDATE_README")
