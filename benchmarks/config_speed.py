"""How long reading and patching a large config takes, beside protobuf's own parser.

    python benchmarks/config_speed.py [--megabytes 5] [--runs 5]

A TFOD config is repeated in parts (protobuf merges them) until it has the size. Every figure
is the median of the runs, taken in turn in one process.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Callable

from google.protobuf import text_format

from tfod_weights.demo.dataset import demo_config
from tfod_weights.pipeline import patch_text, strip_text
from tfod_weights.schema import tfod_schema
from tfod_weights.textformat import faults, parse


def large_config(size: int) -> str:
    """A valid config of about `size` bytes."""
    part = demo_config("demo").partition("train_config")
    readers = "".join(
        f'eval_input_reader {{\n  name: "part {i}"  # one of many\n  label_map_path: "a/b.pbtxt"\n'
        f'  tf_record_input_reader {{ input_path: ["a/{i}.record", "b/{i}.record"] }}\n}}\n'
        for i in range(size // 150)
    )
    return part[0] + readers + part[1] + part[2]


def median_seconds(actions: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """The median time of each action, the actions taking turns."""
    seconds: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(runs):
        for name, action in actions.items():
            start = time.perf_counter()
            action()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=5)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    text = large_config(int(arguments.megabytes * 1e6))
    patched = patch_text(text, [1.0, 2.0, 3.0])
    schema = tfod_schema()
    actions: dict[str, Callable[[], object]] = {
        "protobuf text_format.Merge": lambda: text_format.Merge(text, schema.new_pipeline()),
        "parse (lossless tree)": lambda: parse(text),
        "parse + every fault": lambda: faults(parse(text), schema.pipeline),
        "patch_text, verified": lambda: patch_text(text, [1.0, 2.0, 3.0]),
        "diff": patched.diff,
        "strip_text": lambda: strip_text(patched.text),
    }
    seconds = median_seconds(actions, arguments.runs)
    reference = seconds["protobuf text_format.Merge"]
    print(f"{len(text) / 1e6:.1f} MB, median of {arguments.runs}")
    for name, value in seconds.items():
        print(f"{name:28} {value:7.2f} s  {value / reference:5.2f} × protobuf")


if __name__ == "__main__":
    main()
