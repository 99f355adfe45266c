"""What an SSD's config can put around its losses: sampling, mining, masks, confidences."""

from __future__ import annotations

import numpy as np
import pytest

from tests.losses import configs, oracle
from tests.losses.configs import Member
from tests.losses.models import BOXES, KEYS, build, losses_of, one_hot, ssd_predictions, tf
from tfod_weights.errors import UsageError

SIGMOID, SMOOTH_L1 = Member("weighted_sigmoid"), Member("weighted_smooth_l1")
SOFTMAX = Member("weighted_softmax")
WEIGHTS, BACKGROUND = (0.25, 3.0, 1.7), 0.6
CLASSIFICATION, LOCALIZATION = KEYS["ssd"]


def config(weights=WEIGHTS, background=BACKGROUND, extra="", member=SIGMOID, edit=str):
    loss = member.with_weights(weights, background=background)
    return edit(configs.ssd(loss, SMOOTH_L1.with_weights(weights), extra))


def stock_config(extra="", member=SIGMOID, edit=str):
    return edit(configs.ssd(member, SMOOTH_L1, extra))


class Recorder:
    """Stands for a stock loss and keeps what it was called with and what it returned."""

    def __init__(self, stock):
        self.stock = stock
        self.calls = []

    def __call__(self, predictions, targets, **kwargs):
        result = self.stock(predictions, targets, **kwargs)
        self.calls.append((targets.numpy(), result.numpy()))
        return result


def stock_call(text, **groundtruth):
    """Targets and results of a stock model's classification and localization loss."""
    model = build(text, **groundtruth)
    recorders = Recorder(model._classification_loss), Recorder(model._localization_loss)
    model._classification_loss, model._localization_loss = recorders
    losses_of(model, ssd_predictions(), KEYS["ssd"])
    return [recorder.calls[0] for recorder in recorders]


def expected_losses(text, **groundtruth):
    (targets, losses), (_, box_losses) = stock_call(text, **groundtruth)
    factors = oracle.anchor_weights(targets[..., 1:], WEIGHTS, BACKGROUND)
    box_factors = oracle.anchor_weights(targets[..., 1:], WEIGHTS)
    return {
        CLASSIFICATION: pytest.approx((losses * factors[..., None]).sum(), rel=1e-5),
        LOCALIZATION: pytest.approx((box_losses * box_factors).sum() / 4, rel=1e-5),
    }


def test_random_example_sampler():
    extra = "random_example_sampler { positive_sample_fraction: 0.5 }"
    stock = losses_of(build(stock_config(extra)), ssd_predictions(), KEYS["ssd"])
    unsampled = losses_of(build(stock_config()), ssd_predictions(), KEYS["ssd"])
    assert stock[CLASSIFICATION] < unsampled[CLASSIFICATION]
    actual = losses_of(build(config(extra=extra)), ssd_predictions(), KEYS["ssd"])
    assert actual == expected_losses(stock_config(extra))


def test_images_without_annotations_do_not_count():
    annotated = {"is_annotated_list": [tf.constant(True), tf.constant(False)]}
    actual = losses_of(build(config(), **annotated), ssd_predictions(), KEYS["ssd"])
    assert actual == expected_losses(stock_config(), **annotated)
    everything = losses_of(build(config()), ssd_predictions(), KEYS["ssd"])
    assert actual[CLASSIFICATION] < everything[CLASSIFICATION]


MINER = "hard_example_miner { num_hard_examples: 3 loss_type: CLASSIFICATION iou_threshold: 1.0 }"


def test_hard_example_miner_ranks_by_the_weighted_loss():
    (targets, losses), (_, box_losses) = stock_call(stock_config(MINER))
    rows = losses.sum(-1) * oracle.anchor_weights(targets[..., 1:], WEIGHTS, BACKGROUND)
    boxes = box_losses * oracle.anchor_weights(targets[..., 1:], WEIGHTS)
    hardest = np.argsort(-rows, axis=1)[:, :3]
    assert (hardest != np.argsort(-losses.sum(-1), axis=1)[:, :3]).any()
    actual = losses_of(build(config(extra=MINER)), ssd_predictions(), KEYS["ssd"])
    assert actual == {
        CLASSIFICATION: pytest.approx(np.take_along_axis(rows, hardest, 1).sum(), rel=1e-5),
        LOCALIZATION: pytest.approx(np.take_along_axis(boxes, hardest, 1).sum() / 4, rel=1e-5),
    }


@pytest.mark.parametrize("member", [SIGMOID, SOFTMAX], ids=["sigmoid", "softmax"])
def test_expected_loss_weights_count_an_object_in_both_calls(member):
    """TFOD 2.8 can build no such model from a config (its ops module lacks the functions), so
    the function is given to the model: the foreground's probability, and a tenth of the rest.
    """

    def function(targets):
        foreground = 1.0 - targets[:, :, 0]
        return foreground, 0.1 * (1.0 - foreground)

    def as_class(text):
        return text.replace("background_as_zeros: true", "background_as_zeros: false")

    stock = build(stock_config(member=member, edit=as_class))
    recorder = Recorder(stock._classification_loss)
    stock._classification_loss, stock._expected_loss_weights_fn = recorder, function
    losses_of(stock, ssd_predictions(), KEYS["ssd"])
    (targets, losses), (_, background_losses) = recorder.calls
    factors = oracle.anchor_weights(targets[..., 1:], WEIGHTS, BACKGROUND)
    if losses.ndim == 3:  # each entry is an example of its own
        foreground, factors = targets, factors[..., None]
    else:
        foreground = 1 - targets[..., 0]
    expected = factors * (foreground * losses + 0.1 * (1 - foreground) * background_losses)

    model = build(config(member=member, edit=as_class))
    model._expected_loss_weights_fn = function
    actual = losses_of(model, ssd_predictions(), KEYS["ssd"])
    assert actual[CLASSIFICATION] == pytest.approx(expected.sum(), rel=1e-5)


def test_confidences_as_targets():
    def edit(text):
        return text.replace("num_classes: 3", "num_classes: 3 use_confidences_as_targets: true")

    confidences = [
        np.array([[1, 0, -1], [0, -1, 0]], np.float32),
        np.array([[0, 1, 0], [-1, 1, 1], [1, 0, 0]], np.float32),
    ]
    truth = {"groundtruth_confidences_list": [tf.constant(rows) for rows in confidences]}
    actual = losses_of(build(config(edit=edit), **truth), ssd_predictions(), KEYS["ssd"])
    assert actual == expected_losses(stock_config(edit=edit), **truth)


def test_logits_as_targets_are_of_the_class_with_the_highest():
    member = Member("weighted_logits_softmax")
    logits = [
        np.array([[5, -2, 1], [-1, 0.5, 4]], np.float32),
        np.array([[-3, 2, 1], [0.1, 7, 1], [2, 1, 1]], np.float32),
    ]  # highest: as one_hot()
    (targets, losses), (_, box_losses) = stock_call(stock_config(member=member), targets=logits)
    classes = oracle.as_classes(member, targets)
    rows = losses * oracle.anchor_weights(classes, WEIGHTS, BACKGROUND)
    boxes = box_losses * oracle.anchor_weights(classes, WEIGHTS)
    model = build(config(member=member), targets=logits)
    assert losses_of(model, ssd_predictions(), KEYS["ssd"]) == {
        CLASSIFICATION: pytest.approx(rows.sum(), rel=1e-5),
        LOCALIZATION: pytest.approx(boxes.sum() / 4, rel=1e-5),
    }


def test_padded_groundtruth_without_weight_changes_nothing():
    """TFOD pads the objects of a batch with boxes of zeros and weight 0."""
    unpadded = losses_of(build(config()), ssd_predictions(), KEYS["ssd"])
    model = build(config())
    model.provide_groundtruth(
        groundtruth_boxes_list=[tf.pad(tf.constant(b), [[0, 5 - len(b)], [0, 0]]) for b in BOXES],
        groundtruth_classes_list=[np.pad(rows, [(0, 5 - len(rows)), (0, 0)]) for rows in one_hot()],
        groundtruth_weights_list=[tf.pad(tf.ones(len(b)), [[0, 5 - len(b)]]) for b in BOXES],
    )
    assert losses_of(model, ssd_predictions(), KEYS["ssd"]) == pytest.approx(unpadded, rel=1e-6)


def test_an_image_without_objects():
    model, stock = build(config()), build(stock_config())
    for each in (model, stock):
        each.provide_groundtruth(
            groundtruth_boxes_list=[tf.constant(BOXES[0]), tf.zeros([0, 4])],
            groundtruth_classes_list=[tf.constant(one_hot()[0]), tf.zeros([0, 3])],
            groundtruth_weights_list=[tf.ones(2), tf.zeros(0)],
        )
    actual = losses_of(model, ssd_predictions(), KEYS["ssd"])
    assert np.isfinite(list(actual.values())).all()
    recorder = Recorder(stock._classification_loss)
    stock._classification_loss = recorder
    losses_of(stock, ssd_predictions(), KEYS["ssd"])
    targets, losses = recorder.calls[0]
    factors = oracle.anchor_weights(targets[..., 1:], WEIGHTS, BACKGROUND)
    expected = (losses * factors[..., None]).sum()
    assert actual[CLASSIFICATION] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("loss", ["_classification_loss", "_localization_loss"])
def test_called_on_its_own_a_loss_says_that_it_knows_no_classes(loss):
    model, zeros = build(config()), tf.zeros([1, 2, 4])
    weights = tf.ones([1, 2, 4] if "class" in loss else [1, 2])
    with pytest.raises(UsageError, match="outside of the model's loss"):
        getattr(model, loss)(zeros, zeros, weights=weights)


def test_nothing_of_a_call_is_kept():
    model = build(config())
    losses_of(model, ssd_predictions(), KEYS["ssd"])
    objects = model._matched_objects
    assert (objects._targets, objects._matches) == (None, ())
