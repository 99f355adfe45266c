"""Property 1: with all weights 1 losses and gradients are the stock's, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from tests.losses import configs
from tests.losses.configs import Member
from tests.losses.models import (
    KEYS,
    build,
    center_net_predictions,
    faster_rcnn_predictions,
    losses_and_gradients,
    ssd_predictions,
    tf,
)
from tfod_weights.runtime.losses.matched_objects import mean_weight
from tfod_weights.runtime.losses.model_weights import LossWeights

ONES = (1.0, 1.0, 1.0)
SIGMOID, SMOOTH_L1 = Member("weighted_sigmoid"), Member("weighted_smooth_l1")
PENALTY = Member("penalty_reduced_logistic_focal_loss")
L1 = Member("l1_localization_loss")


def by_id(members):
    return pytest.mark.parametrize("member", members, ids=[m.test_id for m in members])


@pytest.fixture
def multiplied(monkeypatch):
    """Weights of 1 are multiplied with like any others, not left out."""
    monkeypatch.setattr(LossWeights, "change_nothing", False)


def assert_same_bits(stock_text, weighted_text, predictions, architecture, in_graph=False):
    keys, calls = KEYS[architecture], []
    for text in (stock_text, weighted_text):
        calls.append(losses_and_gradients(build(text), predictions, keys, in_graph=in_graph))
    (losses, gradients), (expected, expected_gradients) = calls[1], calls[0]
    assert all(value != 0 for value in expected.values())
    assert {k: v.tobytes() for k, v in losses.items()} == {
        k: v.tobytes() for k, v in expected.items()
    }
    assert [g.tobytes() for g in gradients] == [g.tobytes() for g in expected_gradients]


@by_id(configs.SSD_CLASSIFICATION)
def test_ssd_classification(member, multiplied):
    ones = configs.ssd(member.with_weights(ONES), SMOOTH_L1)
    assert_same_bits(configs.ssd(member, SMOOTH_L1), ones, ssd_predictions(), "ssd")


@by_id(configs.SSD_LOCALIZATION)
def test_ssd_localization(member, multiplied):
    ones = configs.ssd(SIGMOID, member.with_weights(ONES))
    assert_same_bits(configs.ssd(SIGMOID, member), ones, ssd_predictions(), "ssd")


@pytest.mark.parametrize("mode", ["POSITIVE_LOGIT", "CLASS_COLUMN"])
def test_modes(mode, multiplied):
    ones = configs.ssd(SIGMOID.with_weights(ONES, mode=mode), SMOOTH_L1)
    assert_same_bits(configs.ssd(SIGMOID, SMOOTH_L1), ones, ssd_predictions(), "ssd")


@by_id(configs.FASTER_RCNN_CLASSIFICATION[1:])
def test_faster_rcnn(member, multiplied):
    stock = configs.faster_rcnn(member)
    ones = configs.faster_rcnn(member.with_weights(ONES), ONES)
    assert_same_bits(stock, ones, faster_rcnn_predictions(), "faster_rcnn")


@by_id(configs.CENTER_NET_CLASSIFICATION)
def test_center_net_classification(member, multiplied):
    stock = configs.center_net(member, L1)
    ones = configs.center_net(member.with_weights(ONES), L1)
    assert_same_bits(stock, ones, center_net_predictions(), "center_net")


@by_id(configs.CENTER_NET_LOCALIZATION)
def test_center_net_localization(member, multiplied):
    stock = configs.center_net(PENALTY, member)
    ones = configs.center_net(PENALTY, member.with_weights(ONES))
    assert_same_bits(stock, ones, center_net_predictions(), "center_net")


FOCAL, SOFTMAX = Member("weighted_sigmoid_focal"), Member("weighted_softmax")
IN_GRAPH = {
    "ssd": (
        configs.ssd(FOCAL, SMOOTH_L1),
        configs.ssd(FOCAL.with_weights(ONES), SMOOTH_L1.with_weights(ONES)),
        ssd_predictions,
    ),
    "faster_rcnn": (
        configs.faster_rcnn(SOFTMAX),
        configs.faster_rcnn(SOFTMAX.with_weights(ONES), ONES),
        faster_rcnn_predictions,
    ),
    "center_net": (
        configs.center_net(PENALTY, L1),
        configs.center_net(PENALTY.with_weights(ONES), L1.with_weights(ONES)),
        center_net_predictions,
    ),
}


@pytest.mark.parametrize("architecture", IN_GRAPH)
def test_in_a_graph_multiplied(architecture, multiplied):
    stock, ones, predictions = IN_GRAPH[architecture]
    assert_same_bits(stock, ones, predictions(), architecture, in_graph=True)


def test_in_a_graph_where_the_optimizer_adds_in_another_order():
    """CenterNet's two heads: times any factor, the sum's last bit would change."""
    stock = configs.center_net(SIGMOID, L1)
    ones = configs.center_net(SIGMOID.with_weights(ONES), L1.with_weights(ONES))
    assert_same_bits(stock, ones, center_net_predictions(), "center_net", in_graph=True)


@pytest.mark.parametrize("seed", range(20))
def test_the_mean_of_weights_of_one_is_exactly_one(seed):
    rng = np.random.default_rng(seed)
    labels = rng.random([1000, 3]) * rng.choice([1e-6, 0.1, 0.4, 1, 3])
    assert (mean_weight(tf.constant(labels, tf.float32), ONES, 1.0).numpy() == 1.0).all()


@pytest.mark.parametrize(
    "text",
    [
        configs.ssd(SIGMOID, SMOOTH_L1),
        configs.faster_rcnn(Member("")),
        configs.center_net(PENALTY, L1),
    ],
    ids=["ssd", "faster_rcnn", "center_net"],
)
def test_a_config_without_weights_builds_the_stock_objects(text):
    model = build(text)
    ours = [name for name in vars(model) if "tfod_weights" in type(vars(model)[name]).__module__]
    assert ours == []
    assert type(model).__mro__[1].__module__.startswith("object_detection.")
