"""What the tests of the effect study share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfod_weights.demo import write_demo


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A folder with train.record, val.record and label_map.pbtxt."""
    folder = tmp_path / "records"
    write_demo(folder)
    for split in ("train", "val"):
        parts = sorted((folder / "data").glob(f"{split}.record-*"))
        (folder / f"{split}.record").write_bytes(b"".join(part.read_bytes() for part in parts))
    (folder / "data" / "label_map.pbtxt").rename(folder / "label_map.pbtxt")
    return folder
