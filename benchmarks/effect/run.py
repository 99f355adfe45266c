"""One run: a training by TFOD's own train_loop, then its evaluation.

    python -m benchmarks.effect.run FOLDER SEED [--batches N]

FOLDER has the pipeline.config. What is finished is not done again. The same seed gives every
arm the same first weights and the same images, augmented the same way, in the same order,
unless the arm samples images. --batches trains nothing and prints a checksum of each of the
first batches, to compare arms by.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import tfod_weights
from tfod_weights.files import write_atomically

CONFIG, MODEL = "pipeline.config", "model"
TRAINED, METRICS = "training.json", "metrics.json"  # each is there when its part is finished
_LOG_EVERY = 100  # steps


def run(folder: Path, seed: int) -> None:
    """Train and evaluate in one process, which has TensorFlow imported once."""
    model_lib_v2 = repeatable_tfod(seed)
    if not (folder / TRAINED).exists():
        train(model_lib_v2, folder)
    evaluate(folder)


def train(model_lib_v2: Any, folder: Path) -> None:
    """Train as the config says; save the last step and how long it took."""
    from object_detection.utils import config_util
    from tensorflow.python.autograph.core import ag_ctx

    start, cpu_start = time.perf_counter(), time.process_time()
    config = str(folder / CONFIG)
    steps = config_util.get_configs_from_pipeline_file(config)["train_config"].num_steps
    with ag_ctx.ControlStatusCtx(ag_ctx.Status.DISABLED):
        model_lib_v2.train_loop(
            config,
            str(folder / MODEL),
            record_summaries=False,
            num_steps_per_iteration=1,
            checkpoint_every_n=steps,
        )
    result = {
        "steps": steps,
        "seconds": round(time.perf_counter() - start, 1),
        "cpu_seconds": round(time.process_time() - cpu_start, 1),
    }
    write_atomically(folder / TRAINED, json.dumps(result) + "\n")


def evaluate(folder: Path) -> None:
    """Evaluate the last step on the validation records."""
    from tfod_weights.evaluation import metrics_text
    from tfod_weights.runtime.evaluation import evaluate_config

    evaluation = evaluate_config(folder / CONFIG, folder / MODEL)
    write_atomically(folder / METRICS, metrics_text(evaluation))


def repeatable_tfod(seed: int) -> Any:
    """Activate TFOD so that one core trains, and the same seed trains the same.

    Returns:
        TFOD's model_lib_v2.
    """
    tfod_weights.enable()
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.keras.utils.set_random_seed(seed)
    _seed_augmentation(tf.compat.v1)
    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.INFO)
    from object_detection import model_lib_v2

    model_lib_v2.LOG_EVERY = _LOG_EVERY
    # Converting the step to a graph is of no use to TFOD's code, and takes half a minute.
    model_lib_v2.eager_train_step = tf.autograph.experimental.do_not_convert(
        model_lib_v2.eager_train_step
    )
    return model_lib_v2


def _seed_augmentation(tf1: Any) -> None:
    """Make TFOD's augmentation follow the seed, in the parts of tensorflow.compat.v1 it uses.

    It maps images by functions of TensorFlow 1, which do not inherit the seed, and many at a
    time; and it crops by an operation that draws a seed of its own where it is given none.
    """
    stock = tf1.image.sample_distorted_bounding_box

    def sample_distorted_bounding_box(*arguments: Any, **keywords: Any) -> Any:
        seed, seed2 = tf1.get_seed(None)
        return stock(*arguments, **{**keywords, "seed": seed, "seed2": seed2})

    def map_in_order(dataset: Any, function: Any, num_parallel_calls: Any = None) -> Any:
        return dataset.map(function)

    tf1.image.sample_distorted_bounding_box = sample_distorted_bounding_box
    tf1.data.Dataset.map_with_legacy_function = map_in_order


def batches(folder: Path, seed: int, number: int) -> list[str]:
    """Checksums of the first batches of images that `run` would train on."""
    model_lib_v2 = repeatable_tfod(seed)
    from tensorflow.python.autograph.core import ag_ctx

    found: list[str] = []
    stock = model_lib_v2.inputs.train_input

    def train_input(**keywords: Any) -> Any:
        for features, _ in stock(**keywords).take(number):
            found.append(hashlib.sha256(features["image"].numpy().tobytes()).hexdigest()[:16])
        raise _SeenEnough

    model_lib_v2.inputs.train_input = train_input
    with ag_ctx.ControlStatusCtx(ag_ctx.Status.DISABLED), suppress(_SeenEnough):
        model_lib_v2.train_loop(str(folder / CONFIG), "", record_summaries=False)
    return found


class _SeenEnough(Exception):  # noqa: N818
    """Ends a training before its first step."""


def main() -> None:
    """Run, or print checksums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("seed", type=int)
    parser.add_argument("--batches", type=int, help="print the checksums of so many")
    arguments = parser.parse_args()
    if not (arguments.folder / CONFIG).is_file():
        parser.error(f"{arguments.folder} has no {CONFIG}")
    if arguments.batches:
        print(*batches(arguments.folder, arguments.seed, arguments.batches), sep="\n")
    else:
        run(arguments.folder, arguments.seed)


if __name__ == "__main__":
    main()
