"""What is to be evaluated: a model and an input that a config names, or files."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Optional

from tfod_weights.config_names import config_names, first_conflict
from tfod_weights.count_config import config_label_map, count_config
from tfod_weights.counting import count_classes
from tfod_weights.errors import (
    ConfigError,
    EvaluationError,
    SourcePlace,
    TfodWeightsError,
    UsageError,
)
from tfod_weights.evaluation import Evaluation, evaluate_images, load_coco, require_pycocotools
from tfod_weights.evaluation.evaluate import (
    DEFAULT_IOU,
    DEFAULT_SCORE_THRESHOLD,
    require_thresholds,
)
from tfod_weights.files import StrPath, read_text
from tfod_weights.pipeline import InputReader, PipelineConfig
from tfod_weights.progress import Progress
from tfod_weights.storage import is_remote
from tfod_weights.suggestions import closest
from tfod_weights.unreadable import is_file, obstacle, reason_of

TRAIN, VAL = "train", "val"
_LATEST = re.compile(r'^model_checkpoint_path: "(.+)"$', re.MULTILINE)


@dataclass(frozen=True)
class EvaluationPlan:
    """A model and an input.

    Attributes:
        config: The pipeline.config.
        checkpoint: The prefix of a checkpoint, such as model/ckpt-3; a remote folder may stand
            for its latest one.
        split: As the user calls the input.
        eval_input: Index of the eval_input_reader; None: the training records.
        images: In the input.
        training_objects: class_id -> objects in the training records; None if they are not at
            hand.
    """

    config: str
    checkpoint: str
    split: str
    eval_input: Optional[int]
    images: int
    training_objects: Optional[Mapping[int, int]]


def plan_evaluation(path: StrPath, checkpoint: StrPath, split: str = VAL) -> EvaluationPlan:
    """Find all that an evaluation needs; seconds before TensorFlow is imported, not minutes in.

    Args:
        path: The config.
        checkpoint: A folder, for its latest checkpoint, or a checkpoint (model/ckpt-3).
        split: `val`: the first eval_input_reader; `train`: the training records; else the
            `name` of an eval_input_reader.

    Raises:
        ConfigError: the config cannot be read, or its input names no records or label map.
        EvaluationError: there is no such checkpoint.
        RecordError: the records cannot be read.
        UsageError: no input is called so.
    """
    config = PipelineConfig.load(path)
    config.require_valid()
    index, reader = _split_input(config, split)
    prefix = checkpoint_prefix(checkpoint)
    counts = count_classes(reader.input_path, num_classes=config.num_classes)
    return EvaluationPlan(
        os.fspath(path), prefix, split, index, counts.images, _training_objects(config)
    )


def evaluate_detections(
    detections: StrPath,
    groundtruth: StrPath,
    *,
    config: Optional[StrPath] = None,
    iou: float = DEFAULT_IOU,
    score_threshold: float = DEFAULT_SCORE_THRESHOLD,
    progress: Optional[Progress] = None,
) -> Evaluation:
    """Evaluate detections that were made elsewhere. Needs no TensorFlow.

    Args:
        detections: JSON in COCO's results format.
        groundtruth: COCO's instances JSON.
        config: Whose training records decide which classes are rare, unless they are not at
            hand; None: the ground truth.
        iou: Overlap from which a detection is right, in all that is no AP.
        score_threshold: For precision, recall and F1, and the confusion matrix.
        progress: Called with (parts done, parts in all).

    Raises:
        EvaluationError: a file cannot be read, is not in its format, or the two do not fit; or
            the config calls a class otherwise.
        TfodWeightsError: pycocotools is not installed.
    """
    require_thresholds(iou, score_threshold)
    require_pycocotools()
    images = load_coco(groundtruth, detections)
    source = {"detections": os.fspath(detections), "groundtruth": os.fspath(groundtruth)}
    training_objects = None
    if config is not None:
        source["config"] = os.fspath(config)
        known = PipelineConfig.load(config)
        _require_same_names(images.names, known, groundtruth)
        training_objects = _training_objects(known)
    return evaluate_images(
        images,
        iou=iou,
        score_threshold=score_threshold,
        training_objects=training_objects,
        source=source,
        progress=progress,
    )


def _require_same_names(
    called: Mapping[int, str], config: PipelineConfig, groundtruth: StrPath
) -> None:
    conflict = first_conflict(config_names(config), called)
    if conflict:
        category, name, known = conflict
        problem = (
            f"category {category} is {name!r}, but {known!r} in the label map of {config.path}"
        )
        help = "give the categories the ids of the label map, or leave the config out"
        raise EvaluationError(problem, place=SourcePlace(str(groundtruth)), help=help)


def _training_objects(config: PipelineConfig) -> Optional[Mapping[int, int]]:
    try:
        counts = count_config(config, config_label_map(config))
    except TfodWeightsError:
        return None
    return {row.class_id: row.objects for row in counts.classes}


def _split_input(config: PipelineConfig, split: str) -> tuple[Optional[int], InputReader]:
    if split == TRAIN:
        index, reader = None, config.require_train_input()
    else:
        index, reader = _eval_input(config, split)
    has = {"input_path": reader.input_path, "label_map_path": reader.label_map_path}
    for field in (name for name, value in has.items() if not value):
        problem = f"{config.path}: the input of the split {split} has no {field}"
        raise ConfigError(problem, help=f"write a {field} into it")
    return index, reader


def _eval_input(config: PipelineConfig, split: str) -> tuple[int, InputReader]:
    readers = config.eval_inputs
    if not readers:
        problem = f"{config.path}: the config has no eval_input_reader"
        help = f"add one, or evaluate on the training records: --split {TRAIN}"
        raise ConfigError(problem, help=help)
    names = [str(one.scalar("name")) for one in config.root.messages("eval_input_reader")]
    if split not in (VAL, *names):
        known = [TRAIN, VAL, *filter(None, names)]
        guess = closest(split, known)
        help = f"did you mean {guess}?" if guess else f"there are: {', '.join(known)}"
        raise UsageError(f"{config.path}: no input is called {split!r}", help=help)
    index = names.index(split) if split in names else 0
    return index, readers[index]


def checkpoint_prefix(path: StrPath) -> str:
    """The prefix of a checkpoint.

    Args:
        path: A folder, for its latest checkpoint, a prefix, or a checkpoint's .index file.

    Returns:
        The prefix; for a folder on another machine the folder.

    Raises:
        EvaluationError: there is no checkpoint.
    """
    name = os.fspath(path)
    prefix = name[: -len(".index")] if name.endswith(".index") else name
    if is_remote(name) or is_file(f"{prefix}.index"):
        return prefix
    state = Path(name) / "checkpoint"
    latest = _LATEST.search(read_text(state, EvaluationError)) if is_file(str(state)) else None
    if latest is None or not is_file(f"{state.parent / latest[1]}.index"):
        reason = obstacle(f"{prefix}.index") or obstacle(str(state))
        raise EvaluationError(
            f"no checkpoint in {name}" + (f": {reason_of(reason)}" if reason else ""),
            help="--checkpoint names the folder that has them, or one of them: model/ckpt-3",
        )
    return str(state.parent / latest[1])
