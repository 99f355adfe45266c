"""Evaluation by TFOD: metrics per class of a config's model, and TFOD's own evaluation loop."""

from __future__ import annotations

import functools
from typing import Any, Optional

from tfod_weights.evaluating import VAL, plan_evaluation
from tfod_weights.evaluation import Evaluation, evaluate_images, require_pycocotools
from tfod_weights.evaluation.evaluate import (
    DEFAULT_IOU,
    DEFAULT_SCORE_THRESHOLD,
    require_thresholds,
)
from tfod_weights.files import StrPath
from tfod_weights.progress import Progress
from tfod_weights.runtime.activation import enable

_DETECTION_METRICS = "coco_detection_metrics"  # eval_util.EVAL_DEFAULT_METRIC
_PER_CATEGORY = "include_metrics_per_category"


def evaluate_config(
    path: StrPath,
    checkpoint: StrPath,
    *,
    split: str = VAL,
    iou: float = DEFAULT_IOU,
    score_threshold: float = DEFAULT_SCORE_THRESHOLD,
    progress: Optional[Progress] = None,
) -> Evaluation:
    """Run the model of a config over an input of the config, by TFOD, and evaluate it.

    Args:
        path: The config.
        checkpoint: A folder, for its latest checkpoint, or a checkpoint (model/ckpt-3).
        split: `val`: the first eval_input_reader; `train`: the training records; else the
            `name` of an eval_input_reader.
        iou: Overlap from which a detection is right, in all that is no AP.
        score_threshold: For precision, recall and F1, and the confusion matrix.
        progress: Called with (images done, images in all).

    Raises:
        ConfigError: the config cannot be read, or its input names no records or label map.
        EvaluationError: there is no such checkpoint, or it does not fit the model.
        UsageError: no input is called so.
        TfodWeightsError: pycocotools or TFOD is not installed.
    """
    require_thresholds(iou, score_threshold)
    require_pycocotools()
    plan = plan_evaluation(path, checkpoint, split)
    enable()
    from tfod_weights.runtime.detecting import detect

    images, step = detect(plan, progress)
    source = {"config": plan.config, "checkpoint": plan.checkpoint, "split": split}
    return evaluate_images(
        images,
        iou=iou,
        score_threshold=score_threshold,
        training_objects=plan.training_objects,
        source={**source, "step": str(step)},
    )


def patch_model_lib(model_lib_v2: Any) -> None:
    """Let an evaluation with --eval_timeout=0 end as soon as it is done.

    model_main_tf2 has a flag for how long to wait for another checkpoint, but none for the five
    minutes (`wait_interval`) that it sleeps before.
    """
    stock = model_lib_v2.eval_continuously

    @functools.wraps(stock)
    def eval_continuously(*arguments: Any, **keywords: Any) -> Any:
        if keywords.get("timeout") == 0:
            keywords["wait_interval"] = 0
        return stock(*arguments, **keywords)

    model_lib_v2.eval_continuously = eval_continuously


def patch_eval_util(eval_util: Any) -> None:
    """Let COCO metrics per class be the rule, unless the config says otherwise.

    TFOD leaves them out unless `eval_config.include_metrics_per_category` is true, and in any
    case where `metrics_set` is not written.
    """
    stock = eval_util.evaluator_options_from_eval_config

    @functools.wraps(stock)
    def evaluator_options_from_eval_config(eval_config: Any) -> Any:
        options = stock(eval_config)
        wanted = getattr(eval_config, _PER_CATEGORY) or not eval_config.HasField(_PER_CATEGORY)
        if wanted and _DETECTION_METRICS in (eval_config.metrics_set or [_DETECTION_METRICS]):
            options.setdefault(_DETECTION_METRICS, {})[_PER_CATEGORY] = True
        return options

    eval_util.evaluator_options_from_eval_config = evaluator_options_from_eval_config
