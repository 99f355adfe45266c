"""TFOD's losses and the class weights of them once more, in NumPy and by their definitions.

Formulas from the docstrings of object_detection/core/losses.py. Logits, targets and results
are [batch, anchors, columns] unless said otherwise; everything is float64.
"""

from __future__ import annotations

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def cross_entropy(x, y):
    return -y * np.log(sigmoid(x)) - (1 - y) * np.log(1 - sigmoid(x))


def options(member):
    words = member.own.replace(":", "").split()
    return dict(zip(words[::2], words[1::2]))


def classification(member, x, y, weights):
    """The stock loss: entries, or [batch, anchors] for softmax, [batch, columns] for dice.

    Args:
        weights: [batch, anchors, columns].
    """
    x, y, weights = (np.asarray(values, np.float64) for values in (x, y, weights))
    own = options(member)
    if member.name in ("", "weighted_softmax"):
        return softmax_loss(x, y, weights, float(own.get("logit_scale", 1)))
    if member.name == "weighted_logits_softmax":
        return softmax_loss(x, softmax(y), weights, 1.0)
    if member.name == "weighted_dice_classification_loss":
        return dice(x, y, weights, squared="squared_normalization" in own)
    entries = {
        "weighted_sigmoid": cross_entropy,
        "weighted_sigmoid_focal": focal,
        "bootstrapped_sigmoid": bootstrapped_hard if "hard_bootstrap" in own else bootstrapped,
        "penalty_reduced_logistic_focal_loss": penalty_reduced,
    }
    return entries[member.name](x, y) * weights


def softmax_loss(x, y, weights, scale):
    return -(y * np.log(softmax(x / scale))).sum(-1) * weights.mean(-1)


def focal(x, y, gamma=2.0, alpha=0.25):
    p = sigmoid(x)
    p_t = y * p + (1 - y) * (1 - p)
    return (1 - p_t) ** gamma * (y * alpha + (1 - y) * (1 - alpha)) * cross_entropy(x, y)


def bootstrapped(x, y, alpha=0.9):
    return cross_entropy(x, alpha * y + (1 - alpha) * sigmoid(x))


def bootstrapped_hard(x, y, alpha=0.9):
    return cross_entropy(x, alpha * y + (1 - alpha) * (sigmoid(x) > 0.5))


def penalty_reduced(x, y, alpha=2.0, beta=4.0):
    p = np.clip(sigmoid(x), 1e-4, 1 - 1e-4)
    positive = (1 - p) ** alpha * np.log(p)
    return -np.where(y == 1, positive, (1 - y) ** beta * p**alpha * np.log(1 - p))


def dice(x, y, weights, squared):
    power = 2 if squared else 1
    p, y = sigmoid(x) ** power * weights, y**power * weights
    return 1 - 2 * (p * y).sum(1) / np.maximum(y.sum(1) + p.sum(1), 1)


def localization(member, prediction, target, weights):
    """The stock loss [batch, anchors].

    Args:
        prediction: Box codes [batch, anchors, 4].
        target: As `prediction`.
        weights: [batch, anchors].
    """
    prediction, target = np.asarray(prediction, np.float64), np.asarray(target, np.float64)
    weights = np.asarray(weights, np.float64)
    difference = np.abs(prediction - target)
    if member.name == "weighted_l2":
        return 0.5 * ((weights[..., None] * difference) ** 2).sum(-1)
    if member.name == "weighted_smooth_l1":
        delta = float(options(member).get("delta", 1))
        small, large = 0.5 * difference**2, delta * difference - 0.5 * delta**2
        return np.where(difference <= delta, small, large).sum(-1) * weights
    overlap = {"weighted_iou": iou, "weighted_giou": giou}[member.name]
    return (1 - overlap(prediction, target)) * weights


def area(corners):
    return (corners[..., 2] - corners[..., 0]) * (corners[..., 3] - corners[..., 1])


def intersection(a, b):
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    return np.maximum(sides, 0).prod(-1)


def iou(a, b):
    common = intersection(a, b)
    union = area(a) + area(b) - common
    return np.where(common == 0, 0, common / np.where(union == 0, 1, union))


def giou(a, b):
    common = intersection(a, b)
    union = area(a) + area(b) - common
    overlap = np.where(union == 0, 0, common / np.where(union == 0, 1, union))
    hull = (np.maximum(a[..., 2:], b[..., 2:]) - np.minimum(a[..., :2], b[..., :2])).prod(-1)
    beyond = np.where(hull > 0, (hull - union) / np.where(hull > 0, hull, 1), overlap)
    return overlap - beyond


# -- weights --------------------------------------------------------------------------------


def object_weight(row, class_weights, background):
    """The weight of an object with the class targets `row`; background where there are none."""
    mass = sum(row)
    weighted = sum(y * w for y, w in zip(row, class_weights))
    return weighted / mass if mass >= 1 else weighted + (1 - mass) * background


def anchor_weights(rows, class_weights, background=1.0):
    """[batch, anchors, classes] -> [batch, anchors]."""
    return np.array([[object_weight(row, class_weights, background) for row in i] for i in rows])


def as_classes(member, targets):
    """The class targets of anchors, without the background's column 0."""
    targets = np.asarray(targets, np.float64)
    if member.name == "weighted_logits_softmax":  # of the class with the highest logit
        targets = np.eye(targets.shape[-1])[targets.argmax(-1)]
    return targets[..., 1:]
