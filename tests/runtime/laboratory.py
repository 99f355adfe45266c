"""A program: what each mend is for, first without it, then with it, on the real TFOD.

Prints {mend: [error without it, error with it]} as JSON; an error is null where there is none.
One process for all: TensorFlow takes its time to import.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Callable, Optional

from tfod_weights.runtime.activation import activate
from tfod_weights.runtime.compat import MENDS


def descriptors() -> None:
    from object_detection.protos import losses_pb2

    assert losses_pb2.Loss.DESCRIPTOR


def legacy_keras() -> None:
    importlib.import_module("object_detection.core.freezable_sync_batch_norm")


def estimator() -> None:
    from tensorflow.compat.v1 import estimator

    assert [estimator.ModeKeys.TRAIN, estimator.ModeKeys.EVAL] == ["train", "eval"]
    importlib.import_module("object_detection.model_lib")


def control_flow() -> None:
    """A training image is decoded with control_flow_ops.case and cond."""
    import tensorflow as tf
    from object_detection.data_decoders.tf_example_decoder import TfExampleDecoder

    png = tf.io.encode_png(tf.zeros([4, 5, 3], tf.uint8)).numpy()
    features = {
        "image/encoded": tf.train.Feature(bytes_list=tf.train.BytesList(value=[png])),
        "image/format": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"png"])),
    }
    example = tf.train.Example(features=tf.train.Features(feature=features))
    decoded = TfExampleDecoder().decode(tf.constant(example.SerializeToString()))
    assert decoded["image"].shape == (4, 5, 3)


def tensorflow_io() -> None:
    """DeepMAC, which every model is built with, where there is no tensorflow_io."""
    sys.modules["tensorflow_io"] = None  # type: ignore[assignment]
    try:
        importlib.import_module("object_detection.builders.model_builder")
        deepmac = importlib.import_module("object_detection.meta_architectures.deepmac_meta_arch")
    finally:
        sys.modules.pop("tensorflow_io", None)
    message = error_of(lambda: deepmac.tfio.experimental.color.rgb_to_lab(None))
    assert message is not None and "tensorflow_io cannot be imported here" in message


def font_size() -> None:
    import numpy as np
    from object_detection.utils import visualization_utils

    image = np.zeros((64, 64, 3), np.uint8)
    visualization_utils.draw_bounding_box_on_image_array(
        image, 0.2, 0.2, 0.8, 0.8, display_str_list=["cell: 90%"]
    )
    assert image.any()


def numpy_aliases() -> None:
    import numpy as np
    from object_detection.utils import metrics

    scores, hits = np.array([0.9, 0.8]), np.array([True, False])
    precision, recall = metrics.compute_precision_recall(scores, hits, num_gt=1)
    assert metrics.compute_average_precision(precision, recall) == 1
    assert np.isnan(metrics.compute_average_precision(None, None))


def category_metrics() -> None:
    import numpy as np
    from object_detection.core.standard_fields import (
        DetectionResultFields,
        InputDataFields,
    )
    from object_detection.metrics.coco_evaluation import CocoDetectionEvaluator

    categories = [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}, {"id": 3, "name": "owl"}]
    evaluator = CocoDetectionEvaluator(
        categories, include_metrics_per_category=True, all_metrics_per_category=True
    )
    boxes = np.array([[10.0, 10, 60, 60], [70, 70, 170, 170]])
    evaluator.add_single_ground_truth_image_info(
        "1",
        {
            InputDataFields.groundtruth_boxes: boxes,
            InputDataFields.groundtruth_classes: np.array([1, 2]),
        },
    )
    evaluator.add_single_detected_image_info(
        "1",
        {
            DetectionResultFields.detection_boxes: boxes + np.array([[0], [20]]) * [0, 0, 0, 1],
            DetectionResultFields.detection_scores: np.array([0.8, 0.7]),
            DetectionResultFields.detection_classes: np.array([1, 2]),
        },
    )
    metrics = {name.partition("_")[2]: value for name, value in evaluator.evaluate().items()}
    by_class = {name: metrics[f"PerformanceByCategory/mAP/{name}"] for name in ("cat", "dog")}
    # the dog's box has an IoU of 1 / 1.2: right for 7 of COCO's 10 thresholds
    assert np.allclose([by_class["cat"], by_class["dog"]], [1, 0.7]), by_class
    assert np.isclose(metrics["Precision/mAP"], np.mean(list(by_class.values())))
    assert metrics["PerformanceByCategory/mAP/owl"] == -1  # not in these images
    assert np.isclose(metrics["Precision/mAP (medium) ByCategory/cat"], 1)
    assert metrics["Precision/mAP (large) ByCategory/cat"] == -1


EXPERIMENTS: dict[str, Callable[[], None]] = {
    "descriptors": descriptors,
    "legacy-keras": legacy_keras,
    "tensorflow-io": tensorflow_io,
    "estimator": estimator,
    "control-flow": control_flow,
    "font-size": font_size,
    "numpy-aliases": numpy_aliases,
    "category-metrics": category_metrics,
}


def error_of(experiment: Callable[[], None]) -> Optional[str]:
    try:
        experiment()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def main(names: list[str]) -> None:
    """Make all mends but those that are named; try each of these without it, then with it."""
    by_name = {mend.name: mend for mend in MENDS}
    activate([mend for mend in MENDS if mend.name not in names])
    results = {}
    for name in names:
        without, with_it = error_of(EXPERIMENTS[name]), None
        if name not in ("descriptors", "legacy-keras"):  # too late for them in this process
            activate([by_name[name]])
            with_it = error_of(EXPERIMENTS[name])
        results[name] = [without, with_it]
    print(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1:])
