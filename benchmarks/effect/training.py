"""One training by TFOD's own train_loop.

    python -m benchmarks.effect.training CONFIG FOLDER SEED [--batches N]

The same seed gives every arm the same first weights and the same images, augmented the same
way, in the same order, unless the arm samples images. --batches trains nothing and prints a
checksum of each of the first batches, to compare arms by.
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

RESULT = "training.json"  # is there when a run is finished
_LOG_EVERY = 100  # steps


def train(config: Path, folder: Path, seed: int) -> None:
    """Train as the config says; save the last step and how long it took."""
    start = time.perf_counter()
    model_lib_v2 = repeatable_tfod(seed)
    from object_detection.utils import config_util
    from tensorflow.python.autograph.core import ag_ctx

    steps = config_util.get_configs_from_pipeline_file(str(config))["train_config"].num_steps
    with ag_ctx.ControlStatusCtx(ag_ctx.Status.DISABLED):
        model_lib_v2.train_loop(
            str(config),
            str(folder),
            record_summaries=False,
            num_steps_per_iteration=1,
            checkpoint_every_n=steps,
        )
    result = {
        "steps": steps,
        "seconds": round(time.perf_counter() - start, 1),
        "cpu_seconds": round(time.process_time(), 1),
    }
    write_atomically(folder / RESULT, json.dumps(result) + "\n")


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
    # TFOD maps with functions of TensorFlow 1, which do not inherit the seed, many at a time.
    tf.compat.v1.data.Dataset.map_with_legacy_function = _map_in_order
    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.INFO)
    from object_detection import model_lib_v2

    model_lib_v2.LOG_EVERY = _LOG_EVERY
    # Converting the step to a graph is of no use to TFOD's code, and takes half a minute.
    model_lib_v2.eager_train_step = tf.autograph.experimental.do_not_convert(
        model_lib_v2.eager_train_step
    )
    return model_lib_v2


def _map_in_order(dataset: Any, function: Any, num_parallel_calls: Any = None) -> Any:
    return dataset.map(function)


def batches(config: Path, seed: int, number: int) -> list[str]:
    """Checksums of the first batches of images that `train` would train on."""
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
        model_lib_v2.train_loop(str(config), "", record_summaries=False)
    return found


class _SeenEnough(Exception):  # noqa: N818
    """Ends a training before its first step."""


def main() -> None:
    """Train, or print checksums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("seed", type=int)
    parser.add_argument("--batches", type=int, help="print the checksums of so many")
    arguments = parser.parse_args()
    if arguments.batches:
        print(*batches(arguments.config, arguments.seed, arguments.batches), sep="\n")
    else:
        train(arguments.config, arguments.folder, arguments.seed)


if __name__ == "__main__":
    main()
