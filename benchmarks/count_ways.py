"""Ways to count objects per class, each measured in a process of its own.

    python benchmarks/count_ways.py WAY FILE warm|cold

What the way needs is imported, then the file is read into the page cache or dropped from it,
then it is counted. Prints JSON: seconds to count (elapsed, and of all processors) and to
import, peak memory above the bare interpreter in MB, bytes read from the disk, and the counts.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Callable

LABEL = "image/object/class/label"
Counts = dict[int, int]  # class_id -> objects


def tfod_weights() -> Callable[[str], Counts]:
    """This project: everything that decides what TFOD trains on."""
    from tfod_weights.counting import count_classes
    from tfod_weights.label_map import LabelMap, LabelMapItem

    names = ("RBC", "WBC", "Platelets")
    label_map = LabelMap(tuple(LabelMapItem(i, name) for i, name in enumerate(names, 1)))

    def count(path: str) -> Counts:
        return {row.class_id: row.objects for row in count_classes(path, label_map).classes}

    return count


def tf_data() -> Callable[[str], Counts]:
    """The fast way to write it with TensorFlow: batches, parallel parsing, one feature."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import numpy as np
    import tensorflow as tf

    def count(path: str) -> Counts:
        features = {LABEL: tf.io.VarLenFeature(tf.int64)}
        labels = (
            tf.data.TFRecordDataset(path)
            .batch(64)
            .map(
                lambda records: tf.io.parse_example(records, features)[LABEL].values,
                num_parallel_calls=tf.data.AUTOTUNE,
            )
            .prefetch(tf.data.AUTOTUNE)
        )
        total = np.zeros(91, np.int64)
        for batch in labels:
            total += np.bincount(batch.numpy(), minlength=len(total))
        return {int(i): int(total[i]) for i in np.flatnonzero(total)}

    return count


def tf_loop() -> Callable[[str], Counts]:
    """What is found in forums and notebooks: a loop over the records."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    def count(path: str) -> Counts:
        total: Counter[int] = Counter()
        for record in tf.data.TFRecordDataset(path):
            example = tf.train.Example.FromString(record.numpy())
            total.update(example.features.feature[LABEL].int64_list.value)
        return dict(total)

    return count


def tf_eager() -> Callable[[str], Counts]:
    """The same, parsing with TensorFlow's own operation."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    def count(path: str) -> Counts:
        features = {LABEL: tf.io.VarLenFeature(tf.int64)}
        total: Counter[int] = Counter()
        for record in tf.data.TFRecordDataset(path):
            labels = tf.io.parse_single_example(record, features)[LABEL]
            total.update(labels.values.numpy().tolist())
        return dict(total)

    return count


def tfrecord() -> Callable[[str], Counts]:
    """The tfrecord package of PyPI, which needs no TensorFlow."""
    from tfrecord import tfrecord_loader

    def count(path: str) -> Counts:
        total: Counter[int] = Counter()
        for features in tfrecord_loader(path, None, {LABEL: "int"}):
            total.update(features[LABEL].tolist())
        return dict(total)

    return count


WAYS = {way.__name__: way for way in (tfod_weights, tf_data, tf_loop, tf_eager, tfrecord)}


def _from_proc(name: str, key: str) -> int:
    """A number that Linux keeps of this process; 0 on other systems.

    ru_maxrss would not do: a new process starts with the peak of the one that made it.
    """
    try:
        lines = Path(f"/proc/self/{name}").read_text().splitlines()
    except OSError:
        return 0
    return int(dict(line.split(":", 1) for line in lines)[key].split()[0])


def warm(path: str) -> None:
    """Read a file into the page cache."""
    buffer = bytearray(1 << 18)
    with Path(path).open("rb", buffering=0) as file:
        while file.readinto(buffer):
            pass


def cool(path: str) -> None:
    """Drop a file from the page cache."""
    with Path(path).open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _peak() -> float:
    return _from_proc("status", "VmHWM") / 1024


def main() -> None:
    """Measure one way and print."""
    way, path, state = sys.argv[1:]
    bare, start = _peak(), time.perf_counter()
    count = WAYS[way]()
    imported = time.perf_counter() - start
    (warm if state == "warm" else cool)(path)
    read, cpu, start = _from_proc("io", "read_bytes"), time.process_time(), time.perf_counter()
    counts = count(path)
    result = {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "import": imported,
        "megabytes": _peak() - bare,
        "read": _from_proc("io", "read_bytes") - read,
        "counts": {str(class_id): counts[class_id] for class_id in sorted(counts)},
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
