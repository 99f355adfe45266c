"""`tfod-weights sample` and training with sampling, each in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.runtime.processes import needs_tfod, tfod_weights
from tfod_weights.pipeline import patch_config
from tfod_weights.sampling import ClassSampling

pytestmark = needs_tfod

CONFIG = "demo/pipeline.config"


@pytest.mark.usefixtures("demo_folder")
def test_sample_shows_what_is_drawn() -> None:
    patch_config(CONFIG, None, losses="none", sampling=ClassSampling((1, 5, 9), "SUM")).write()
    ended = tfod_weights(
        "sample", CONFIG, "--epochs", "20", "--format", "json", "--plot", "drawn.png",
        folder=Path.cwd(),
    )  # fmt: skip
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert found["passes"] == 20
    assert abs(found["drawn_images"] - 20 * found["images"]) < 4 * (20 * 60 / 4) ** 0.5
    for row in found["classes"]:
        assert row["drawn_share"] == pytest.approx(row["expected_share"], rel=0.1)
    rarest = found["classes"][2]
    assert rarest["drawn_share"] > 1.4 * rarest["share"]
    assert Path("drawn.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("demo_folder")
def test_num_classes_may_be_above_the_label_map() -> None:
    text = Path(CONFIG).read_text()
    Path(CONFIG).write_text(text.replace("num_classes: 3", "num_classes: 5"))
    weights = ClassSampling((1, 5, 9, 1, 1))
    patch_config(CONFIG, None, losses="none", sampling=weights).write()
    ended = tfod_weights("sample", CONFIG, "--format", "json", folder=Path.cwd())
    assert ended.code == 0, ended.err
    assert len(json.loads(ended.out)["classes"]) == 3


@pytest.mark.usefixtures("demo_folder")
def test_a_wrong_sampling_stops_training_with_its_place() -> None:
    text = Path(CONFIG).read_text()
    reader = "train_input_reader {\n"
    Path(CONFIG).write_text(
        text.replace(reader, f"{reader}  class_sampling {{ repeat_factor_threshold: 5 }}\n")
    )
    ended = tfod_weights("train", CONFIG, "--model-dir", "model", folder=Path.cwd())
    assert ended.code == 2
    assert ended.err.startswith(f"{CONFIG}:107:20: repeat_factor_threshold is 5\n")
    assert "Traceback" not in ended.err
    assert not Path("model").exists()
