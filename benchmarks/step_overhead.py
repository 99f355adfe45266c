"""How much longer a training step takes with class weights than without.

    python benchmarks/step_overhead.py [--size 96] [--batch 8] [--classes 3] [--pairs 100]

The demonstration SSD is trained by TFOD's own step (model_lib_v2.eager_train_step) in
tf.functions that take turns in one process, on the same data. `stock again`, a second stock
model, is the noise of the measurement.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from typing import Any, Callable

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tfod_weights
from tfod_weights.demo.dataset import demo_config
from tfod_weights.runtime.losses import settings

Step = Callable[[], Any]


def config(size: int, classes: int, fields: str = "") -> str:
    """The demonstration config with these fields in both of its losses."""
    text = demo_config("x").replace("height: 96 width: 96", f"height: {size} width: {size}")
    text = text.replace("num_classes: 3", f"num_classes: {classes}")
    text = text.replace("gamma: 2.0", f"gamma: 2.0 {fields}")
    return text.replace("weighted_smooth_l1 {", f"weighted_smooth_l1 {{ {fields}")


def make_step(text: str, batch: dict[str, Any], *, class_losses: bool = False) -> Step:
    """A training step of the config's model.

    Args:
        text: The config.
        batch: Images and labels.
        class_losses: Compute the class losses in every step. TFOD does not use, and TensorFlow
            does not compute, what most steps return: it writes summaries every 100 steps.
    """
    import tensorflow as tf
    from google.protobuf import text_format
    from object_detection import model_lib_v2
    from object_detection.builders import model_builder
    from object_detection.protos import pipeline_pb2

    pipeline = pipeline_pb2.TrainEvalPipelineConfig()
    text_format.Merge(text, pipeline)
    model = model_builder.build(pipeline.model, is_training=True, add_summaries=False)
    optimizer = tf.keras.optimizers.legacy.SGD(1e-6)
    global_step = tf.Variable(0, trainable=False, dtype=tf.int64)
    settings.class_summaries = class_losses

    @tf.function
    def step() -> Any:
        losses = model_lib_v2.eager_train_step(
            model, batch["features"], batch["labels"], False, optimizer, global_step
        )
        return losses if class_losses else losses["Loss/total_loss"]

    step()
    return step


def random_batch(size: int, images: int, classes: int, objects: int = 20) -> dict[str, Any]:
    """Images of noise with random boxes."""
    import numpy as np
    import tensorflow as tf

    rng = np.random.default_rng(0)
    corners = rng.random([images, objects, 2, 2]) * 0.5
    boxes = np.concatenate([corners[:, :, 0], corners[:, :, 0] + 0.1 + corners[:, :, 1]], axis=-1)
    labels = {
        "groundtruth_boxes": boxes.clip(0, 1),
        "groundtruth_classes": np.eye(classes)[rng.integers(0, classes, [images, objects])],
        "groundtruth_weights": np.ones([images, objects]),
    }
    features = {"image": rng.random([images, size, size, 3]) * 2 - 1}
    batch = {
        "features": {name: tf.constant(value, tf.float32) for name, value in features.items()},
        "labels": {name: tf.constant(value, tf.float32) for name, value in labels.items()},
    }
    batch["features"]["true_image_shape"] = tf.constant([[size, size, 3]] * images)
    batch["labels"]["num_groundtruth_boxes"] = tf.constant([objects] * images)
    return batch


def seconds(steps: dict[str, Step], rounds: int) -> dict[str, list[float]]:
    """The time of each step in each round, the steps taking turns in changing order."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    names = list(steps)
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            start = time.perf_counter()
            result = steps[name]()
            for value in result.values() if isinstance(result, dict) else [result]:
                value.numpy()
            times[name].append(time.perf_counter() - start)
    return times


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=96)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--classes", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=100, help="rounds of one step each")
    options = parser.parse_args()

    tfod_weights.enable()
    batch = random_batch(options.size, options.batch, options.classes)
    classes = range(options.classes)
    weights = f"class_weights: {[0.5 + 3 * index / options.classes for index in classes]}"
    begin = "class_weights_start_step: 10 class_weights_ramp_steps: 4"
    stock, weighted, deferred, per_batch = (
        config(options.size, options.classes, fields)
        for fields in ("", weights, f"{weights} {begin}", "batch_class_weights { }")
    )
    steps = {
        "stock": make_step(stock, batch),
        "stock again": make_step(stock, batch),
        "weighted": make_step(weighted, batch),
        "weighted from a step on": make_step(deferred, batch),
        "weighted by each batch": make_step(per_batch, batch),
        "weighted, class losses in every step": make_step(weighted, batch, class_losses=True),
    }
    seconds(steps, 10)  # warm up
    times = seconds(steps, options.pairs)
    print("| | ms a step (median) | × stock (median of pairs) |\n|---|---|---|")
    for name, values in times.items():
        ratio = statistics.median(a / b for a, b in zip(values, times["stock"]))
        print(f"| {name} | {1000 * statistics.median(values):.1f} | {ratio:.3f} |")


if __name__ == "__main__":
    main()
