"""Running TFOD's own input pipeline to see what it draws."""

from __future__ import annotations

from collections import Counter
from typing import Optional

from tfod_weights.count_config import config_label_map, count_config, count_drawn
from tfod_weights.counting import Progress
from tfod_weights.errors import UsageError
from tfod_weights.files import StrPath
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.sampling.result import DrawnClasses, compare_drawn


def draw_config(
    path: StrPath,
    *,
    passes: int = 1,
    label_map: Optional[StrPath] = None,
    progress: Optional[Progress] = None,
) -> DrawnClasses:
    """Read the training records of a config as TFOD's dataset builder does, and count.

    Everything but decoding the images and what comes after it.

    Args:
        path: The config.
        passes: How often TFOD reads every file.
        label_map: Instead of the one that the config names.
        progress: Called with (images drawn, images expected).

    Raises:
        TfodWeightsError: the config, its label map or its records cannot be used.
    """
    if passes < 1:
        raise UsageError(f"{passes} passes: there must be at least one")
    config = PipelineConfig.load(path)
    config.require_valid()
    reader = config.require_train_input()
    labels = config_label_map(config, label_map)
    counts = count_config(config, labels)
    expected = count_drawn(config, labels, counts, reader.class_sampling)
    objects, images = _drawn(config, label_map, passes, counts.images, progress)
    shares = {row.class_id: row.effective_objects for row in expected.classes}
    return compare_drawn(counts, shares, objects, images, passes)


def _drawn(
    config: PipelineConfig,
    label_map: Optional[StrPath],
    passes: int,
    images_in_records: int,
    progress: Optional[Progress],
) -> tuple[Counter[int], int]:
    """class_id -> objects drawn, and the number of images drawn."""
    import tensorflow as tf
    from google.protobuf import text_format
    from object_detection.builders import dataset_builder
    from object_detection.protos import pipeline_pb2

    from tfod_weights.runtime.label_maps import read_label_map
    from tfod_weights.runtime.sampling.image_labels import labels_reader
    from tfod_weights.runtime.sampling.record_readers import training_for

    pipeline = pipeline_pb2.TrainEvalPipelineConfig()
    text_format.Merge(config.text, pipeline)  # as TFOD does: Parse refuses a second loss
    reader = pipeline.train_input_reader
    reader.num_epochs = passes
    reader.label_map_path = str(label_map or reader.label_map_path)
    known = read_label_map(reader.label_map_path) if reader.label_map_path else None
    merges = config.merge_multiple_label_boxes
    labels = labels_reader(
        known,
        config.num_classes,
        reader.max_number_of_boxes,
        expand_labels_hierarchy=reader.expand_labels_hierarchy,
        merge_multiple_label_boxes=merges,
    )
    patterns = list(reader.tf_record_input_reader.input_path)
    with training_for(config.num_classes, merge_multiple_label_boxes=merges):
        dataset = dataset_builder.read_dataset(tf.data.TFRecordDataset, patterns, reader)
    if reader.sample_from_datasets_weights:
        dataset = dataset.take(passes * images_in_records)
    objects, images = Counter[int](), 0
    for class_ids in dataset.map(labels, tf.data.AUTOTUNE):
        objects.update(class_ids.numpy().tolist())
        images += 1
        if progress:
            progress(min(images, passes * images_in_records), passes * images_in_records)
    return objects, images
