"""The real TFOD with the runtime active: it parses, trains, exports, evaluates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.runtime.processes import needs_tfod, run, tfod_weights
from tfod_weights import load_evaluation
from tfod_weights.demo import write_demo
from tfod_weights.pipeline import LossSwitch, patch_config, strip_config
from tfod_weights.sampling import ClassSampling
from tfod_weights.weighting import WeightSchedule

pytestmark = needs_tfod

WEIGHTS = [0.5, 1.5, 3.0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The demonstration data and its config, small, patched with everything that patch can
    write."""
    folder = tmp_path_factory.mktemp("training")
    config = write_demo(folder / "demo")
    text = config.read_text(encoding="utf-8").replace("batch_size: 8", "batch_size: 1")
    text = text.replace("ssd_mobilenet_v2_keras", "ssd_mobilenet_v1_keras")  # traced faster
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


@pytest.fixture(scope="module")
def printed(trained) -> dict[str, float]:
    """The metrics of TFOD's own evaluation loop, which ends by itself, as TensorBoard gets them."""
    ended = tfod_weights(
        "run", "-m", "object_detection.model_main_tf2", "--checkpoint_dir=model",
        "--pipeline_config_path=demo/pipeline.config", "--model_dir=model", "--eval_timeout=0",
        folder=trained,
    )  # fmt: skip
    assert ended.code == 0, ended.err
    program = (
        "import glob, json, tensorflow as tf\n"
        "events = tf.compat.v1.train.summary_iterator(glob.glob('model/eval/events.out*')[0])\n"
        "values = [value for event in events for value in event.summary.value]\n"
        "print(json.dumps({v.tag: tf.make_ndarray(v.tensor).item() for v in values"
        " if v.metadata.plugin_data.plugin_name == 'scalars'}))"
    )
    return json.loads(run("-c", program, folder=trained).out)


def test_tensorboard_gets_metrics_of_every_class_by_name(printed) -> None:
    prefix = "DetectionBoxes_PerformanceByCategory/mAP/"
    found = {tag[len(prefix) :]: value for tag, value in printed.items() if tag.startswith(prefix)}
    assert list(found) == ["circle", "square", "triangle"]
    assert all(-1 <= value <= 1 for value in found.values())


def test_evaluate_gives_tfods_own_summary(trained, printed) -> None:
    ended = tfod_weights(
        "evaluate", "demo/pipeline.config", "--checkpoint", "model", "-o", "metrics.json",
        folder=trained,
    )  # fmt: skip
    assert ended.code == 0, ended.err
    assert ended.err == ""
    assert "mAP ." in ended.out
    evaluation = load_evaluation(trained / "metrics.json")
    assert evaluation.source["step"] == "100"
    assert evaluation.images == 12
    for name, tag in {
        "AP": "Precision/mAP",
        "AP50": "Precision/mAP@.50IOU",
        "AP_small": "Precision/mAP (small)",
        "AR100": "Recall/AR@100",
    }.items():
        assert evaluation.coco[name] == pytest.approx(printed[f"DetectionBoxes_{tag}"], abs=1e-4)
    for row in evaluation.classes:
        ap = printed[f"DetectionBoxes_PerformanceByCategory/mAP/{row.name}"]
        assert row.ap == pytest.approx(ap, abs=1e-4)
    assert [row.training_objects for row in evaluation.classes] == [285, 20, 13]


def test_a_checkpoint_of_another_model(trained) -> None:
    stripped = strip_config(trained / "demo" / "pipeline.config")
    (trained / "classes.config").write_text(stripped.replace("num_classes: 3", "num_classes: 2"))
    (trained / "network.config").write_text(stripped.replace("v1_keras", "v2_keras"))
    program = (  # one process for both
        "import sys, tfod_weights.cli\n"
        "for config in sys.argv[1:]:\n"
        "    print(tfod_weights.cli.main(['evaluate', config, '--checkpoint', 'model']))"
    )
    ended = run("-c", program, "classes.config", "network.config", folder=trained)
    assert ended.out == "2\n2\n", ended.err
    assert ended.err.count("the checkpoint does not fit the model") == 2
    assert "Traceback" not in ended.err


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
