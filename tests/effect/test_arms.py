"""Every arm of the effect study patches the template that it is run with."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn has the digits")

from benchmarks.effect.arms import ARMS, BASELINE, Arm
from benchmarks.effect.configs import base_config, write_config
from benchmarks.effect.datasets import DATA_SETS, DataSet
from tfod_weights import check_config


@pytest.mark.parametrize("arm", ARMS, ids=lambda arm: arm.name)
def test_an_arm_patches_the_config(arm: Arm, records: Path, tmp_path: Path) -> None:
    path = tmp_path / "pipeline.config"
    write_config(path, DATA_SETS[0], arm, 3, records)
    assert [one for one in check_config(path) if one.severity == "error"] == []
    assert ("class_weights" in path.read_text()) == ("--scheme" in arm.patch)
    assert ("class_sampling" in path.read_text()) == arm.own_order
    assert ("weighted_sigmoid {" in path.read_text()) == ("--sigmoid" in arm.patch)


@pytest.mark.parametrize("data_set", DATA_SETS, ids=lambda data_set: data_set.name)
def test_digits_are_not_mirrored_or_cropped(data_set: DataSet, records: Path) -> None:
    text = base_config(data_set, records)
    assert ("data_augmentation_options" in text) == data_set.augmented


def test_arms_differ() -> None:
    assert len({arm.name for arm in ARMS}) == len({arm.patch for arm in ARMS}) == len(ARMS)
    assert ARMS[0].name == BASELINE
