"""Rules about train_config, but for its checkpoint and its learning rate.

Facts from object_detection/model_lib_v2.py (train_loop), inputs.py and builders/dataset_builder.py.
"""

from __future__ import annotations

from typing import Iterator

from tfod_weights.checking.findings import Finding
from tfod_weights.checking.model_rules import built_model
from tfod_weights.checking.places import field_place
from tfod_weights.errors import SourcePlace
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.textformat import MergedMessage

# Read by object_detection/model_lib.py (TensorFlow 1), not by model_lib_v2.py.
_TF1_OPTIONS = ("freeze_variables", "update_trainable_variables", "bias_grad_multiplier")
# Augmentations after which all images have the same shape.
_SAME_SHAPE = (
    "random_scale_crop_and_pad_to_square",
    "random_square_crop_by_scale",
    "random_crop_to_aspect_ratio",
    "random_pad_to_aspect_ratio",
    "ssd_random_crop_fixed_aspect_ratio",
    "ssd_random_crop_pad_fixed_aspect_ratio",
)


def training_findings(config: PipelineConfig, replicas: int = 1) -> Iterator[Finding]:
    """Everything in train_config that stops training, or does not do what it says.

    Args:
        config: A config without faults.
        replicas: On how many GPUs or TPU cores training will run.
    """
    train = config.root.message("train_config")
    if train is None:
        problem = "the config has no train_config, so no optimizer: TFOD stops"
        help = "add train_config { batch_size, num_steps, optimizer { … } }"
        yield Finding("train-config-missing", problem, SourcePlace(config.path), help)
        return
    yield from _batch_findings(config, train, replicas)
    if not train.scalar("num_steps"):
        problem = "num_steps is not set; without --num_train_steps TFOD stops"
        place = field_place(config, train, "num_steps")
        yield Finding("num-steps-missing", problem, place, "add num_steps to train_config")
    yield from _option_findings(config, train)


def _batch_findings(
    config: PipelineConfig, train: MergedMessage, replicas: int
) -> Iterator[Finding]:
    place = field_place(config, train, "batch_size")
    batch_size = int(train.scalar("batch_size"))
    if batch_size == 0:
        problem = "batch_size is 0: TFOD makes no batches and the model stops at single images"
        yield Finding("batch-size", problem, place, "set it to at least 1")
    elif batch_size % replicas:
        problem = f"batch_size {batch_size} cannot be divided by {replicas} replicas"
        help = f"set it to a multiple of {replicas}: it is the size of all replicas together"
        yield Finding("batch-size-replicas", problem, place, help)
    elif batch_size > replicas and not _same_shape(train):
        yield from shape_findings(config, place, "batch_size")


def _same_shape(train: MergedMessage) -> bool:
    steps = train.messages("data_augmentation_options")
    return any(step.has(name) for step in steps for name in _SAME_SHAPE)


def shape_findings(config: PipelineConfig, place: SourcePlace, what: str) -> Iterator[Finding]:
    """Batches of several images that the resizer does not bring to one size."""
    model = built_model(config)
    resizer = model[1].message("image_resizer") if model else None
    name = resizer.which("image_resizer_oneof") if resizer else None
    keep = resizer.message(name) if resizer and name == "keep_aspect_ratio_resizer" else None
    pads = keep is not None and bool(keep.scalar("pad_to_max_dimension"))
    if pads or name not in (
        "keep_aspect_ratio_resizer",
        "conditional_shape_resizer",
        "identity_resizer",
    ):
        return
    problem = f"{what} is above 1, but {name} lets images differ in size"
    help = "add pad_to_max_dimension: true" if keep else "use fixed_shape_resizer"
    help += "; else TFOD stops at the first batch whose images differ"
    yield Finding("batch-shapes", problem, place, help)


def _option_findings(config: PipelineConfig, train: MergedMessage) -> Iterator[Finding]:
    for name in _TF1_OPTIONS:
        values = train.scalars(name)
        if any(values):
            problem = f"TFOD does not read {name} on TensorFlow 2"
            help = "remove it: every variable is trained, with the same learning rate"
            place = field_place(config, train, name)
            yield Finding("train-option-ignored", problem, place, help)
    if train.scalar("use_bfloat16"):
        problem = "use_bfloat16 has an effect on TPUs only"
        place = field_place(config, train, "use_bfloat16")
        yield Finding("bfloat16-without-tpu", problem, place, "elsewhere TFOD turns it off")
    limit = int(train.scalar("max_number_of_boxes"))
    if train.has("max_number_of_boxes") and limit != config.max_number_of_boxes:
        problem = (
            f"TFOD reads max_number_of_boxes in the input reader ({config.max_number_of_boxes}), "
            f"not here ({limit})"
        )
        place = field_place(config, train, "max_number_of_boxes")
        yield Finding("max-boxes-not-read", problem, place, "move it into train_input_reader")
