"""The picture in docs/reports.md can be made, and is a picture of today's page.

Made by `UPDATE_README=1 python -m pytest tests/reports/test_docs.py`.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.evaluation.making import require_pycocotools, write_runs
from tests.reports.browser import needs_chromium, screenshot
from tfod_weights.cli import main

PICTURE = REPOSITORY / "docs" / "report.png"
_WIDTH, _HEIGHT = 1200, 1240

require_pycocotools()
Image = pytest.importorskip("PIL.Image", reason="pip install 'tfod-weights[plot]'")


def test_the_picture_is_small_and_shown() -> None:
    assert PICTURE.stat().st_size < 200_000
    assert "](report.png)" in (REPOSITORY / "docs" / "reports.md").read_text(encoding="utf-8")


@needs_chromium
def test_the_picture_shows_the_page(demo_folder: Path, tmp_path: Path) -> None:
    write_runs(tmp_path)
    assert main(["patch", "demo/pipeline.config", "--sampling", "mean"]) == 0
    runs = ("stock/seed0.json", "weighted/seed0.json")
    for run, name in zip(runs, ("before.json", "after.json")):
        shutil.copy(tmp_path / run, name)
    assert main(["report", "demo/pipeline.config", "before.json", "after.json"]) == 0
    screenshot(Path("report.html").resolve(), tmp_path / "page.png", width=_WIDTH, height=_HEIGHT)
    with Image.open(tmp_path / "page.png") as page:
        reduced = page.convert("RGB").quantize(128)
    if os.environ.get("UPDATE_README"):
        reduced.save(PICTURE, optimize=True)
    with Image.open(PICTURE) as shown:
        assert shown.size == reduced.size == (_WIDTH, _HEIGHT)
