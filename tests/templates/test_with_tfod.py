"""Every template is a config that the real TFOD reads, builds and trains."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path

import pytest
from google.protobuf import descriptor_pool, message_factory, text_format

from tests.templates.training import built, parsed, small_config, training_step
from tfod_weights.generating import CHECKPOINT_TYPES, templates
from tfod_weights.schema.installed import installed_files
from tfod_weights.schema.table import PACKAGE, merged_file

np = pytest.importorskip("numpy")

ALL = list(templates())

# What is trained for a step, at about the smallest size that the architecture takes: one of
# every file. The others are these with another backbone, and only built.
TRAINED = {
    "ssd-tiny": 96,
    "ssd-mobilenet-v2": 96,
    "ssd-mobilenet-v2-fpnlite": 64,
    "retinanet-resnet50": 160,
    "efficientdet-d0": 256,
    "faster-rcnn-resnet50": 64,
    "mask-rcnn-resnet50": 64,
    "centernet-resnet50": 64,
    "centernet-hourglass104": 128,
}
# Between D3 and D7, which are built; these three take half a minute.
NOT_BUILT = {"efficientdet-d4", "efficientdet-d5", "efficientdet-d6"}


def stock_pipeline():
    """An empty TrainEvalPipelineConfig of the installed TFOD, without our fields."""
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(merged_file(installed_files()).SerializeToString())
    descriptor = pool.FindMessageTypeByName(f"{PACKAGE}.TrainEvalPipelineConfig")
    return message_factory.GetMessageClass(descriptor)()


@pytest.mark.parametrize("template", ALL)
def test_stock_tfod_reads_it_without_weights(template: str, tmp_path: Path) -> None:
    message = text_format.Merge(small_config(template, tmp_path, weighted=False), stock_pipeline())
    assert message.IsInitialized()
    with pytest.raises(text_format.ParseError, match="class_weights"):
        text_format.Merge(small_config(template, tmp_path), stock_pipeline())


@pytest.mark.parametrize("template", ALL)
def test_the_settings_are_what_tfod_will_use(template: str, tmp_path: Path) -> None:
    config = parsed(small_config(template, tmp_path, batch_size=2, steps=100))
    train, evaluation = config.train_config, config.eval_config
    assert (train.batch_size, train.num_steps, train.use_bfloat16) == (2, 100, False)
    assert train.max_number_of_boxes == 100
    assert train.fine_tune_checkpoint == ""
    assert "coco_detection_metrics" in evaluation.metrics_set
    assert (evaluation.batch_size, evaluation.use_moving_averages) == (1, False)
    assert not config.eval_input_reader[0].shuffle
    augmentation = [o.WhichOneof("preprocessing_step") for o in train.data_augmentation_options]
    assert augmentation[0] == "random_horizontal_flip"


@pytest.mark.parametrize("template", ALL)
def test_tfod_has_its_feature_extractor(template: str, tmp_path: Path) -> None:
    from object_detection.builders import model_builder

    model = parsed(small_config(template, tmp_path)).model
    extractor = getattr(model, model.WhichOneof("model")).feature_extractor.type
    assert any(extractor in known for known in model_builder.FEATURE_EXTRACTOR_MAPS)


@pytest.mark.parametrize("template", ALL)
def test_tfod_builds_its_optimizer(template: str, tmp_path: Path) -> None:
    from object_detection.builders import optimizer_builder

    config = parsed(small_config(template, tmp_path, steps=1000, learning_rate=0.5))
    step = np.array(0, np.int64)
    _, (rate,) = optimizer_builder.build_optimizers_tf_v2(config.train_config.optimizer, step)
    chosen = templates()[template]
    first = 0.5 * chosen.warmup_learning_rate / chosen.learning_rate
    assert float(rate()) == pytest.approx(first, rel=1e-5)
    step += int(chosen.warmup_share * 1000)
    assert float(rate()) == pytest.approx(0.5)
    step[...] = 1000
    assert float(rate()) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("template", [name for name in ALL if name not in {*TRAINED, *NOT_BUILT}])
def test_tfod_builds_it(template: str, tmp_path: Path) -> None:
    assert built(parsed(small_config(template, tmp_path))).num_classes == 3


@pytest.mark.parametrize("template, size", TRAINED.items())
def test_a_training_step(template: str, size: int, tmp_path: Path) -> None:
    config = parsed(small_config(template, tmp_path, image_size=size, batch_size=1))
    step = training_step(config)
    assert all(map(math.isfinite, step.losses.values())), step.losses
    assert step.losses["Loss/total_loss"] > 0
    norms = [0.0 if g is None else float(np.linalg.norm(g)) for g in step.gradients]
    assert all(map(math.isfinite, norms))
    assert sum(norm > 0 for norm in norms) > 0.75 * len(norms)
    assert restorable(step.model) == set(templates()[template].checkpoint_types)


def restorable(model) -> set[str]:
    """The types of checkpoints that a model can start from."""
    types = set()
    for kind in CHECKPOINT_TYPES:
        with contextlib.suppress(NotImplementedError, AttributeError):
            assert model.restore_from_objects(kind)
            types.add(kind)
    return types


def test_the_trained_ones_are_of_every_file() -> None:
    files = {template.path for template in templates().values()}
    assert {templates()[name].path for name in TRAINED} == files
