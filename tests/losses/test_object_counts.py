"""Property 2: a weight of k makes the objects of a class count k times.

The stock loss is taken apart with its own `weights`: once with only the anchors (proposals,
peaks, boxes) of one class, once with all others. The weighted loss is k times the first plus
the second.
"""

from __future__ import annotations

import functools

import pytest

from tests.losses import configs
from tests.losses.configs import Member
from tests.losses.models import (
    KEYS,
    build,
    center_net_predictions,
    faster_rcnn_predictions,
    losses_of,
    one_hot,
    ssd_predictions,
    tf,
)

K = 3.0
SIGMOID, SMOOTH_L1 = Member("weighted_sigmoid"), Member("weighted_smooth_l1")
PENALTY, L1 = Member("penalty_reduced_logistic_focal_loss"), Member("l1_localization_loss")
DICE = "weighted_dice_classification_loss"


def by_id(members):
    members = [member for member in members if member.name != DICE]
    return pytest.mark.parametrize("member", members, ids=[m.test_id for m in members])


def k_times(class_index):
    return [K if index == class_index else 1.0 for index in range(3)]


def only(class_index, targets):
    """1.0 where a row of targets, background first, is of the class; else 0.0."""
    return targets[..., class_index + 1]


def every_other(class_index, targets):
    return 1.0 - only(class_index, targets)


PARTS = {K: only, 1.0: every_other}


def assert_counted(make_text, mask, predictions, architecture, weighted_keys):
    """For each class: the weighted loss is the sum of the stock's parts, one counted K times."""
    stock_text, weighted_text = make_text(None), make_text
    for class_index in range(3):
        keys = KEYS[architecture]
        actual = losses_of(build(weighted_text(k_times(class_index))), predictions, keys)
        expected = dict.fromkeys(keys, 0.0)
        for times, part in PARTS.items():
            stock = build(stock_text)
            mask(stock, functools.partial(part, class_index))
            for key, value in losses_of(stock, predictions, keys).items():
                expected[key] += value * (times if key in weighted_keys else 1.0)
        assert actual == pytest.approx(expected, rel=1e-5)
        assert all(expected.values())


# -- SSD ------------------------------------------------------------------------------------


def mask_ssd(model, part):
    stock = model._assign_targets

    def assign(*args):
        targets, cls_weights, reg_targets, reg_weights, match = stock(*args)
        mask = part(targets)
        return targets, cls_weights * mask[..., None], reg_targets, reg_weights * mask, match

    model._assign_targets = assign


CLASSIFICATION, LOCALIZATION = KEYS["ssd"]


@by_id(configs.SSD_CLASSIFICATION)
def test_ssd_classification(member):
    def text(weights):
        return configs.ssd(member.with_weights(weights), SMOOTH_L1)

    assert_counted(text, mask_ssd, ssd_predictions(), "ssd", [CLASSIFICATION])


@by_id(configs.SSD_LOCALIZATION)
def test_ssd_localization(member):
    def text(weights):
        return configs.ssd(SIGMOID, member.with_weights(weights))

    assert_counted(text, mask_ssd, ssd_predictions(), "ssd", [LOCALIZATION])


def test_background_counts_as_often_as_it_weighs():
    keys, times = [CLASSIFICATION], 4.0
    member = SIGMOID.with_weights([1, 1, 1], background=times)
    actual = losses_of(build(configs.ssd(member, SMOOTH_L1)), ssd_predictions(), keys)
    expected = 0.0
    for factor, is_background in ((times, True), (1.0, False)):
        stock = build(configs.ssd(SIGMOID, SMOOTH_L1))

        def part(targets, is_background=is_background):
            objects = tf.reduce_sum(targets[..., 1:], axis=-1)
            return 1.0 - objects if is_background else objects

        mask_ssd(stock, part)
        expected += factor * losses_of(stock, ssd_predictions(), keys)[CLASSIFICATION]
    assert actual[CLASSIFICATION] == pytest.approx(expected, rel=1e-5)


# -- Faster R-CNN ---------------------------------------------------------------------------


class MaskedAssigner:
    def __init__(self, stock, part):
        self._stock, self._part = stock, part

    def assign(self, *args, **kwargs):
        targets, cls_weights, reg_targets, reg_weights, match = self._stock.assign(*args, **kwargs)
        mask = self._part(targets)
        return targets, cls_weights * mask[:, None], reg_targets, reg_weights * mask, match


def mask_faster_rcnn(model, part):
    model._detector_target_assigner = MaskedAssigner(model._detector_target_assigner, part)


@by_id(configs.FASTER_RCNN_CLASSIFICATION[1:])
def test_faster_rcnn(member):
    def text(weights):
        return configs.faster_rcnn(member.with_weights(weights), weights)

    keys = KEYS["faster_rcnn"]
    assert_counted(text, mask_faster_rcnn, faster_rcnn_predictions(), "faster_rcnn", keys)


def test_faster_rcnn_of_the_default_loss():
    """Nothing is written of the classification loss, so TFOD takes softmax."""

    def text(weights):
        member = Member("weighted_softmax").with_weights(weights) if weights else Member("")
        return configs.faster_rcnn(member)

    keys = KEYS["faster_rcnn"][:1]
    assert_counted(text, mask_faster_rcnn, faster_rcnn_predictions(), "faster_rcnn", keys)


# -- CenterNet ------------------------------------------------------------------------------


def mask_center(model, part):
    """Masks entries [batch, pixels, classes], pixels for softmax losses."""
    stock = model._center_params.classification_loss

    def loss(predictions, targets, weights):
        peaks = tf.cast(targets == 1.0, tf.float32)
        with_background = tf.pad(peaks, [[0, 0], [0, 0], [1, 0]])
        mask = part(with_background)[..., None]
        if "Softmax" not in type(stock).__name__:  # of the channel alone
            column = tf.one_hot(part.args[0], 3)
            is_only = part.func is only
            mask = column * mask if is_only else 1.0 - column * (1.0 - mask)
        return stock(predictions, targets, weights=weights * mask)

    model._center_params = model._center_params._replace(classification_loss=loss)


@by_id(configs.CENTER_NET_CLASSIFICATION)
def test_center_net_classification(member):
    def text(weights):
        return configs.center_net(member.with_weights(weights), L1)

    architecture, predictions = "center_net", center_net_predictions()
    keys = KEYS[architecture]
    for class_index in range(3):
        actual = losses_of(build(text(k_times(class_index))), predictions, keys)
        parts = {}
        for times, part in PARTS.items():
            stock = build(text(None))
            mask_center(stock, functools.partial(part, class_index))
            parts[times] = losses_of(stock, predictions, keys)
        expected = K * parts[K][keys[0]] + parts[1.0][keys[0]]
        assert actual[keys[0]] == pytest.approx(expected, rel=1e-5)
        assert actual[keys[1]] == parts[1.0][keys[1]] and actual[keys[2]] == parts[1.0][keys[2]]


@by_id(configs.CENTER_NET_LOCALIZATION)
def test_center_net_localization(member):
    def text(weights):
        return configs.center_net(PENALTY, member.with_weights(weights))

    classes = tf.concat(one_hot(), axis=0)
    axis = 1 if member.name == "weighted_l2" else 0  # L2 gives [weights, objects]

    def mask(model, part):
        stock = model._od_params.localization_loss
        rows = part(tf.pad(classes, [[0, 0], [1, 0]]))

        def loss(predictions, targets, weights):
            mask = rows[None, :] if axis else rows[:, None]
            return stock(predictions, targets, weights=weights) * mask

        model._od_params = model._od_params._replace(localization_loss=loss)

    predictions, keys = center_net_predictions(), KEYS["center_net"][1:]
    for class_index in range(3):
        actual = losses_of(build(text(k_times(class_index))), predictions, keys)
        expected = dict.fromkeys(keys, 0.0)
        for times, part in PARTS.items():
            stock = build(text(None))
            mask(stock, functools.partial(part, class_index))
            for key, value in losses_of(stock, predictions, keys).items():
                expected[key] += times * value
        assert actual == pytest.approx(expected, rel=1e-5)
