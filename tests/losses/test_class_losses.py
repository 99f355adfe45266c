"""Each class's losses: their sums, their names, and that TFOD's train loop writes them."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from tests.losses import configs
from tests.losses.configs import Member
from tests.losses.models import (
    SHAPES,
    build,
    center_net_predictions,
    faster_rcnn_predictions,
    parse,
    ssd_predictions,
    tf,
)
from tfod_weights.demo.dataset import write_demo
from tfod_weights.runtime.losses import class_names as names
from tfod_weights.runtime.losses import settings
from tfod_weights.runtime.losses.class_losses import are_collected, collected

SIGMOID, SMOOTH_L1 = Member("weighted_sigmoid"), Member("weighted_smooth_l1")
PENALTY, L1 = Member("penalty_reduced_logistic_focal_loss"), Member("l1_localization_loss")
SOFTMAX = Member("weighted_softmax")
WEIGHTS = (0.25, 3.0, 1.7)


def class_losses(text, predictions, targets=None):
    """The names and values of the class losses of a model, and the losses of TFOD."""
    model = build(text, targets=targets)
    tensors = tf.nest.map_structure(tf.constant, predictions.fixed | predictions.trained)
    with collected() as scalars:
        losses = model.loss(tensors, tf.constant(SHAPES))
    return {k: v.numpy() for k, v in scalars.items()}, {k: v.numpy() for k, v in losses.items()}


MODELS = {
    "ssd": (
        configs.ssd(SIGMOID.with_weights(WEIGHTS), SMOOTH_L1.with_weights(WEIGHTS)),
        ssd_predictions,
    ),
    "ssd with the flat IOU loss": (
        configs.ssd(SOFTMAX.with_weights(WEIGHTS), Member("weighted_iou").with_weights(WEIGHTS)),
        ssd_predictions,
    ),
    "faster_rcnn": (
        configs.faster_rcnn(SOFTMAX.with_weights(WEIGHTS), WEIGHTS),
        faster_rcnn_predictions,
    ),
    "center_net": (
        configs.center_net(PENALTY.with_weights(WEIGHTS), L1.with_weights(WEIGHTS)),
        center_net_predictions,
    ),
    "center_net with softmax": (
        configs.center_net(SOFTMAX.with_weights(WEIGHTS), L1.with_weights(WEIGHTS)),
        center_net_predictions,
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_class_loss_is_its_weight_times_the_unweighted_one(name):
    text, predictions = MODELS[name]
    scalars, _ = class_losses(text, predictions())
    assert len(scalars) == 12
    for kind in ("classification", "localization"):
        for class_id, weight in enumerate(WEIGHTS, 1):
            unweighted = scalars[f"ClassLoss/{kind}_unweighted/{class_id}"]
            assert unweighted > 0
            weighted = scalars[f"ClassLoss/{kind}/{class_id}"]
            assert weighted == pytest.approx(weight * unweighted, rel=1e-5)


@pytest.mark.parametrize("kind", ["one-hot", "k-hot"])
def test_the_classes_together_are_the_whole_localization_loss(kind):
    targets = None
    if kind == "k-hot":
        targets = [np.array([[1, 0, 1], [0, 1, 0]]), np.array([[1, 1, 1], [0, 1, 1], [0, 0, 1]])]
        targets = [rows.astype(np.float32) for rows in targets]
    scalars, losses = class_losses(MODELS["ssd"][0], ssd_predictions(), targets)
    total = sum(v for k, v in scalars.items() if k.startswith("ClassLoss/localization/"))
    assert total / 4 == pytest.approx(losses["Loss/localization_loss"], rel=1e-5)  # code size


def test_dice_has_a_loss_for_each_class_as_it_is():
    dice = Member("weighted_dice_classification_loss").with_weights(WEIGHTS)
    scalars, losses = class_losses(configs.ssd(dice, SMOOTH_L1), ssd_predictions())
    assert sorted(scalars) == sorted(
        f"ClassLoss/classification{suffix}/{i}" for suffix in ("", "_unweighted") for i in (1, 2, 3)
    )
    weighted = sum(scalars[f"ClassLoss/classification/{i}"] for i in (1, 2, 3))
    assert 0 < weighted < losses["Loss/classification_loss"]  # the rest is the background's


def test_nothing_is_collected_outside_or_in_another_graph():
    assert not are_collected()
    with collected():
        assert are_collected()
        inside = []
        tf.function(lambda: inside.append(are_collected()))()
    assert inside == [False]
    assert not are_collected()


# -- names ----------------------------------------------------------------------------------


@pytest.fixture
def read_config(tmp_path, monkeypatch):
    """A function that reads a config as TFOD's programs do; what was read before is forgotten."""
    monkeypatch.setattr(names, "_last_read", None)

    def read(label_map):
        from object_detection.utils import config_util

        (tmp_path / "map.pbtxt").write_text(label_map)
        config = MODELS["ssd"][0] + 'train_input_reader { label_map_path: "MAP" }'
        path = tmp_path / "pipeline.config"
        path.write_text(config.replace("MAP", str(tmp_path / "map.pbtxt")))
        return config_util.get_configs_from_pipeline_file(str(path))

    return read


LABEL_MAP = """item { id: 1 name: 'circle' } item { id: 3 name: 'n03' display_name: 'big one' }"""


def test_names_are_those_of_the_train_label_map(read_config):
    model = read_config(LABEL_MAP)["model"]
    assert names.class_names(model.ssd, "ssd", 3) == ("circle", "2", "big one")


def test_equal_names_are_told_apart(read_config):
    model = read_config("item { id: 1 name: 'a' } item { id: 2 name: 'a' }")["model"]
    assert names.class_names(model.ssd, "ssd", 3) == ("a (1)", "a (2)", "3")


def test_another_model_gets_ids(read_config):
    read_config(LABEL_MAP)
    other = parse(MODELS["ssd"][0].replace("0.25", "0.5"))
    assert names.class_names(other.ssd, "ssd", 3) == ("1", "2", "3")


def test_a_label_map_that_cannot_be_read_gives_ids(read_config):
    model = read_config("item { id: ")["model"]
    assert names.class_names(model.ssd, "ssd", 3) == ("1", "2", "3")


# -- TFOD's train loop ------------------------------------------------------------------------


def weighted_demo(folder):
    config = write_demo(folder)
    text = config.read_text()
    weights = "class_weights: [0.5, 2.0, 6.0]"
    text = text.replace("gamma: 2.0", f"gamma: 2.0 {weights}")
    text = text.replace("weighted_smooth_l1 {", f"weighted_smooth_l1 {{ {weights}")
    config.write_text(text.replace("batch_size: 8", "batch_size: 2"))
    return str(config)


def written_scalars(folder):
    """The names of all scalars that were written."""
    events = [
        value
        for path in sorted(folder.glob("**/events.out*"))
        for event in tf.compat.v1.train.summary_iterator(str(path))
        for value in event.summary.value
    ]
    return {value.tag for value in events if value.metadata.plugin_data.plugin_name == "scalars"}


@pytest.mark.parametrize("switch", [True, False], ids=["on", "off"])
def test_the_train_loop_writes_them(tmp_path, monkeypatch, caplog, switch):
    from object_detection import model_lib_v2

    monkeypatch.setattr(settings, "class_summaries", switch)
    monkeypatch.setattr(model_lib_v2, "LOG_EVERY", 1)
    with caplog.at_level(logging.INFO, logger="tensorflow"):
        model_lib_v2.train_loop(
            weighted_demo(tmp_path / "demo"),
            str(tmp_path / "model"),
            train_steps=2,
            num_steps_per_iteration=1,
            record_summaries=False,
        )
    scalars = written_scalars(tmp_path / "model")
    assert {"Loss/classification_loss", "Loss/total_loss", "learning_rate"} <= scalars
    expected = {
        f"ClassLoss/{kind}{suffix}/{name}"
        for kind in ("classification", "localization")
        for suffix in ("", "_unweighted")
        for name in ("circle", "square", "triangle")
    }
    assert {s for s in scalars if s.startswith("ClassLoss")} == (expected if switch else set())
    assert "Loss/total_loss" in caplog.text and "ClassLoss" not in caplog.text
    assert "AutoGraph could not" not in caplog.text
