"""Whole configs before and after a switch to focal loss with augmentation.

A new case is a new pair of files in switches/; those of data/ are switched as well.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tfod_weights.errors import ConfigError
from tfod_weights.pipeline import LossSwitch, PipelineConfig, patch_text, strip_text
from tfod_weights.pipeline.additions import dead_fields

HERE = Path(__file__).parent
FOCAL = LossSwitch("weighted_sigmoid_focal")
INPUTS = {
    path.name[: -len(".in.config")]: path
    for folder in ("data", "switches")
    for path in sorted((HERE / folder).glob("*.in.config"))
}
SWITCHED = {name: path for name, path in INPUTS.items() if not name.startswith("center_net")}


def _read(path: Path) -> str:
    return path.read_bytes().decode()


@pytest.mark.parametrize("case", SWITCHED)
def test_switched(case: str) -> None:
    before = _read(SWITCHED[case])
    config = PipelineConfig(before, "case")
    augment = "detection-ssd" if config.root.has("train_config") else None
    weights = [1.0 + index for index in range(config.num_classes)]
    after = patch_text(before, weights, switch=FOCAL, augment=augment).text
    expected = HERE / "switches" / f"{case}.out.config"
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_bytes(after.encode())
    assert after == _read(expected)
    if "class_weights" not in before:
        assert strip_text(after) == before
    assert patch_text(after, weights, switch=FOCAL, augment=augment).text == after
    assert patch_text(after, weights).text == patch_text(before, weights).text


def test_center_net_is_refused_and_left() -> None:
    text = _read(INPUTS["center_net"])
    with pytest.raises(ConfigError, match="its targets are heatmaps"):
        patch_text(text, None, losses="none", switch=FOCAL)


def test_what_a_user_replaced_is_still_dead() -> None:
    text = _read(INPUTS["dead_member"])
    after = PipelineConfig(patch_text(text, None, losses="none", switch=FOCAL).text, "case")
    assert [field.name for field in dead_fields(after)] == ["weighted_softmax"]
    assert [field.name for field in after.dead_fields()] == ["weighted_softmax", "weighted_sigmoid"]
