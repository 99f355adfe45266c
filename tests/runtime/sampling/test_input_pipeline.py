"""What TFOD's own input pipeline feeds a model with, against what is expected of it.

The bound of the statistical tests: of an image that is expected e times in a pass, floor(e) or
floor(e) + 1 copies come, so that the number of copies in P passes has the variance
P·f·(1 − f), f = e − floor(e), and images are independent. A sum over images stays within 4
standard deviations of its expectation with a probability of 99.994 %; seeds are fixed, so that
a test that passes once passes always.
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.tfod_imports import import_tfod
from tfod_weights.counting import labelled_records
from tfod_weights.errors import ConfigError, UsageError
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import patch_config
from tfod_weights.runtime.sampling.draw import draw_config
from tfod_weights.sampling import ClassSampling, CopyPlan, plan_copies
from tfod_weights.sampling.class_sampling import sampling_from_message

import_tfod()

import tensorflow as tf  # noqa: E402
from google.protobuf import text_format  # noqa: E402
from object_detection import inputs  # noqa: E402
from object_detection.builders import dataset_builder  # noqa: E402
from object_detection.protos import input_reader_pb2, model_pb2, train_pb2  # noqa: E402

PASSES = 10

BLOCKS = {
    "MEAN": "class_weights: [0.7, 2.5, 2.5]",
    "MAX": "class_weights: [0.7, 2.5, 3.5] aggregation: MAX background_weight: 0.5",
    "MEDIAN": "class_weights: [1, 9, 0] aggregation: MEDIAN",
    "SUM": "class_weights: [0.7, 2.5, 2.5] aggregation: SUM",
    "repeat factors": "repeat_factor_threshold: 0.9",
}


def input_config(folder: Path, block: str, more: str = "") -> Any:
    """A reader of the blood cells."""
    sampling = f"class_sampling {{ {block} }}" if block else ""
    text = f"""
      label_map_path: "{folder}/bccd/label_map.pbtxt"
      tf_record_input_reader {{ input_path: "{folder}/bccd/train.record-?????-of-00004" }}
      num_epochs: {PASSES} {more} {sampling}"""
    return text_format.Parse(text, input_reader_pb2.InputReader())


def serialized(config: Any, shard: Any = None) -> list[bytes]:
    """The records that TFOD's dataset builder hands to its decoder."""
    patterns = list(config.tf_record_input_reader.input_path)
    read = dataset_builder.read_dataset
    return [r.numpy() for r in read(tf.data.TFRecordDataset, patterns, config, shard)]


def files_of(folder: Path) -> list[str]:
    return sorted(str(path) for path in (folder / "bccd").glob("train.record-*"))


def plan_of(folder: Path, config: Any) -> tuple[CopyPlan, dict[bytes, tuple[int, ...]]]:
    """What is expected: by the Python side, which knows nothing of TensorFlow."""
    cells = LabelMap.load(folder / "bccd" / "label_map.pbtxt")
    classes = {}
    for file in files_of(folder):
        content = Path(file).read_bytes()
        for record in labelled_records([file], cells, num_classes=3):
            classes[content[record.start : record.stop]] = record.class_ids
    sampling = sampling_from_message(config.class_sampling)
    return plan_copies(sampling, classes.values()), classes


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS.keys())
def test_the_class_histogram_is_the_expected_one(shared_data: Path, block: str) -> None:
    config = input_config(shared_data, block, "num_readers: 3")
    plan, classes = plan_of(shared_data, config)
    copies = Counter(serialized(config))
    assert set(copies) <= set(classes)
    for record, class_ids in classes.items():
        expected = plan.copies(class_ids)
        assert PASSES * math.floor(expected) <= copies[record]
        assert copies[record] <= PASSES * math.ceil(expected)
    for class_id in (0, 1, 2, 3):  # 0: images, whatever is in them
        counted, expected, variance = 0.0, 0.0, 0.0
        for record, class_ids in classes.items():
            objects = class_ids.count(class_id) if class_id else 1
            fraction = plan.copies(class_ids) % 1
            counted += copies[record] * objects
            expected += PASSES * plan.copies(class_ids) * objects
            variance += PASSES * fraction * (1 - fraction) * objects**2
        assert abs(counted - expected) <= 4 * math.sqrt(variance), class_id


def test_it_differs_from_an_unsampled_pass(shared_data: Path) -> None:
    """So the test above can fail: without sampling every record comes once in a pass."""
    plan, classes = plan_of(shared_data, input_config(shared_data, BLOCKS["SUM"]))
    objects = sum(class_ids.count(3) for class_ids in classes.values())
    expected = sum(plan.copies(class_ids) * class_ids.count(3) for class_ids in classes.values())
    variance = sum(class_ids.count(3) ** 2 for class_ids in classes.values()) / 4
    assert abs(objects - expected) * PASSES > 4 * math.sqrt(PASSES * variance)
    copies = Counter(serialized(input_config(shared_data, "")))
    assert set(copies.values()) == {PASSES}


def test_a_seed_repeats_itself_whatever_the_order_of_reading(shared_data: Path) -> None:
    block = BLOCKS["MEAN"]
    one = Counter(serialized(input_config(shared_data, block, "num_readers: 1 shuffle: false")))
    many = Counter(serialized(input_config(shared_data, block, "num_readers: 4")))
    other = Counter(serialized(input_config(shared_data, f"{block} seed: 1", "num_readers: 4")))
    assert one == many
    assert one != other


def test_passes_differ_from_each_other(shared_data: Path) -> None:
    config = input_config(shared_data, BLOCKS["MEAN"])
    config.num_epochs = 1
    first = Counter(serialized(config))
    config.num_epochs = 2
    both = Counter(serialized(config))
    assert all(both[record] >= first[record] for record in first)
    assert both - first != first


def test_copies_are_shuffled_apart(shared_data: Path) -> None:
    records = serialized(input_config(shared_data, "repeat_factor_threshold: 1 sqrt: false"))
    neighbours = sum(one == other for one, other in zip(records, records[1:]))
    assert neighbours < len(records) / 50


def test_shards_of_the_files_are_read_once_each(shared_data: Path) -> None:
    """Two input pipelines, as two workers have them, together read what one reads."""
    config = input_config(shared_data, BLOCKS["SUM"])
    config.shuffle = False  # else each worker shuffles the names before it takes its share
    shards = [
        serialized(config, lambda names, index=index: names.shard(2, index)) for index in (0, 1)
    ]
    assert not set(shards[0]) & set(shards[1])
    assert Counter(shards[0] + shards[1]) == Counter(serialized(config))


def test_mixed_inputs_keep_their_shares(shared_data: Path) -> None:
    config = input_config(shared_data, BLOCKS["MEAN"])
    files = files_of(shared_data)
    config.tf_record_input_reader.input_path[:] = files[:3]
    config.sample_from_datasets_weights[:] = [3, 1, 0]
    config.num_epochs = 0  # for ever
    patterns = list(config.tf_record_input_reader.input_path)
    dataset = dataset_builder.read_dataset(tf.data.TFRecordDataset, patterns, config).take(4000)
    content = [Path(file).read_bytes() for file in files]
    of_file = Counter(
        next(i for i in range(4) if record.numpy() in content[i]) for record in dataset
    )
    assert of_file[2] == of_file[3] == 0
    assert abs(of_file[0] - 3000) < 4 * math.sqrt(4000 * 0.75 * 0.25)


# -- through TFOD's input functions -----------------------------------------------------------

MODEL = "ssd { num_classes: %d image_resizer { fixed_shape_resizer { height: 32 width: 32 } } }"


class Model:
    def preprocess(self, images: Any) -> Any:
        return tf.image.resize(images, (32, 32)), tf.constant([[32, 32, 3]])


def train_input(config: Any, num_classes: int = 3) -> Any:
    model = text_format.Parse(MODEL % num_classes, model_pb2.DetectionModel())
    return inputs.train_input(train_pb2.TrainConfig(batch_size=1), config, model, model=Model())


def test_a_training_input_is_sampled(shared_data: Path) -> None:
    config = input_config(shared_data, BLOCKS["SUM"])
    config.num_epochs = 2
    fed = sum(
        labels["groundtruth_classes"].numpy().sum(axis=(0, 1)) for _, labels in train_input(config)
    )
    config.num_epochs, expected = 2, Counter[int]()
    _, classes = plan_of(shared_data, config)
    for record in serialized(config):
        expected.update(classes[record])
    assert list(fed) == [expected[1], expected[2], expected[3]]


@pytest.mark.usefixtures("demo_folder")
def test_the_number_of_classes_is_forgotten(shared_data: Path) -> None:
    """Else the next reader, of another model, would be refused."""
    config = input_config(shared_data, BLOCKS["MEAN"])
    with pytest.raises(ConfigError, match="num_classes: 5"):
        train_input(config, num_classes=5)
    assert serialized(config)
    demo = Path("demo/pipeline.config")
    demo.write_text(demo.read_text().replace("num_classes: 3", "num_classes: 5"))
    weights = ClassSampling((1, 5, 9, 1, 1))
    patch_config(demo, None, losses="none", sampling=weights).write()
    assert draw_config(demo).drawn_images > 0
    assert serialized(config)


ERRORS = {
    "length": ("class_weights: [1, 2]", 3, "2 sampling weights for num_classes: 3"),
    "zeros": ("class_weights: [0, 0, 0]", 3, "all sampling weights are 0"),
    "threshold": ("repeat_factor_threshold: 3", 3, "repeat_factor_threshold is 3"),
    "nothing": ("seed: 3", 3, "neither"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_what_cannot_be_done_stops_before_training(shared_data: Path, name: str) -> None:
    block, num_classes, says = ERRORS[name]
    with pytest.raises(ConfigError, match=says):
        train_input(input_config(shared_data, block), num_classes)


def test_sequences_are_refused(shared_data: Path) -> None:
    config = input_config(shared_data, BLOCKS["MEAN"], "input_type: TF_SEQUENCE_EXAMPLE")
    with pytest.raises(UsageError, match="TF_SEQUENCE_EXAMPLE"):
        train_input(config)


def test_an_evaluation_input_is_never_sampled(shared_data: Path) -> None:
    from object_detection.protos import eval_pb2

    model = text_format.Parse(MODEL % 3, model_pb2.DetectionModel())
    with pytest.raises(ConfigError, match="evaluation must see every image once"):
        inputs.eval_input(
            eval_pb2.EvalConfig(), input_config(shared_data, BLOCKS["MEAN"]), model, model=Model()
        )
