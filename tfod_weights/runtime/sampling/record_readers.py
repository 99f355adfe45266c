"""TFOD's reading of record files, each record repeated or left out as class_sampling says."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType
from typing import Any, Callable, Iterator, NamedTuple, Optional, Sequence

import tensorflow as tf
from absl import logging

from tfod_weights.errors import ConfigError
from tfod_weights.pipeline.inputs import CLASS_SAMPLING
from tfod_weights.runtime.label_maps import read_label_map
from tfod_weights.runtime.sampling.image_labels import labels_reader
from tfod_weights.runtime.sampling.record_copies import RecordCopies, plan_records
from tfod_weights.sampling import ClassSampling
from tfod_weights.sampling.class_sampling import sampling_from_message

Tensor = Any
Dataset = Any
ReadFile = Callable[..., Dataset]

_AT_ONCE = 8
_ANY = 2**31 - 1  # class_ids, where nobody says how many classes there are


class _Training(NamedTuple):
    """What a training input depends on beside its own settings."""

    num_classes: Optional[int] = None
    merge_multiple_label_boxes: bool = False


_training: ContextVar[Optional[_Training]] = ContextVar("training", default=None)


@contextmanager
def training_for(num_classes: int, *, merge_multiple_label_boxes: bool) -> Iterator[None]:
    """In its body, TFOD builds a training input.

    Args:
        num_classes: The model's.
        merge_multiple_label_boxes: train_config's.
    """
    token = _training.set(_Training(num_classes, merge_multiple_label_boxes))
    try:
        yield
    finally:
        _training.reset(token)


def patch_dataset_builder(dataset_builder: ModuleType) -> None:
    """Wrap `read_dataset`: what it reads goes on to TFOD's shuffle, so that copies spread out."""
    module: Any = dataset_builder
    stock = module.read_dataset

    @functools.wraps(stock)
    def read_dataset(
        file_read_func: ReadFile, input_files: Any, config: Any, filename_shard_fn: Any = None
    ) -> Dataset:
        """Read a dataset.

        Raises:
            ConfigError: images cannot be drawn as the config says.
        """
        if not config.HasField(CLASS_SAMPLING):
            return stock(file_read_func, input_files, config, filename_shard_fn)
        sampling = sampling_from_message(getattr(config, CLASS_SAMPLING))
        plan = _planned(sampling, input_files, config)
        return stock(
            _sampled(file_read_func, plan),
            input_files,
            config,
            _with_pass_seeds(filename_shard_fn, sampling.seed),
        )

    module.read_dataset = read_dataset


def _planned(sampling: ClassSampling, input_files: Sequence[str], config: Any) -> RecordCopies:
    label_map = read_label_map(config.label_map_path) if config.label_map_path else None
    num_classes, merges = _training.get() or _Training()
    for fault in sampling.faults(num_classes):
        raise ConfigError(f"train_input_reader.{CLASS_SAMPLING}: {fault.problem}", help=fault.help)
    if num_classes is None:
        num_classes = len(sampling.class_weights) or (label_map.max_id if label_map else _ANY)
    labels = labels_reader(
        label_map,
        num_classes,
        config.max_number_of_boxes,
        expand_labels_hierarchy=config.expand_labels_hierarchy,
        merge_multiple_label_boxes=merges,
    )
    files = _files(input_files, config.sample_from_datasets_weights)
    logging.info("class_sampling: reading the labels of %d record files", len(files))
    with tf.init_scope():
        if not tf.executing_eagerly():
            raise ConfigError(
                f"{CLASS_SAMPLING} needs TensorFlow 2: it reads the labels before training"
            )
        return plan_records(sampling, labels, files)


def _files(input_files: Sequence[str], sample_weights: Sequence[float]) -> list[str]:
    """The files that TFOD reads; an input with the sample weight 0 is none of them."""
    weights = list(sample_weights) or [1.0] * len(input_files)
    patterns = [pattern for pattern, weight in zip(input_files, weights) if weight]
    return [file for pattern in patterns for file in sorted(tf.io.gfile.glob(pattern))]


def _with_pass_seeds(shard: Optional[Callable[[Dataset], Dataset]], seed: int) -> Any:
    """Pair the file names of every pass over the records with a random number of that pass."""

    def with_pass_seeds(names: Dataset) -> Dataset:
        if shard is not None:
            names = shard(names)
        seeds = tf.data.Dataset.random(seed=seed, rerandomize_each_iteration=True).take(1)
        of_the_pass = seeds.flat_map(lambda one: tf.data.Dataset.from_tensors(one).repeat())
        return tf.data.Dataset.zip((names, of_the_pass))

    return with_pass_seeds


def _sampled(read_file: ReadFile, plan: RecordCopies) -> ReadFile:
    """Read a file, each record so often that its expectation is its expected copies.

    Whether a record is rounded up or down depends only on the seed, the pass, the file and the
    place in it: not on the order in which TFOD's readers come to it.
    """

    def read(name: Tensor, pass_seed: Tensor) -> Dataset:
        expected = plan.of_file(name)
        seed = tf.stack([pass_seed, tf.strings.to_hash_bucket_fast(name, tf.int64.max)])
        uniform = tf.random.stateless_uniform(tf.shape(expected), seed, dtype=tf.float64)
        copies = tf.cast(tf.floor(expected + uniform), tf.int32)
        records = tf.data.Dataset.zip((read_file(name), tf.data.Dataset.from_tensor_slices(copies)))
        # A few at once: a function call for each record would cost more than reading it.
        return records.batch(_AT_ONCE).map(tf.repeat).unbatch()

    return read
