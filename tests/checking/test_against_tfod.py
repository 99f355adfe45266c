"""What findings say of TFOD, seen in the real TFOD: it stops where an error says that it stops."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from tests.checking.cases import CASES
from tests.checking.making import CENTER_NET, CONFIG, FASTER_RCNN, model
from tests.tfod_imports import import_tfod

import_tfod()

import tensorflow as tf  # noqa: E402
from object_detection import eval_util, inputs  # noqa: E402
from object_detection.builders import model_builder, optimizer_builder  # noqa: E402
from object_detection.core import standard_fields  # noqa: E402
from object_detection.utils import config_util, label_map_util  # noqa: E402

pytestmark = pytest.mark.usefixtures("demo_folder")

Configs = dict[str, Any]


def build(configs: Configs) -> None:
    model_builder.build(configs["model"], is_training=True)


def optimize(configs: Configs) -> None:
    step = tf.Variable(0, dtype=tf.int64)
    _, (rate,) = optimizer_builder.build(configs["train_config"].optimizer, step)
    float(rate() if callable(rate) else rate)


def read(configs: Configs) -> None:
    """Every training image once, as training gets it."""
    for _ in training_batches(configs):
        pass


def training_batches(configs: Configs) -> Any:
    reader = configs["train_input_config"]
    reader.num_epochs, reader.drop_remainder = 1, False
    configs["train_config"].batch_size = 1

    class Model:
        def preprocess(self, images: Any) -> Any:
            return tf.image.resize(images, (96, 96)), tf.constant([[96, 96, 3]])

    settings = (configs["train_config"], reader, configs["model"])
    return inputs.train_input(*settings, model=Model())


def evaluate(configs: Configs) -> None:
    config = configs["eval_config"]
    path = configs["eval_input_configs"][0].label_map_path
    categories = label_map_util.create_category_index_from_labelmap(path)
    options = eval_util.evaluator_options_from_eval_config(config)
    eval_util.get_evaluators(config, list(categories.values()), options)


# stage -> the cases at which it stops
STOPS: dict[Callable[[Configs], None], tuple[str, ...]] = {
    build: (
        "slim extractor", "slim extractor without a twin", "mistyped extractor",
        "extractor of another model", "no extractor", "no box coder", "no similarity",
        "no anchors", "no resizer", "small maximum", "bipartite only", "few detections in all",
        "threshold in per cent", "few proposals", "no loss", "no loss of centres", "miner",
    ),
    optimize: (
        "no optimizer", "empty optimizer", "learning rate of nothing", "short schedule",
        "default warm-up", "hot warm-up", "empty steps", "step 0", "steps in disorder",
    ),
    read: (
        "pad to multiple", "label map path", "label map syntax", "label map empty", "id 0",
        "negative id", "no input path", "no match", "damaged", "no such type",
        "sequences without names", "three weights", "negative sample weight",
        "sample weights of 0", "inverted", "no image", "empty image", "images", "a TIFF", "a GIF",
        "raw",
    ),
    evaluate: ("no label map of evaluation", "label map empty", "mistyped metrics"),
}  # fmt: skip


@pytest.mark.parametrize("stage", STOPS, ids=lambda stage: stage.__name__)
def test_the_demonstration_passes(stage: Callable[[Configs], None]) -> None:
    stage(config_util.get_configs_from_pipeline_file(CONFIG))


@pytest.mark.parametrize("text", [FASTER_RCNN, CENTER_NET], ids=["faster_rcnn", "center_net"])
def test_the_other_models_are_built(text: str) -> None:
    model(text)()
    build(config_util.get_configs_from_pipeline_file(CONFIG))


@pytest.mark.parametrize(
    "stage, name",
    [pytest.param(stage, name, id=name) for stage, names in STOPS.items() for name in names],
)
def test_tfod_stops(stage: Callable[[Configs], None], name: str) -> None:
    CASES[name].make()
    configs = config_util.get_configs_from_pipeline_file(CONFIG)
    with pytest.raises(Exception):  # noqa: B017 - of every kind
        stage(configs)


def boxes_read() -> int:
    configs = config_util.get_configs_from_pipeline_file(CONFIG)
    key = standard_fields.InputDataFields.num_groundtruth_boxes
    return sum(int(tf.reduce_sum(labels[key])) for _, labels in training_batches(configs))


# case -> how many boxes of its one image TFOD trains on
KEPT = {"text": 0, "nan": 0, "many boxes": 20, "wrong size": 1}


@pytest.mark.parametrize("name", KEPT)
def test_tfod_drops_boxes_without_a_word(name: str) -> None:
    CASES["wrong size"].make()
    others = boxes_read() - 1
    CASES[name].make()
    assert boxes_read() - others == KEPT[name]


def test_tfod_reads_the_limit_in_the_input_reader() -> None:
    CASES["many boxes"].make()
    cut = boxes_read()
    CASES["boxes in the wrong place"].make()
    assert boxes_read() == cut
