"""Faster R-CNN's relatives and options: masks, context, R-FCN, mining, labelled classes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.losses import configs, oracle
from tests.losses.configs import Member
from tests.losses.models import (
    CLASS_INDICES,
    KEYS,
    SIZE,
    Predictions,
    build,
    faster_rcnn_predictions,
    losses_of,
    normal,
    tf,
)

SOFTMAX, SIGMOID = Member("weighted_softmax"), Member("weighted_sigmoid")
WEIGHTS = (0.25, 3.0, 1.7)
CLASSIFICATION, LOCALIZATION = KEYS["faster_rcnn"]
MASK = "Loss/BoxClassifierLoss/mask_loss"


def config(extra="", member=SOFTMAX, weights=WEIGHTS, **more):
    return configs.faster_rcnn(member.with_weights(weights), weights, extra, **more)


def stock_config(extra="", member=SOFTMAX, **more):
    return configs.faster_rcnn(member, None, extra, **more)


class Recorder:
    """Stands for a stock loss; keeps its targets, weights and results."""

    def __init__(self, stock):
        self.stock = stock
        self.calls = []

    def __call__(self, predictions, targets, weights, **kwargs):
        result = self.stock(predictions, targets, weights=weights, **kwargs)
        self.calls.append((targets.numpy(), result.numpy()))
        return result


def expected_losses(text, predictions, **groundtruth):
    """The stock model's losses, proposal by proposal, times the weights of their objects."""
    model = build(text, **groundtruth)
    recorders = (
        Recorder(model._second_stage_classification_loss),
        Recorder(model._second_stage_localization_loss),
    )
    model._second_stage_classification_loss = recorders[0]
    model._second_stage_localization_loss = recorders[1]
    losses_of(model, predictions, KEYS["faster_rcnn"])
    (targets, losses), (_, box_losses) = (recorder.calls[0] for recorder in recorders)
    counts = predictions.fixed["num_proposals"]
    shares = np.array([[i < n for i in range(6)] for n in counts]) / (counts[:, None] * 2.0)
    factors = shares * oracle.anchor_weights(targets[..., 1:], WEIGHTS)
    rows = losses if losses.ndim == 2 else losses.sum(-1)
    return {
        CLASSIFICATION: pytest.approx(3.0 * (rows * factors).sum(), rel=1e-5),
        LOCALIZATION: pytest.approx(2.0 * (box_losses * factors).sum(), rel=1e-5),
    }


CONTEXT = "context_config { max_num_context_features: 4 context_feature_length: 8 }"


@pytest.mark.parametrize(
    ("extra", "head"),
    [("", configs.BOX_HEAD), (CONTEXT, configs.BOX_HEAD), ("", configs.RFCN)],
    ids=["FasterRCNNMetaArch", "ContextRCNNMetaArch", "RFCNMetaArch"],
)
def test_relatives(extra, head, request):
    model = build(config(extra, head=head))
    assert type(model).__name__ == request.node.callspec.id
    actual = losses_of(model, faster_rcnn_predictions(), KEYS["faster_rcnn"])
    assert actual == expected_losses(stock_config(extra, head=head), faster_rcnn_predictions())


def test_the_mask_loss_stays_as_it_is():
    rng, plain = np.random.default_rng(5), faster_rcnn_predictions()
    masks = {"mask_predictions": normal(rng, 12, 3, 4, 4)}
    predictions = Predictions(plain.trained | masks, plain.fixed)
    truth = {
        "groundtruth_masks_list": [
            tf.constant((rng.random([len(image), SIZE, SIZE]) > 0.5).astype(np.float32))
            for image in CLASS_INDICES
        ]
    }
    keys = [*KEYS["faster_rcnn"], MASK]
    stock = losses_of(build(stock_config("masks"), **truth), predictions, keys)
    actual = losses_of(build(config("masks"), **truth), predictions, keys)
    assert actual.pop(MASK) == stock[MASK] > 0
    assert actual == expected_losses(stock_config("masks"), predictions, **truth)


def test_k_hot_proposals_get_the_mean_of_their_classes():
    targets = [np.array([[1, 0, 1], [0, 1, 0]]), np.array([[1, 1, 1], [0, 1, 1], [0, 0, 1]])]
    targets = [rows.astype(np.float32) for rows in targets]
    actual = losses_of(
        build(config(member=SIGMOID), targets=targets),
        faster_rcnn_predictions(),
        KEYS["faster_rcnn"],
    )
    stock = stock_config(member=SIGMOID)
    assert actual == expected_losses(stock, faster_rcnn_predictions(), targets=targets)


def test_classes_that_are_not_labelled_do_not_count():
    labelled = {"groundtruth_labeled_classes": [tf.constant([1.0, 0, 1]), tf.constant([1.0, 1, 0])]}
    text, stock = config(member=SIGMOID), stock_config(member=SIGMOID)
    actual = losses_of(build(text, **labelled), faster_rcnn_predictions(), KEYS["faster_rcnn"])
    assert actual == expected_losses(stock, faster_rcnn_predictions(), **labelled)
    everything = losses_of(build(text), faster_rcnn_predictions(), KEYS["faster_rcnn"])
    assert actual[CLASSIFICATION] < everything[CLASSIFICATION]


def test_images_without_annotations_do_not_count():
    annotated = {"is_annotated_list": [tf.constant(False), tf.constant(True)]}
    actual = losses_of(build(config(), **annotated), faster_rcnn_predictions(), KEYS["faster_rcnn"])
    assert actual == expected_losses(stock_config(), faster_rcnn_predictions(), **annotated)


def test_hard_example_miner_ranks_by_the_weighted_loss():
    """Of the first image only: TFOD returns inside its loop over the images."""
    extra = "hard_example_miner { num_hard_examples: 1 loss_type: CLASSIFICATION }"
    extra += " first_stage_max_proposals: 6"  # all are mined, none are sampled before
    ranked = {}
    for name, text in (("stock", stock_config(extra)), ("weighted", config(extra))):
        model = build(text)
        miner = model._hard_example_miner

        def record(location_losses, cls_losses, name=name, miner=miner, **kwargs):
            ranked[name] = cls_losses.numpy()
            return miner(location_losses=location_losses, cls_losses=cls_losses, **kwargs)

        model._hard_example_miner = record
        losses = losses_of(model, faster_rcnn_predictions(), [CLASSIFICATION])
        assert losses[CLASSIFICATION] == pytest.approx(3.0 * ranked[name].max(), rel=1e-6)
    assert (ranked["stock"] != ranked["weighted"]).any()
