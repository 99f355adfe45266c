"""The templates against the TFOD configs that they are made after, field by field."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator

import pytest
from google.protobuf import text_format
from google.protobuf.message import Message

from tests.masked_records import write_masked_records
from tfod_weights import generate_config
from tfod_weights.generating import templates
from tfod_weights.schema import tfod_schema

# Where a template may differ from its source: data, schedule, what only TPUs need, and what
# TensorFlow 2 does not read.
ELSEWHERE = (
    "num_classes",
    "fine_tune_checkpoint",
    "batch_size",
    "num_steps",
    "label_map_path",
    "input_path",
    "optimizer",
    "sync_replicas",
    "startup_delay_steps",
    "replicas_to_aggregate",
    "use_bfloat16",
    "use_matmul",
    "use_static",
    "inplace_batchnorm_update",
    "dropout_keep_probability",  # there is no dropout
    "second_stage_classification_loss.",  # what TFOD assumes without it
    "include_metrics_per_category",
    "keypoint",
    "num_visualizations",
    "max_num_boxes_to_visualize",
    "min_score_threshold",
    "parameterized_metric",
)
# And where it differs on purpose.
DIFFERENT = {
    "faster-rcnn-resnet50": {
        "train_config.gradient_clipping_by_norm": (0.0, 10.0),
        "model.faster_rcnn.second_stage_classification_loss": (None, "set"),
    },
    "mask-rcnn-inception": {
        "model.faster_rcnn.second_stage_classification_loss": (None, "set"),
    },
}
SOURCES = {
    "ssd-mobilenet-v2": "ssd_mobilenet_v2_320x320_coco17_tpu-8",
    "ssd-mobilenet-v2-fpnlite": "ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8",
    "retinanet-resnet50": "ssd_resnet50_v1_fpn_640x640_coco17_tpu-8",
    "efficientdet-d0": "ssd_efficientdet_d0_512x512_coco17_tpu-8",
    "faster-rcnn-resnet50": "faster_rcnn_resnet50_v1_640x640_coco17_tpu-8",
    "mask-rcnn-inception": "mask_rcnn_inception_resnet_v2_1024x1024_coco17_gpu-8",
    "centernet-resnet50": "centernet_resnet50_v2_512x512_kpts_coco17_tpu-8",
}


def settings(message: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar that a message sets or has by default, by its path."""
    for field in message.DESCRIPTOR.fields:
        name, value = f"{path}{field.name}", getattr(message, field.name)
        if any(part in name for part in ELSEWHERE):
            continue
        if field.message_type is None:
            yield name, list(value) if hasattr(value, "extend") else value
        elif field.message_type.GetOptions().map_entry:
            yield name, len(value)
        elif not hasattr(value, "extend"):
            if message.HasField(field.name):
                yield name, "set"
                yield from settings(value, f"{name}.")
        else:
            for index, one in enumerate(value):
                yield from settings(one, f"{name}[{index}].")


def differences(source: Message, made: Message) -> dict[str, tuple[Any, Any]]:
    """Path -> the source's value and ours, where they are not the same."""
    theirs, ours = dict(settings(source)), dict(settings(made))
    paths = [path for path in {**theirs, **ours} if theirs.get(path) != ours.get(path)]
    return {path: (theirs.get(path), ours.get(path)) for path in paths}


@pytest.mark.parametrize("template", SOURCES)
def test_hyperparameters_are_those_of_the_source(
    template: str, shared_data: Path, tmp_path: Path
) -> None:
    text = (shared_data / "tfod_configs" / f"{SOURCES[template]}.config").read_text()
    source = text_format.Merge(text, tfod_schema().new_pipeline())
    records, label_map = tmp_path / "a.record", tmp_path / "map.pbtxt"
    write_masked_records(records)
    label_map.write_text("item { id: 1 name: 'circle' }\n")
    made = generate_config(
        template, label_map=label_map, train=records, val=records, weighted=False
    )
    config = text_format.Merge(made.text, tfod_schema().new_pipeline())
    assert differences(source, config) == DIFFERENT.get(template, {})


@pytest.mark.parametrize("template", SOURCES)
def test_the_schedule_is_that_of_the_source(template: str, shared_data: Path) -> None:
    text = (shared_data / "tfod_configs" / f"{SOURCES[template]}.config").read_text()
    train = text_format.Merge(text, tfod_schema().new_pipeline()).train_config
    optimizer = getattr(train.optimizer, train.optimizer.WhichOneof("optimizer"))
    rate = optimizer.learning_rate.cosine_decay_learning_rate
    chosen = templates()[template]
    assert chosen.reference_batch_size == train.batch_size
    assert chosen.learning_rate == pytest.approx(rate.learning_rate_base)
    assert chosen.warmup_learning_rate == pytest.approx(rate.warmup_learning_rate)
    assert chosen.warmup_steps_maximum == rate.warmup_steps
    assert chosen.warmup_share == pytest.approx(rate.warmup_steps / train.num_steps, abs=0.002)
