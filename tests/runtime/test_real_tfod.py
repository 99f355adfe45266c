"""The real TFOD with the runtime active: it parses, trains, exports, evaluates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.runtime.processes import needs_tfod, run, tfod_weights
from tfod_weights.demo import write_demo
from tfod_weights.pipeline import LossSwitch, patch_config
from tfod_weights.sampling import ClassSampling
from tfod_weights.weighting import WeightSchedule

pytestmark = needs_tfod

WEIGHTS = [0.5, 1.5, 3.0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The demonstration data and its config, small, with metrics of every class; patched with
    everything that patch can write."""
    folder = tmp_path_factory.mktemp("training")
    config = write_demo(folder / "demo")
    text = config.read_text(encoding="utf-8").replace("batch_size: 8", "batch_size: 1")
    text = text.replace("ssd_mobilenet_v2_keras", "ssd_mobilenet_v1_keras")  # traced faster
    text = text.replace("eval_config {", "eval_config {\n  include_metrics_per_category: true")
    config.write_text(text, encoding="utf-8")
    patch_config(
        config,
        WEIGHTS,
        background_weight=0.8,
        schedule=WeightSchedule(50, 20),
        sampling=ClassSampling((1, 2, 4), "SUM"),
        switch=LossSwitch("weighted_sigmoid_focal", gamma=1.5, alpha=0.3),
        augment="light",
    ).write()
    return folder


@pytest.fixture(scope="module")
def trained(folder) -> Path:
    """A hundred steps, the fewest that model_main_tf2 takes."""
    ended = tfod_weights(
        "train", "demo/pipeline.config", "--model-dir", "model", "--num_train_steps=3",
        "--checkpoint_every_n=100", folder=folder,
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert (folder / "model" / "checkpoint").is_file()
    return folder


def test_configs_are_parsed_with_their_weights(folder) -> None:
    program = (
        "import tfod_weights; tfod_weights.enable()\n"
        "from object_detection.utils.config_util import get_configs_from_pipeline_file\n"
        "model = get_configs_from_pipeline_file('demo/pipeline.config')['model']\n"
        "loss = model.ssd.loss\n"
        "print(list(loss.classification_loss.weighted_sigmoid_focal.class_weights),"
        " list(loss.localization_loss.weighted_smooth_l1.class_weights))"
    )
    ended = run("-c", program, folder=folder)
    assert ended.out == f"{WEIGHTS} {WEIGHTS}\n", ended.err


def test_the_checkpoint_can_be_exported(trained) -> None:
    ended = tfod_weights(
        "run", "-m", "object_detection.exporter_main_v2", "--input_type=image_tensor",
        "--pipeline_config_path=demo/pipeline.config", "--trained_checkpoint_dir=model",
        "--output_directory=exported", folder=trained,
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert (trained / "exported" / "saved_model" / "saved_model.pb").is_file()
    exported = (trained / "exported" / "pipeline.config").read_text(encoding="utf-8")
    assert exported.count("class_weights: 3.0") == 2


def test_evaluation_ends_with_metrics_of_every_class(trained) -> None:
    ended = tfod_weights("evaluate", "demo/pipeline.config", "--model-dir", "model", folder=trained)
    assert ended.code == 0, ended.err
    metric = re.compile(r"DetectionBoxes_PerformanceByCategory/mAP/(\w+): (-?[\d.]+)")
    found = {name: float(value) for name, value in metric.findall(ended.err)}
    assert list(found) == ["circle", "square", "triangle"]
    assert all(-1 <= value <= 1 for value in found.values())


def test_wrong_weights_stop_before_the_first_step(folder) -> None:
    text = (folder / "demo" / "pipeline.config").read_text(encoding="utf-8")
    wrong = text.replace("num_classes: 3", "num_classes: 4")
    (folder / "wrong.config").write_text(wrong, encoding="utf-8")
    flags = ("--pipeline_config_path=wrong.config", "--model_dir=wrong")
    ended = tfod_weights("run", "-m", "object_detection.model_main_tf2", *flags, folder=folder)
    assert ended.code == 2
    assert "Traceback" not in ended.err
    assert "class_weights has 3 weights for num_classes: 4" in ended.err
    assert not (folder / "wrong" / "checkpoint").exists()
