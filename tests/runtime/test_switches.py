"""Loss switches and augmentation presets in the hands of the real TFOD."""

from __future__ import annotations

import pytest

from tests.tfod_imports import import_tfod
from tfod_weights.pipeline import LossSwitch, patch_text
from tfod_weights.pipeline.augmentation_presets import PRESETS

import_tfod()

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from google.protobuf import text_format  # noqa: E402
from object_detection import inputs  # noqa: E402
from object_detection.builders import losses_builder, preprocessor_builder  # noqa: E402
from object_detection.core import losses  # noqa: E402
from object_detection.core.standard_fields import InputDataFields as Fields  # noqa: E402
from object_detection.protos import pipeline_pb2  # noqa: E402

SSD = """
model { ssd { num_classes: 3 loss {
  classification_loss { %s { } } localization_loss { weighted_smooth_l1 { } }
} } }
train_config { }
"""
FASTER_RCNN = "model { faster_rcnn { num_classes: 3 } }"
BOXES = {"boxes": [[0.1, 0.1, 0.4, 0.5], [0.3, 0.5, 0.9, 0.8]], "no boxes": []}
BUILT = {
    LossSwitch("weighted_sigmoid_focal", gamma=1.5, alpha=0.75): (
        losses.SigmoidFocalClassificationLoss
    ),
    LossSwitch("weighted_sigmoid"): losses.WeightedSigmoidClassificationLoss,
    LossSwitch("weighted_softmax"): losses.WeightedSoftmaxClassificationLoss,
}


def _merged(text: str):
    return text_format.Merge(text, pipeline_pb2.TrainEvalPipelineConfig())


@pytest.mark.parametrize("switch", BUILT, ids=lambda switch: switch.member)
@pytest.mark.parametrize("before", ["weighted_sigmoid_focal", "bootstrapped_sigmoid"])
def test_ssd_builds_the_loss(switch: LossSwitch, before: str) -> None:
    text = patch_text(SSD % before, None, losses="none", switch=switch).text
    built = losses_builder.build(_merged(text).model.ssd.loss)[0]
    assert type(built) is BUILT[switch]
    if switch.member == "weighted_sigmoid_focal":
        assert (built._gamma, built._alpha) == (1.5, 0.75)


@pytest.mark.parametrize("switch", BUILT, ids=lambda switch: switch.member)
def test_faster_rcnn_builds_the_loss(switch: LossSwitch) -> None:
    text = patch_text(FASTER_RCNN, None, losses="none", switch=switch).text
    loss = _merged(text).model.faster_rcnn.second_stage_classification_loss
    assert type(losses_builder.build_faster_rcnn_classification_loss(loss)) is BUILT[switch]


@pytest.mark.parametrize("switch", BUILT, ids=lambda switch: switch.member)
def test_class_weights_move_along(switch: LossSwitch) -> None:
    text = patch_text(SSD % "weighted_softmax", [1, 2, 3], switch=switch).text
    loss = _merged(text).model.ssd.loss.classification_loss
    assert list(getattr(loss, switch.member).class_weights) == [1, 2, 3]


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("boxes", BOXES.values(), ids=BOXES.keys())
def test_presets_augment_an_image(preset: str, boxes: list[list[float]]) -> None:
    text = patch_text(SSD % "weighted_sigmoid", None, losses="none", augment=preset).text
    options = _merged(text).train_config.data_augmentation_options
    steps = [preprocessor_builder.build(option) for option in options]
    assert [step.__name__ for step, _ in steps] == list(PRESETS[preset])

    pixels = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    example = {
        Fields.image: tf.constant(pixels),
        Fields.groundtruth_boxes: tf.reshape(tf.constant(boxes, tf.float32), [-1, 4]),
        Fields.groundtruth_classes: tf.constant([1, 3][: len(boxes)], tf.int64),
        Fields.groundtruth_weights: tf.ones([len(boxes)]),
    }
    # As in TFOD: in the graph of a data set.
    images = tf.data.Dataset.from_tensors(example).repeat(8)
    seen = list(images.map(lambda one: inputs.augment_input_data(one, steps)))
    for augmented in seen:
        image, left = augmented[Fields.image].numpy(), augmented[Fields.groundtruth_boxes].numpy()
        assert image.ndim == 3
        assert image.min() >= 0
        assert 1 < image.max() <= 255
        assert ((left >= 0) & (left <= 1)).all()
        assert len(left) == len(augmented[Fields.groundtruth_classes]) <= len(boxes)
    assert any(
        one[Fields.image].shape != pixels.shape or not np.array_equal(one[Fields.image], pixels)
        for one in seen
    )


def test_what_is_refused_tfod_refuses() -> None:
    text = SSD % "weighted_sigmoid_focal"
    loss = _merged(text.replace("loss {\n", "loss { hard_example_miner { }\n")).model.ssd.loss
    with pytest.raises(ValueError, match="HardExampleMiner should not be used"):
        losses_builder.build(loss)
    flip = preprocessor_builder.build(text_format.Parse("random_horizontal_flip { }", _option()))
    with pytest.raises(ValueError, match="keypoints_flip_permutation is not provided"):
        flip[0](tf.zeros([4, 4, 3]), keypoints=tf.zeros([1, 2, 2]), **flip[1])


def _option():
    return pipeline_pb2.TrainEvalPipelineConfig().train_config.data_augmentation_options.add()
