"""Models that the real TFOD builds from a config, and their losses on made-up predictions.

The losses need predictions, anchors and groundtruth, not the network that predicts, so the
predictions are drawn at random and the same for the stock and the weighted model.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from tests.tfod_imports import import_tfod

import_tfod()

import tensorflow as tf  # noqa: E402
from google.protobuf import text_format  # noqa: E402
from object_detection.builders import model_builder  # noqa: E402
from object_detection.core import box_list  # noqa: E402
from object_detection.meta_architectures import center_net_meta_arch  # noqa: E402
from object_detection.protos import pipeline_pb2  # noqa: E402

BATCH, CLASSES, SIZE = 2, 3, 64

# normalised corners; classes 1 and 3 in the first image, 2, 2 and 1 in the second
BOXES = (
    [[0.05, 0.1, 0.43, 0.5], [0.4, 0.45, 0.95, 0.9]],
    [[0.2, 0.3, 0.5, 0.66], [0.55, 0.05, 0.9, 0.35], [0.6, 0.6, 0.92, 0.95]],
)
CLASS_INDICES = ([0, 2], [1, 1, 0])
SHAPES = np.array([[SIZE, SIZE, 3]] * BATCH, np.int32)


class TinyExtractor(center_net_meta_arch.CenterNetFeatureExtractor):
    """One convolution; TFOD's own CenterNet extractors load weights from the net."""

    def __init__(self, channel_means, channel_stds, bgr_ordering, **_):
        super().__init__(
            channel_means=channel_means, channel_stds=channel_stds, bgr_ordering=bgr_ordering
        )
        self._convolution = tf.keras.layers.Conv2D(4, 3, strides=4, padding="same")

    def preprocess(self, inputs):
        return inputs / 255.0

    @property
    def out_stride(self):
        return 4

    @property
    def num_feature_outputs(self):
        return 2

    def call(self, inputs):
        features = self._convolution(inputs)
        return [features, features]


model_builder.CENTER_NET_EXTRACTOR_FUNCTION_MAP["tiny"] = TinyExtractor


def one_hot(indices=CLASS_INDICES, classes=CLASSES):
    """The class targets of each image's objects, [objects, classes]."""
    return [np.eye(classes, dtype=np.float32)[list(image)] for image in indices]


def build(text, *, targets=None, **groundtruth):
    """The model of a config, with the groundtruth provided.

    Args:
        text: The config.
        targets: The class targets of each image's objects; one-hot by default.
        groundtruth: More arguments of `provide_groundtruth`.
    """
    model = model_builder.build(parse(text), is_training=True, add_summaries=False)
    provide(model, targets, **groundtruth)
    if hasattr(model, "_anchor_generator"):
        model._anchors = box_list.BoxList(tf.constant(ssd_anchors()))
    return model


def parse(text):
    """The DetectionModel of a pipeline config."""
    pipeline = pipeline_pb2.TrainEvalPipelineConfig()
    text_format.Merge(text, pipeline)
    return pipeline.model


def provide(model, targets=None, **groundtruth):
    targets = one_hot() if targets is None else targets
    model.provide_groundtruth(
        groundtruth_boxes_list=[tf.constant(boxes) for boxes in BOXES],
        groundtruth_classes_list=[tf.constant(rows) for rows in targets],
        groundtruth_weights_list=[tf.ones(len(boxes)) for boxes in BOXES],
        **groundtruth,
    )


@cache
def ssd_anchors():
    """Normalised corners: near the objects of both images, and 16 in a grid."""
    rng = np.random.default_rng(1)
    near = np.concatenate([np.array(boxes) for boxes in BOXES for _ in range(2)])
    near = near + rng.normal(scale=0.02, size=near.shape)
    corners = np.stack(np.meshgrid(np.arange(4) / 4, np.arange(4) / 4), -1).reshape(-1, 2)
    grid = np.concatenate([corners, corners + 0.25], axis=1)
    return np.concatenate([near, grid]).astype(np.float32)


@dataclass(frozen=True)
class Predictions:
    """What a network might have predicted.

    Attributes:
        trained: The tensors that gradients are taken of.
        fixed: The rest of what `loss` reads.
    """

    trained: dict[str, object]
    fixed: dict[str, object]


@cache
def ssd_predictions(columns=CLASSES + 1):
    rng = np.random.default_rng(2)
    anchors = len(ssd_anchors())
    return Predictions(
        {
            "box_encodings": normal(rng, BATCH, anchors, 4),
            "class_predictions_with_background": 2 * normal(rng, BATCH, anchors, columns),
        },
        {"anchors": ssd_anchors()},
    )


@cache
def faster_rcnn_predictions():
    """Six proposals an image, four of them near objects; five of six count in the first."""
    rng = np.random.default_rng(3)
    near = np.stack([np.concatenate([boxes, boxes])[:4] for boxes in map(np.array, BOXES)])
    near = near + rng.normal(scale=0.02, size=near.shape)
    background = np.array([[[0.0, 0.7, 0.3, 1.0], [0.7, 0.4, 1.0, 0.6]]] * BATCH)
    proposals = SIZE * np.concatenate([near, background], axis=1)
    anchors = SIZE * ssd_anchors()
    return Predictions(
        {
            "refined_box_encodings": normal(rng, BATCH * 6, CLASSES, 4),
            "class_predictions_with_background": 2 * normal(rng, BATCH * 6, CLASSES + 1),
        },
        {
            "proposal_boxes": proposals.astype(np.float32),
            "num_proposals": np.array([5, 6], np.int32),
            "image_shape": np.array([BATCH, SIZE, SIZE, 3], np.int32),
            "anchors": anchors,
            "rpn_box_encodings": normal(rng, BATCH, len(anchors), 4),
            "rpn_objectness_predictions_with_background": normal(rng, BATCH, len(anchors), 2),
        },
    )


@cache
def center_net_predictions():
    rng = np.random.default_rng(4)
    heads = {"object_center": CLASSES, "box/scale": 2, "box/offset": 2}
    return Predictions(
        {name: [normal(rng, BATCH, 16, 16, n) for _ in range(2)] for name, n in heads.items()},
        {"preprocessed_inputs": np.zeros([BATCH, SIZE, SIZE, 3], np.float32)},
    )


def normal(rng, *shape):
    return rng.normal(size=shape).astype(np.float32)


KEYS = {
    "ssd": ["Loss/classification_loss", "Loss/localization_loss"],
    "faster_rcnn": [
        "Loss/BoxClassifierLoss/classification_loss",
        "Loss/BoxClassifierLoss/localization_loss",
    ],
    "center_net": ["Loss/object_center", "Loss/box/scale", "Loss/box/offset"],
}


def losses_and_gradients(model, predictions, keys, *, in_graph=False):
    """The losses under `keys` and the gradients of their sum, as NumPy arrays."""
    fixed = tf.nest.map_structure(tf.constant, predictions.fixed)

    def step(trained):
        with tf.GradientTape() as tape:
            tape.watch(trained)
            losses = model.loss({**fixed, **trained}, tf.constant(SHAPES))
            losses = {key: losses[key] for key in keys}
            total = tf.add_n(list(losses.values()))
        return losses, tape.gradient(total, trained)

    tf.random.set_seed(0)
    call = tf.function(step) if in_graph else step
    losses, gradients = call(tf.nest.map_structure(tf.constant, predictions.trained))
    flat = [g for g in tf.nest.flatten(gradients) if g is not None]
    return {k: v.numpy() for k, v in losses.items()}, [np.array(g) for g in flat]


def losses_of(model, predictions, keys):
    """The losses under `keys`, as floats."""
    losses, _ = losses_and_gradients(model, predictions, keys)
    return {key: float(value) for key, value in losses.items()}
