"""CenterNet's options: labelled classes, padded groundtruth, DeepMAC."""

from __future__ import annotations

import pytest

from tests.losses import configs
from tests.losses.configs import Member
from tests.losses.models import (
    BOXES,
    KEYS,
    build,
    center_net_predictions,
    losses_of,
    one_hot,
    parse,
    tf,
)
from tfod_weights.runtime.losses.weighted_loss import ClassWeightedLoss

PENALTY = Member("penalty_reduced_logistic_focal_loss", "alpha: 2.0 beta: 4.0")
L1 = Member("l1_localization_loss")
WEIGHTS = (0.25, 3.0, 1.7)
TEXT = configs.center_net(PENALTY.with_weights(WEIGHTS), L1.with_weights(WEIGHTS))


def test_classes_that_are_not_labelled_do_not_count():
    labelled = {"groundtruth_labeled_classes": [tf.constant([1.0, 0, 1]), tf.constant([1.0, 1, 0])]}
    text = TEXT.replace("max_box_predictions: 10", "max_box_predictions: 10 use_labeled_classes: 1")
    actual = losses_of(build(text, **labelled), center_net_predictions(), KEYS["center_net"])

    stock = build(TEXT)
    loss = stock._center_params.classification_loss
    masks = tf.stack(labelled["groundtruth_labeled_classes"])[:, tf.newaxis]

    def masked(*args, **kwargs):
        return loss(*args, **kwargs) * masks

    stock._center_params = stock._center_params._replace(classification_loss=masked)
    expected = losses_of(stock, center_net_predictions(), KEYS["center_net"])
    assert actual == pytest.approx(expected, rel=1e-6)


def test_padded_groundtruth_without_weight_changes_nothing():
    """TFOD pads the objects of a batch with boxes of zeros and weight 0."""
    unpadded = losses_of(build(TEXT), center_net_predictions(), KEYS["center_net"])
    model = build(TEXT)
    model.provide_groundtruth(
        groundtruth_boxes_list=[tf.pad(tf.constant(b), [[0, 5 - len(b)], [0, 0]]) for b in BOXES],
        groundtruth_classes_list=[tf.pad(rows, [[0, 5 - len(rows)], [0, 0]]) for rows in one_hot()],
        groundtruth_weights_list=[tf.pad(tf.ones(len(b)), [[0, 5 - len(b)]]) for b in BOXES],
    )
    padded = losses_of(model, center_net_predictions(), KEYS["center_net"])
    assert padded == pytest.approx(unpadded, rel=1e-6)


def test_deepmac_weighs_its_centres_and_boxes():
    from object_detection.builders import model_builder

    mask_loss = "classification_loss { weighted_sigmoid { } }"
    text = configs.center_net(
        PENALTY.with_weights(WEIGHTS),
        L1.with_weights(WEIGHTS),
        f"deepmac_mask_estimation {{ {mask_loss} }}",
    )
    model = model_builder.build(parse(text), is_training=True)
    assert type(model).__name__ == "DeepMACMetaArch"
    assert isinstance(model._center_params.classification_loss, ClassWeightedLoss)
    assert isinstance(model._od_params.localization_loss, ClassWeightedLoss)
    assert not isinstance(model._deepmac_params.classification_loss, ClassWeightedLoss)


def test_the_tasks_of_keypoints_and_masks_keep_the_stock_loss():
    from object_detection.builders import model_builder

    text = configs.center_net(
        PENALTY.with_weights(WEIGHTS),
        L1.with_weights(WEIGHTS),
        "mask_estimation_task { classification_loss { weighted_softmax { } } }",
    )
    model = model_builder.build(parse(text), is_training=True)
    assert not isinstance(model._mask_params.classification_loss, ClassWeightedLoss)
