"""Property 1: with all weights 1 losses and gradients are the stock's, bit for bit."""

from __future__ import annotations

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
)

ONES = (1.0, 1.0, 1.0)
SIGMOID, SMOOTH_L1 = Member("weighted_sigmoid"), Member("weighted_smooth_l1")
PENALTY = Member("penalty_reduced_logistic_focal_loss")
L1 = Member("l1_localization_loss")


def by_id(members):
    return pytest.mark.parametrize("member", members, ids=[m.test_id for m in members])


def assert_same_bits(stock_text, weighted_text, predictions, architecture):
    keys = KEYS[architecture]
    stock, weighted = build(stock_text), build(weighted_text)
    for in_graph in (False, True):
        expected = losses_and_gradients(stock, predictions, keys, in_graph=in_graph)
        actual = losses_and_gradients(weighted, predictions, keys, in_graph=in_graph)
        assert all(value != 0 for value in expected[0].values())
        assert {k: v.tobytes() for k, v in actual[0].items()} == {
            k: v.tobytes() for k, v in expected[0].items()
        }
        assert [g.tobytes() for g in actual[1]] == [g.tobytes() for g in expected[1]]


@by_id(configs.SSD_CLASSIFICATION)
def test_ssd_classification(member):
    ones = configs.ssd(member.with_weights(ONES), SMOOTH_L1)
    assert_same_bits(configs.ssd(member, SMOOTH_L1), ones, ssd_predictions(), "ssd")


@by_id(configs.SSD_LOCALIZATION)
def test_ssd_localization(member):
    ones = configs.ssd(SIGMOID, member.with_weights(ONES))
    assert_same_bits(configs.ssd(SIGMOID, member), ones, ssd_predictions(), "ssd")


@pytest.mark.parametrize("mode", ["POSITIVE_LOGIT", "CLASS_COLUMN"])
def test_modes(mode):
    ones = configs.ssd(SIGMOID.with_weights(ONES, mode=mode), SMOOTH_L1)
    assert_same_bits(configs.ssd(SIGMOID, SMOOTH_L1), ones, ssd_predictions(), "ssd")


@by_id(configs.FASTER_RCNN_CLASSIFICATION[1:])
def test_faster_rcnn(member):
    stock = configs.faster_rcnn(member)
    ones = configs.faster_rcnn(member.with_weights(ONES), ONES)
    assert_same_bits(stock, ones, faster_rcnn_predictions(), "faster_rcnn")


@by_id(configs.CENTER_NET_CLASSIFICATION)
def test_center_net_classification(member):
    stock = configs.center_net(member, L1)
    ones = configs.center_net(member.with_weights(ONES), L1)
    assert_same_bits(stock, ones, center_net_predictions(), "center_net")


@by_id(configs.CENTER_NET_LOCALIZATION)
def test_center_net_localization(member):
    stock = configs.center_net(PENALTY, member)
    ones = configs.center_net(PENALTY, member.with_weights(ONES))
    assert_same_bits(stock, ones, center_net_predictions(), "center_net")


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
