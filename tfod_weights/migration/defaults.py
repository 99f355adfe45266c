"""Blocks that a model cannot be built without, filled in where there is a common value.

What is required is what object_detection/builders/model_builder.py and the builders that it
calls stop without; the values are those of TFOD's own sample configs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator, Sequence, Union

from tfod_weights.migration.extractors import extractor_type
from tfod_weights.migration.history import DEFAULT, Mend
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.layout import NewBlock, NewField, insertions
from tfod_weights.textformat import Block, Document, Field, MergedMessage, parse


@dataclass(frozen=True)
class Model:
    """A kind of model.

    Attributes:
        name: What people call it.
        required: The fields without which TFOD does not build it.
    """

    name: str
    required: tuple[str, ...]


# message type → what TFOD asks of it
MODELS = {
    "Ssd": Model(
        "an SSD",
        (
            "image_resizer",
            "anchor_generator",
            "box_coder",
            "matcher",
            "similarity_calculator",
            "box_predictor",
            "loss",
        ),
    ),
    "FasterRcnn": Model("a Faster R-CNN", ("image_resizer", "first_stage_anchor_generator")),
    "CenterNet": Model("a CenterNet", ("image_resizer",)),
}


@dataclass(frozen=True)
class Default:
    """What is filled in for a required field.

    Attributes:
        message: The message type that lacks it.
        field: Its name.
        content: Its content, in text format.
        extractors: The feature extractors that it suits, as a regular expression.
        only_with: Values that the feature extractor must have, by dotted field name.
    """

    message: str
    field: str
    content: str
    extractors: str = ".+"
    only_with: tuple[tuple[str, int], ...] = ()


DEFAULTS = (
    Default(
        "Ssd", "image_resizer", "fixed_shape_resizer { height: 300 width: 300 }",
        "ssd_mobilenet_v[12]_keras",
    ),
    Default(
        "Ssd", "image_resizer", "fixed_shape_resizer { height: 320 width: 320 }",
        "ssd_mobilenet_v2_fpn_keras",
    ),
    Default(
        "Ssd", "image_resizer", "fixed_shape_resizer { height: 640 width: 640 }",
        "ssd_(mobilenet_v1|resnet50_v1)_fpn_keras",
    ),
    Default(
        "Ssd", "anchor_generator",
        "ssd_anchor_generator { num_layers: 6 min_scale: 0.2 max_scale: 0.95 "
        "aspect_ratios: [1.0, 2.0, 0.5, 3.0, 0.3333] }",
        "ssd_mobilenet_v[12]_keras", only_with=(("num_layers", 6),),
    ),
    Default(
        "Ssd", "anchor_generator",
        "multiscale_anchor_generator { min_level: 3 max_level: 7 anchor_scale: 4.0 "
        "aspect_ratios: [1.0, 2.0, 0.5] scales_per_octave: 2 }",
        "ssd_.+_fpn_keras", only_with=(("fpn.min_level", 3), ("fpn.max_level", 7)),
    ),
    Default(
        "Ssd", "box_coder",
        "faster_rcnn_box_coder { y_scale: 10.0 x_scale: 10.0 height_scale: 5.0 width_scale: 5.0 }",
    ),
    Default(
        "Ssd", "matcher",
        "argmax_matcher { matched_threshold: 0.5 unmatched_threshold: 0.5 "
        "force_match_for_each_row: true }",
    ),
    Default("Ssd", "similarity_calculator", "iou_similarity { }"),
    Default(
        "FasterRcnn", "image_resizer",
        "keep_aspect_ratio_resizer { min_dimension: 600 max_dimension: 1024 }",
    ),
    Default(
        "FasterRcnn", "first_stage_anchor_generator",
        "grid_anchor_generator { scales: [0.25, 0.5, 1.0, 2.0] aspect_ratios: [0.5, 1.0, 2.0] "
        "height_stride: 16 width_stride: 16 }",
        "faster_rcnn_(resnet(50|101|152)|inception_resnet_v2)_keras",
    ),
    Default(
        "CenterNet", "image_resizer",
        "keep_aspect_ratio_resizer { min_dimension: 512 max_dimension: 512 "
        "pad_to_max_dimension: true }",
    ),
)  # fmt: skip


def default_mends(config: PipelineConfig) -> Iterator[Mend]:
    """The blocks that models lack and that there is a row for."""
    for model in _models(config):
        block = model.blocks[-1]
        for row in DEFAULTS:
            if block is not None and not model.has(row.field) and _suits(row, model):
                yield _addition(config, block, row)


def default_notes(config: PipelineConfig) -> Iterator[tuple[int, str]]:
    """Where a model lacks blocks that nobody but the user can know, and which."""
    for model in _models(config):
        kind, block = MODELS[model.descriptor.name], model.blocks[-1]
        missing = [name for name in kind.required if not model.has(name)]
        if missing and block is not None:
            yield block.start, f"TFOD cannot build {kind.name} without {', '.join(missing)}"


def _models(config: PipelineConfig) -> Iterator[MergedMessage]:
    """The models that name a feature extractor; others are taken for parts of one."""
    for message in config.root.walk():
        is_model = message.descriptor.name in MODELS
        if is_model and extractor_type(message.message("feature_extractor")):
            yield message


def _suits(row: Default, model: MergedMessage) -> bool:
    extractor = model.message("feature_extractor")
    if model.descriptor.name != row.message or extractor is None:
        return False
    if not re.fullmatch(row.extractors, extractor_type(extractor)):
        return False
    return all(_value(extractor, path.split(".")) == value for path, value in row.only_with)


def _value(message: MergedMessage, path: Sequence[str]) -> object:
    """The value of a field in a message or below, by default that of the schema."""
    *outer, last = path
    for name in outer:
        inner = message.message(name)
        if inner is None:
            inner_type = message.descriptor.fields_by_name[name].message_type
            assert inner_type is not None
            return inner_type.fields_by_name[last].default_value
        message = inner
    return message.scalar(last)


def _addition(config: PipelineConfig, block: Block, row: Default) -> Mend:
    reason = f"TFOD cannot build {MODELS[row.message].name} without it"
    source = f"{row.field} {{ {row.content} }}"
    document = parse(source)
    new = _as_new(document, document.fields[0])
    edits = insertions(config.document, block, [new], f"# added by tfod-weights migrate: {reason}")
    return Mend(block.end - 1, tuple(edits), "", source, reason, DEFAULT)


def _as_new(document: Document, field: Field) -> Union[NewBlock, NewField]:
    """A field of a text, to be written in the style of another one."""
    if isinstance(field.value, Block):
        inner = tuple(_as_new(document, one) for one in field.value.fields)
        return NewBlock(field.name, inner)
    return NewField(field.name, (document.source(field.value),))
