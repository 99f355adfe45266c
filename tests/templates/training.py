"""A training step of a generated config by the real TFOD: its own input pipeline, its own step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.masked_records import write_masked_records
from tests.tfod_imports import import_tfod

import_tfod()

import tensorflow as tf  # noqa: E402
from google.protobuf import text_format  # noqa: E402
from object_detection import inputs, model_lib_v2  # noqa: E402
from object_detection.builders import model_builder  # noqa: E402
from object_detection.protos import pipeline_pb2  # noqa: E402
from tensorflow.python.autograph.core import ag_ctx  # noqa: E402

from tfod_weights import generate_config  # noqa: E402


@dataclass(frozen=True)
class Step:
    """What a training step gave.

    Attributes:
        model: The model.
        losses: Such as Loss/classification_loss, and Loss/total_loss.
        gradients: One for every trained variable; None where the loss does not reach it.
    """

    model: object
    losses: dict[str, float]
    gradients: list


class RecordingOptimizer:
    """Takes the gradients that TFOD's step would apply, and applies none."""

    def apply_gradients(self, pairs) -> None:
        self.gradients = [gradient for gradient, _ in pairs]


def small_config(template: str, folder: Path, **options) -> str:
    """A generated config on a few images with masks."""
    records, label_map = folder / "masked.record", folder / "label_map.pbtxt"
    write_masked_records(records)
    names = enumerate(("circle", "square", "triangle"), start=1)
    label_map.write_text("".join(f"item {{ id: {i} name: '{name}' }}\n" for i, name in names))
    return generate_config(
        template, label_map=label_map, train=records, val=records, **options
    ).text


def parsed(text: str):
    """The config as TFOD's training program reads it."""
    return text_format.Merge(text, pipeline_pb2.TrainEvalPipelineConfig())


def built(config):
    """The model that TFOD builds for training."""
    return model_builder.build(config.model, is_training=True, add_summaries=False)


def training_step(config) -> Step:
    """One step of TFOD's on the first batch of its own input pipeline, augmentation included."""
    model = built(config)
    config.train_input_reader.num_readers = 1
    with ag_ctx.ControlStatusCtx(ag_ctx.Status.DISABLED):  # it only takes time: half a minute
        dataset = inputs.train_input(
            config.train_config, config.train_input_reader, config.model, model=model
        )
    features, labels = next(iter(dataset))
    optimizer = RecordingOptimizer()
    losses = model_lib_v2.eager_train_step(
        model, features, labels, config.train_config.unpad_groundtruth_tensors, optimizer, 0
    )
    losses = {name: float(loss) for name, loss in losses.items()}
    gradients = [None if g is None else tf.convert_to_tensor(g) for g in optimizer.gradients]
    return Step(model, losses, gradients)
