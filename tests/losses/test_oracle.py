"""Property 3: an independent computation in NumPy agrees to 1e-5."""

from __future__ import annotations

import numpy as np
import pytest

from tests.losses import configs, oracle
from tests.losses.configs import Member
from tests.losses.models import (
    BOXES,
    KEYS,
    SIZE,
    build,
    center_net_predictions,
    faster_rcnn_predictions,
    losses_of,
    one_hot,
    ssd_predictions,
    tf,
)

WEIGHTS, BACKGROUND, BOX_WEIGHTS = (0.25, 3.0, 1.7), 0.6, (2.0, 0.3, 5.0)
SIGMOID, SMOOTH_L1 = Member("weighted_sigmoid"), Member("weighted_smooth_l1")
PENALTY = Member("penalty_reduced_logistic_focal_loss", "alpha: 2.0 beta: 4.0")
L1 = Member("l1_localization_loss")
DICE = "weighted_dice_classification_loss"

TARGETS = {
    "one-hot": one_hot(),
    "k-hot": [np.array([[1, 0, 1], [0, 1, 0]]), np.array([[1, 1, 1], [0, 1, 1], [0, 0, 1]])],
    "soft": [np.array([[0.5, 0.2, 0], [0, 0, 1]]), np.array([[0.9, 0, 0.9], [0, 0.1, 0], [0] * 3])],
    "of no class": [np.zeros([2, 3]), np.array([[1, 0, 0], [0, 0, 0], [0, 1, 0]])],
}
TARGETS = {name: [rows.astype(np.float32) for rows in rows_] for name, rows_ in TARGETS.items()}


def by_id(members):
    return pytest.mark.parametrize("member", members, ids=[m.test_id for m in members])


def close(value):
    return pytest.approx(value, rel=1e-5)


# -- SSD ------------------------------------------------------------------------------------


def assigned(text, targets=None):
    """What a stock SSD assigns: targets, their weights, box targets, their weights, matches."""
    model = build(text, targets=targets)
    lists = (model.groundtruth_lists(field) for field in ("boxes", "classes"))
    return [
        tensor.numpy() for tensor in model._assign_targets(*lists, None, [tf.ones(2), tf.ones(3)])
    ]


def weighted_ssd(member, localization, predictions, mode=None, targets=None, edit=str):
    text = configs.ssd(
        member.with_weights(WEIGHTS, background=BACKGROUND, mode=mode),
        localization.with_weights(BOX_WEIGHTS),
    )
    return losses_of(build(edit(text), targets=targets), predictions, KEYS["ssd"]).values()


def ssd_logits(columns=4):
    return ssd_predictions(columns).trained["class_predictions_with_background"]


def boxes():
    return ssd_predictions().trained["box_encodings"]


@by_id(configs.SSD_CLASSIFICATION)
def test_ssd_classification(member):
    y, cls_weights, box_targets, box_weights, _ = assigned(configs.ssd(member, SMOOTH_L1))
    stock = oracle.classification(member, ssd_logits(), y, cls_weights)
    if member.name == DICE:
        expected = (stock * np.array([BACKGROUND, *WEIGHTS])).sum()
    else:
        factors = oracle.anchor_weights(oracle.as_classes(member, y), WEIGHTS, BACKGROUND)
        expected = (stock.reshape(*factors.shape, -1) * factors[..., None]).sum()
    box_factors = oracle.anchor_weights(oracle.as_classes(member, y), BOX_WEIGHTS)
    box_loss = oracle.localization(SMOOTH_L1, boxes(), box_targets, box_weights) * box_factors
    actual, actual_box = weighted_ssd(member, SMOOTH_L1, ssd_predictions())
    assert actual == close(expected)
    assert actual_box == close(box_loss.sum() / 4)  # normalised by the code size


@by_id(configs.SSD_LOCALIZATION)
def test_ssd_localization(member):
    y, _, box_targets, box_weights, _ = assigned(configs.ssd(SIGMOID, member))
    stock = oracle.localization(member, boxes(), box_targets, box_weights)
    expected = (stock * oracle.anchor_weights(y[..., 1:], BOX_WEIGHTS)).sum() / 4
    assert list(weighted_ssd(SIGMOID, member, ssd_predictions()))[1] == close(expected)


def entry_factors(y, mode):
    """y [batch, anchors, background and classes] -> the factor of each entry."""
    factors = np.ones(y.shape)
    for position in np.ndindex(*y.shape):
        column, row = position[-1], y[position[:-1]][1:]
        if column > 0:
            weight = WEIGHTS[column - 1]
            factors[position] = weight if mode == "CLASS_COLUMN" else 1 + y[position] * (weight - 1)
        mass = min(row.sum(), 1)
        factors[position] *= mass + (1 - mass) * BACKGROUND
    return factors


@pytest.mark.parametrize("kind", TARGETS)
@pytest.mark.parametrize("mode", ["MATCHED_CLASS", "POSITIVE_LOGIT", "CLASS_COLUMN"])
def test_modes_and_targets(mode, kind):
    targets = TARGETS[kind]
    y, cls_weights, _, _, _ = assigned(configs.ssd(SIGMOID, SMOOTH_L1), targets)
    stock = oracle.classification(SIGMOID, ssd_logits(), y, cls_weights)
    if mode == "MATCHED_CLASS":
        factors = oracle.anchor_weights(y[..., 1:], WEIGHTS, BACKGROUND)[..., None]
    else:
        factors = entry_factors(y, mode)
    actual, _ = weighted_ssd(SIGMOID, SMOOTH_L1, ssd_predictions(), mode, targets)
    assert actual == close((stock * factors).sum())


def as_ones(text):
    return text.replace("encode_background_as_zeros: true", "encode_background_as_zeros: false")


@pytest.mark.parametrize("mode", ["MATCHED_CLASS", "POSITIVE_LOGIT", "CLASS_COLUMN"])
def test_background_encoded_as_a_class(mode):
    y, cls_weights, _, _, _ = assigned(as_ones(configs.ssd(SIGMOID, SMOOTH_L1)))
    assert y[..., 0].any()
    stock = oracle.classification(SIGMOID, ssd_logits(), y, cls_weights)
    if mode == "MATCHED_CLASS":
        factors = oracle.anchor_weights(y[..., 1:], WEIGHTS, BACKGROUND)[..., None]
    else:
        factors = entry_factors(y, mode)
    actual, _ = weighted_ssd(SIGMOID, SMOOTH_L1, ssd_predictions(), mode, edit=as_ones)
    assert actual == close((stock * factors).sum())


@pytest.mark.parametrize("encode", [str, as_ones], ids=["zeros", "class 1"])
@pytest.mark.parametrize("mode", ["MATCHED_CLASS", "POSITIVE_LOGIT", "CLASS_COLUMN"])
def test_without_a_background_column(mode, encode):
    def edit(text):
        return encode(text).replace("num_classes: 3", "num_classes: 3 add_background_class: false")

    y, cls_weights, _, _, match = assigned(edit(configs.ssd(SIGMOID, SMOOTH_L1)))
    assert y.shape[-1] == 3
    stock = oracle.classification(SIGMOID, ssd_logits(3), y, cls_weights)
    objects = np.pad(y * (match >= 0)[..., None], [(0, 0), (0, 0), (1, 0)])
    if mode == "MATCHED_CLASS":
        factors = oracle.anchor_weights(objects[..., 1:], WEIGHTS, BACKGROUND)[..., None]
    else:
        factors = entry_factors(objects, mode)[..., 1:]
    actual, _ = weighted_ssd(SIGMOID, SMOOTH_L1, ssd_predictions(3), mode, edit=edit)
    assert actual == close((stock * factors).sum())


def test_normalised_by_matches_the_normaliser_stays_the_stock_one():
    def edit(text):
        return text.replace("by_num_matches: false", "by_num_matches: true")

    y, cls_weights, _, box_weights, _ = assigned(configs.ssd(SIGMOID, SMOOTH_L1))
    stock = oracle.classification(SIGMOID, ssd_logits(), y, cls_weights)
    factors = oracle.anchor_weights(y[..., 1:], WEIGHTS, BACKGROUND)
    actual, _ = weighted_ssd(SIGMOID, SMOOTH_L1, ssd_predictions(), edit=edit)
    assert actual == close((stock * factors[..., None]).sum() / box_weights.sum())


# -- Faster R-CNN ---------------------------------------------------------------------------


def proposal_targets(text, targets):
    """What the stock detector assigns, with a batch axis; the background is column 0."""
    model = build(text, targets=targets)
    recorded = []

    class Recorder:
        def __init__(self, stock):
            self._stock = stock

        def assign(self, *args, **kwargs):
            recorded.append(self._stock.assign(*args, **kwargs))
            return recorded[-1]

    model._detector_target_assigner = Recorder(model._detector_target_assigner)
    losses_of(model, faster_rcnn_predictions(), KEYS["faster_rcnn"])
    return [np.stack([image[i].numpy() for image in recorded]) for i in range(4)]


@pytest.mark.parametrize("kind", ["one-hot", "k-hot", "of no class"])
@by_id(configs.FASTER_RCNN_CLASSIFICATION[1:])
def test_faster_rcnn(member, kind):
    targets = TARGETS[kind]
    predictions = faster_rcnn_predictions()
    y, cls_weights, box_targets, box_weights = proposal_targets(
        configs.faster_rcnn(member), targets
    )
    counts = predictions.fixed["num_proposals"]
    shares = np.array([[i < n for i in range(6)] for n in counts]) / (counts[:, None] * 2.0)

    logits = predictions.trained["class_predictions_with_background"].reshape(2, 6, 4)
    stock = oracle.classification(member, logits, y, cls_weights)
    rows = stock if stock.ndim == 2 else stock.sum(-1)
    classes = oracle.as_classes(member, y)
    factors = oracle.anchor_weights(classes, WEIGHTS, BACKGROUND)
    expected = 3.0 * (rows * factors * shares).sum()  # second_stage_classification_loss_weight

    encodings = predictions.trained["refined_box_encodings"].reshape(2, 6, 3, 4)
    chosen = np.maximum(y.argmax(-1) - 1, 0)[..., None, None]
    boxes = np.take_along_axis(encodings, chosen, axis=2)[:, :, 0]
    box_rows = oracle.localization(SMOOTH_L1, boxes, box_targets, box_weights * (y[..., 0] == 0))
    box_factors = oracle.anchor_weights(classes, BOX_WEIGHTS)
    expected_box = 2.0 * (box_rows * box_factors * shares).sum()

    weighted = member.with_weights(WEIGHTS, background=BACKGROUND)
    model = build(configs.faster_rcnn(weighted, BOX_WEIGHTS), targets=targets)
    actual, actual_box = losses_of(model, predictions, KEYS["faster_rcnn"]).values()
    assert actual == close(expected)
    if kind != "of no class":  # there TFOD regresses boxes against encodings of zero
        assert actual_box == close(expected_box)


# -- CenterNet ------------------------------------------------------------------------------


def heatmap(text, targets):
    """The stock target [batch, pixels, classes]."""
    model = build(text, targets=targets)
    assigner = model._target_assigner_dict["object_center"]
    lists = [model.groundtruth_lists(field) for field in ("boxes", "classes", "weights")]
    return assigner.assign_center_targets_from_boxes(SIZE, SIZE, *lists).numpy().reshape(2, -1, 3)


@pytest.mark.parametrize("kind", ["one-hot", "k-hot"])
@by_id(configs.CENTER_NET_CLASSIFICATION)
def test_center_net_classification(member, kind):
    targets = TARGETS[kind]
    y = heatmap(configs.center_net(member, L1), targets)
    peaks = (y == 1).astype(float)
    assert peaks.sum() == np.concatenate(targets).sum()
    expected = 0.0
    for head in center_net_predictions().trained["object_center"]:
        stock = oracle.classification(member, head.reshape(2, -1, 3), y, np.ones(y.shape))
        if member.name == DICE:
            factors = np.array(WEIGHTS)
        elif stock.ndim == 2:
            factors = oracle.anchor_weights(peaks, WEIGHTS, BACKGROUND)
        else:
            factors = np.where(peaks == 1, np.array(WEIGHTS), BACKGROUND)
        expected += (stock * factors).sum() / (2 * 5)  # heads, objects
    weighted = member.with_weights(WEIGHTS, background=BACKGROUND)
    model = build(configs.center_net(weighted, L1), targets=targets)
    keys = KEYS["center_net"][:1]
    assert losses_of(model, center_net_predictions(), keys)[keys[0]] == close(expected)


@pytest.mark.parametrize("mode", ["POSITIVE_LOGIT", "CLASS_COLUMN"])
def test_center_net_modes(mode):
    y = heatmap(configs.center_net(PENALTY, L1), None)
    columns = np.array(WEIGHTS) if mode == "CLASS_COLUMN" else 1.0
    factors = np.where(y == 1, np.array(WEIGHTS), BACKGROUND * columns)
    expected = 0.0
    for head in center_net_predictions().trained["object_center"]:
        expected += (oracle.penalty_reduced(head.reshape(2, -1, 3), y) * factors).sum() / 10
    weighted = PENALTY.with_weights(WEIGHTS, background=BACKGROUND, mode=mode)
    keys = KEYS["center_net"][:1]
    model = build(configs.center_net(weighted, L1))
    assert losses_of(model, center_net_predictions(), keys)[keys[0]] == close(expected)


@pytest.mark.parametrize("kind", ["one-hot", "k-hot"])
def test_center_net_localization(kind):
    targets, classes = TARGETS[kind], np.concatenate(TARGETS[kind])
    corners = np.concatenate([np.array(image) for image in BOXES]) * 16
    centers = (corners[:, :2] + corners[:, 2:]) / 2
    images = [0, 0, 1, 1, 1]
    factors = np.array([oracle.object_weight(row, BOX_WEIGHTS, 1.0) for row in classes])[:, None]
    truth = {"box/scale": corners[:, 2:] - corners[:, :2], "box/offset": centers - centers // 1}
    expected = {}
    for name, targets_ in truth.items():
        total = 0.0
        for head in center_net_predictions().trained[name]:
            rows, columns = (centers // 1).astype(int).T
            total += (np.abs(head[images, rows, columns] - targets_) * factors).sum()
        loss_weight = 0.1 if name == "box/scale" else 1.0
        expected[f"Loss/{name}"] = total / (2 * 5) * loss_weight
    model = build(configs.center_net(PENALTY, L1.with_weights(BOX_WEIGHTS)), targets=targets)
    actual = losses_of(model, center_net_predictions(), KEYS["center_net"][1:])
    assert actual == close(expected)
