"""Whole models: predictions of a network, gradients of its variables, precision, checkpoints."""

from __future__ import annotations

import numpy as np
import pytest

from tests.losses import configs
from tests.losses.configs import Member
from tests.losses.models import SIZE, build, tf
from tfod_weights.runtime.losses.model_weights import LossWeights
from tfod_weights.runtime.losses.weighted_loss import ClassWeightedLoss

FOCAL, SMOOTH_L1 = Member("weighted_sigmoid_focal"), Member("weighted_smooth_l1")
PENALTY, L1 = Member("penalty_reduced_logistic_focal_loss"), Member("l1_localization_loss")
SOFTMAX = Member("weighted_softmax")
ONES, WEIGHTS = (1.0, 1.0, 1.0), (0.25, 3.0, 1.7)


def config(architecture, weights):
    if architecture == "ssd":
        return configs.ssd(FOCAL.with_weights(weights), SMOOTH_L1.with_weights(weights))
    if architecture == "center_net":
        return configs.center_net(PENALTY.with_weights(weights), L1.with_weights(weights))
    return configs.faster_rcnn(SOFTMAX.with_weights(weights), weights)


def images():
    return tf.constant(np.random.default_rng(7).random([2, SIZE, SIZE, 3]) * 255, tf.float32)


def training_step(model):
    """The losses and the gradients of all variables, as TFOD's train loop computes them."""
    from object_detection.utils import ops

    with tf.GradientTape() as tape:
        preprocessed, shapes = model.preprocess(images())
        predictions = ops.bfloat16_to_float32_nested(model.predict(preprocessed, shapes))
        losses = model.loss(predictions, shapes)
        total = tf.add_n(list(losses.values()))
    return losses, tape.gradient(total, model.trainable_variables)


def run(model, in_graph=True):
    tf.random.set_seed(0)
    losses, gradients = (tf.function(training_step) if in_graph else training_step)(model)
    dense = [tf.convert_to_tensor(g).numpy() for g in gradients if g is not None]
    return {key: value.numpy() for key, value in losses.items()}, dense


def twins(architecture, weights):
    """A stock and a weighted model with the same variables."""
    models = [build(config(architecture, w)) for w in (None, weights)]
    for model in models:
        model.predict(*model.preprocess(images()))
    stock, weighted = models
    assert len(stock.variables) == len(weighted.variables) > 4
    for mine, theirs in zip(weighted.variables, stock.variables):
        mine.assign(theirs)
    return stock, weighted


@pytest.mark.parametrize("architecture", ["ssd", "faster_rcnn", "center_net"])
def test_ones_train_like_stock_bit_for_bit(architecture, monkeypatch):
    monkeypatch.setattr(LossWeights, "change_nothing", False)
    in_graph = architecture != "faster_rcnn"  # tracing its gradients takes a minute
    (expected, expected_gradients), (actual, gradients) = (
        run(model, in_graph) for model in twins(architecture, ONES)
    )
    assert {k: v.tobytes() for k, v in actual.items()} == {
        k: v.tobytes() for k, v in expected.items()
    }
    assert [g.tobytes() for g in gradients] == [g.tobytes() for g in expected_gradients]


@pytest.mark.parametrize("architecture", ["ssd", "center_net"])
def test_eager_and_graph_agree(architecture):
    _, weighted = twins(architecture, WEIGHTS)
    (in_graph, gradients), (eager, eager_gradients) = run(weighted), run(weighted, in_graph=False)
    assert in_graph == pytest.approx(eager, rel=1e-4)
    flat, eager_flat = (
        np.concatenate([g.ravel() for g in gs]) for gs in (gradients, eager_gradients)
    )
    assert np.linalg.norm(flat - eager_flat) < 1e-3 * np.linalg.norm(eager_flat)


@pytest.mark.parametrize("architecture", ["ssd", "center_net"])
def test_a_model_is_retraced_with_other_shapes(architecture):
    """No tensor of one trace may be seen in another."""
    _, model = twins(architecture, WEIGHTS)
    loss = tf.function(lambda batch: training_step_on(model, batch))
    first, second = float(loss(images())), float(loss(images()[:, : SIZE // 2]))
    assert np.isfinite([first, second]).all()
    assert float(loss(images())) == first


def training_step_on(model, batch):
    if hasattr(model, "_anchor_generator"):
        model._anchors = None
    preprocessed, shapes = model.preprocess(batch)
    return tf.add_n(list(model.loss(model.predict(preprocessed, shapes), shapes).values()))


@pytest.mark.parametrize("architecture", ["ssd", "center_net"])
def test_no_python_runs_in_a_step(architecture):
    """Every operation of the traced step is a kernel of TensorFlow's."""
    _, model = twins(architecture, WEIGHTS)
    graph = tf.function(lambda: training_step(model)).get_concrete_function().graph.as_graph_def()
    functions = [function.node_def for function in graph.library.function]
    nodes = [node for nodes in [graph.node, *functions] for node in nodes]
    assert any("ClassWeights" in node.name for node in nodes)
    assert not [node.name for node in nodes if "PyFunc" in node.op]


@pytest.fixture
def bfloat16():
    tf.keras.mixed_precision.set_global_policy("mixed_bfloat16")
    yield
    tf.keras.mixed_precision.set_global_policy("float32")


@pytest.mark.parametrize("architecture", ["ssd", "center_net"])
def test_bfloat16(architecture, bfloat16):
    """TFOD casts bfloat16 predictions up before its losses; Faster R-CNN fails without us.

    On a CPU TensorFlow's bfloat16 gradients of SSD's last convolutions are noise, stock or not.
    """
    (expected, expected_gradients), (actual, gradients) = map(run, twins(architecture, ONES))
    assert actual == expected
    if architecture != "ssd":
        assert [g.tobytes() for g in gradients] == [g.tobytes() for g in expected_gradients]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_a_loss_keeps_its_type(dtype):
    class Weighting:
        weights = LossWeights(WEIGHTS)

        def factor(self, loss, targets):
            return tf.constant([1.0, 3.0])

    values = tf.constant([0.1, 0.2], dtype)
    loss = ClassWeightedLoss(lambda *_: values, Weighting(), "classification", "abc")
    result = loss(None, None)
    assert result.dtype == dtype and result.shape == [2]
    assert result[0] == values[0] and float(result[1]) == pytest.approx(0.6, rel=1e-2)


@pytest.mark.parametrize("architecture", ["ssd", "faster_rcnn", "center_net"])
def test_checkpoints_hold_the_same_names(architecture, tmp_path):
    names = []
    for number, model in enumerate(twins(architecture, WEIGHTS)):
        path = tf.train.Checkpoint(model=model).write(str(tmp_path / str(number)))
        names.append(tf.train.list_variables(path))
    assert names[0] == names[1]
