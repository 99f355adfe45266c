"""How fast TFOD's training input is with class sampling, against without.

Both inputs are built by TFOD (decoding, augmentation, resizing, batching) over the same records
and take turns in one process; each runs alone, for a dataset that exists works ahead. `without
again`, a second plain input, is the noise of the measurement. `records_only` leaves out
everything after reading: the most that sampling can cost.

    python benchmarks/sampling_speed.py --data ../shared/data/bccd
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from pathlib import Path
from typing import Any, Callable

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tfod_weights
from tfod_weights.demo.dataset import demo_config

SAMPLING = "class_sampling { class_weights: [0.7, 2.5, 2.5] aggregation: MEAN }"
REPEAT = "class_sampling { repeat_factor_threshold: 1.0 }"

Build = Callable[[Any, Any], Any]


def reader_config(folder: Path, sampling: str) -> str:
    """A training input over the records of a folder."""
    return (
        f'label_map_path: "{folder}/label_map.pbtxt" {sampling} shuffle_buffer_size: 256 '
        f'tf_record_input_reader {{ input_path: "{folder}/train.record*" }}'
    )


def whole_input(reader: Any, pipeline: Any) -> Any:
    """TFOD's training input: batches."""
    from object_detection import inputs

    return inputs.train_input(pipeline.train_config, reader, pipeline.model)


def records_only(reader: Any, pipeline: Any) -> Any:
    """What TFOD reads, in batches of as many records."""
    import tensorflow as tf
    from object_detection.builders import dataset_builder

    patterns = list(reader.tf_record_input_reader.input_path)
    records = dataset_builder.read_dataset(tf.data.TFRecordDataset, patterns, reader)
    return records.batch(pipeline.train_config.batch_size)


def datasets(folder: Path, build: Build) -> dict[str, Any]:
    """Endless inputs by name."""
    from google.protobuf import text_format
    from object_detection.protos import input_reader_pb2, pipeline_pb2

    pipeline = text_format.Parse(demo_config("x"), pipeline_pb2.TrainEvalPipelineConfig())
    found = {}
    for name, sampling in (
        ("without", ""),
        ("without again", ""),
        ("class weights", SAMPLING),
        ("repeat factors", REPEAT),
    ):
        text = reader_config(folder, sampling)
        reader = text_format.Parse(text, input_reader_pb2.InputReader())
        found[name] = build(reader, pipeline).repeat()
    return found


def seconds(dataset: Any, batches: int) -> float:
    """How long so many batches take, after half as many that fill the buffers."""
    iterator = iter(dataset)
    for _ in range(batches // 2):
        next(iterator)
    start = time.perf_counter()
    for _ in range(batches):
        next(iterator)
    return time.perf_counter() - start


def measure(folder: Path, build: Build, batches: int, rounds: int) -> None:
    """Print a row for each input."""
    found = datasets(folder, build)
    times: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(rounds):
        for name, dataset in found.items():
            times[name].append(seconds(dataset, batches))
    for name, values in times.items():
        ratio = statistics.median(a / b for a, b in zip(times["without"], values))
        rate = 8 * batches / statistics.median(values)
        print(f"| {build.__name__} | {name} | {rate:,.0f} | {ratio:.3f} |")


def main() -> None:
    """Print a table: images a second, and throughput against `without`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    tfod_weights.enable()
    print("| input | | images/s | × without (median of pairs) |")
    measure(arguments.data.resolve(), whole_input, 200, arguments.rounds)
    measure(arguments.data.resolve(), records_only, 2000, arguments.rounds)


if __name__ == "__main__":
    main()
