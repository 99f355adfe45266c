"""What a trained model sees, by TFOD's own evaluation loop, in place of the metrics it prints."""

from __future__ import annotations

import copy
import logging
from contextlib import contextmanager, suppress
from typing import Any, Iterator, Mapping, Optional
from unittest import mock

import tensorflow as tf
from google.protobuf.message import Message
from object_detection import eval_util, inputs, model_lib_v2
from object_detection.builders import model_builder, optimizer_builder
from object_detection.core import standard_fields
from object_detection.metrics import coco_evaluation
from object_detection.utils import config_util

from tfod_weights.errors import EvaluationError, SourcePlace
from tfod_weights.evaluating import EvaluationPlan
from tfod_weights.evaluation import DetectedImages, Detection, GroundtruthObject
from tfod_weights.pipeline.inputs import CLASS_SAMPLING
from tfod_weights.progress import Progress


def detect(plan: EvaluationPlan, progress: Optional[Progress] = None) -> tuple[DetectedImages, int]:
    """Run a model over an input, as model_main_tf2 --checkpoint_dir does.

    Images come in the order of their records, and are numbered from 1: TFOD's own ids are
    hashes of `image/source_id`, which records may lack.

    Args:
        plan: Which model, and which input.
        progress: Called with (images done, images in all).

    Returns:
        Objects and detections, and the step of the checkpoint.

    Raises:
        EvaluationError: the checkpoint does not fit the model, or TFOD stopped on the way.
    """
    with _failures() as failures:
        configs = _configs(plan)
        model = model_builder.build(configs["model"], is_training=True)
        dataset = inputs.eval_input(
            eval_config=configs["eval_config"],
            eval_input_config=configs["eval_input_config"],
            model_config=configs["model"],
            model=model,
        )
        step = _restored(model, configs, dataset, plan.checkpoint)
        collector = _collected(model, configs, dataset, step, plan.images, progress)
    if failures:
        raise EvaluationError(f"TFOD stopped after {collector.seen} images: {failures[0]}")
    return collector.found(), int(step.numpy())


def _collected(
    model: Any,
    configs: Mapping[str, Any],
    dataset: Any,
    step: Any,
    images: int,
    progress: Optional[Progress],
) -> _Collector:
    """What TFOD's loop gives to its evaluators."""
    collectors: list[_Collector] = []  # it makes two, one of them class-agnostic

    def collecting(eval_config: Message, categories: Any, options: Any = None) -> list[_Collector]:
        collectors.append(_Collector(categories, images, progress))
        return collectors[-1:]

    # Where its loop stops at the first image, it has no evaluators and takes them for a list.
    with mock.patch.object(eval_util, "get_evaluators", collecting), suppress(TypeError):
        model_lib_v2.eager_eval_loop(model, configs, dataset, global_step=step)
    return max(collectors, key=lambda one: one.seen)


def _configs(plan: EvaluationPlan) -> Mapping[str, Any]:
    """TFOD's configs, to evaluate one input once and in order."""
    configs = config_util.get_configs_from_pipeline_file(plan.config)
    reader = copy.deepcopy(
        configs["train_input_config"]
        if plan.eval_input is None
        else configs["eval_input_configs"][plan.eval_input]
    )
    reader.num_epochs, reader.num_readers, reader.shuffle = 1, 1, False
    reader.ClearField(CLASS_SAMPLING)
    configs["eval_input_config"] = reader
    configs["eval_config"].num_visualizations = 0
    return configs  # type: ignore[no-any-return]


def _restored(model: Any, configs: Mapping[str, Any], dataset: Any, checkpoint: str) -> Any:
    """Restore the model, as eval_continuously does; the step as a variable."""
    step = tf.Variable(0, trainable=False, dtype=tf.int64)
    optimizer, _ = optimizer_builder.build(configs["train_config"].optimizer, global_step=step)
    saved = tf.train.Checkpoint(step=step, model=model, optimizer=optimizer)
    eval_config = configs["eval_config"]
    model_lib_v2._ensure_model_is_built(model, dataset, eval_config.batch_size == 1)
    if eval_config.use_moving_averages:
        optimizer.shadow_copy(model)
    try:
        saved.restore(checkpoint).expect_partial()
        tf.train.Checkpoint(model=model).restore(checkpoint).assert_existing_objects_matched()
    except (AssertionError, ValueError, tf.errors.OpError) as reason:
        raise EvaluationError(
            f"the checkpoint does not fit the model of the config: {_first_line(reason)}",
            place=SourcePlace(checkpoint),
            help="evaluate with the config that it was trained with",
        ) from reason
    if eval_config.use_moving_averages:
        optimizer.swap_weights()
    return step


def _first_line(reason: Exception) -> str:
    return next(iter(str(reason).splitlines()), type(reason).__name__)


@contextmanager
def _failures() -> Iterator[list[str]]:
    """What eager_eval_loop says of the exception that it takes for the end of the images."""
    failures: list[str] = []

    def keep(record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if message.startswith("Encountered "):
            failures.append(message[len("Encountered ") :])
        return record.levelno >= logging.ERROR

    logger = tf.get_logger()
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addFilter(keep)
    try:
        yield failures
    finally:
        logger.removeFilter(keep)
        logger.setLevel(level)


class _Collector(coco_evaluation.CocoDetectionEvaluator):  # type: ignore[misc]
    """TFOD's COCO evaluator, but that it numbers the images and computes nothing."""

    def __init__(self, categories: Any, images: int, progress: Optional[Progress]) -> None:
        super().__init__(categories)
        self.seen = 0
        self._images, self._progress = images, progress

    def add_eval_dict(self, eval_dict: Mapping[str, Any]) -> None:
        """Take in one batch."""
        key = standard_fields.InputDataFields.key
        ids = eval_dict[key]
        batch = ids.shape.num_elements()
        first, self.seen = self.seen + 1, self.seen + batch
        numbers = tf.reshape(tf.range(first, first + batch), ids.shape)
        super().add_eval_dict({**eval_dict, key: numbers})
        if self._progress:
            self._progress(min(self.seen, self._images), self._images)

    def evaluate(self) -> dict[str, float]:
        """Nothing: the metrics come later."""
        return {}

    def found(self) -> DetectedImages:
        """Objects and detections of the images seen."""
        objects = [
            GroundtruthObject(
                int(one["image_id"]),
                one["category_id"],
                one["bbox"],
                one["area"],
                bool(one["iscrowd"]),
            )
            for one in self._groundtruth_list
        ]
        detections = [
            Detection(int(one["image_id"]), one["category_id"], one["bbox"], one["score"])
            for one in self._detection_boxes_list
        ]
        names = {category["id"]: category["name"] for category in self._categories}
        return DetectedImages(names, list(map(int, self._image_ids)), objects, detections)
