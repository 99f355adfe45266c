"""TFOD's `_pb2` modules, of any generation of protoc, with our fields."""

from __future__ import annotations

import pytest

from tests.runtime import fake_tfod
from tests.runtime.processes import needs_tfod, run

GENERATIONS = (
    fake_tfod.as_protoc_3_6,
    fake_tfod.as_protoc_3_19,
    fake_tfod.as_protoc_since_3_20,
)

_PARSES = """
import tfod_weights
tfod_weights.enable()
from google.protobuf import text_format
from object_detection.protos import notes_pb2, pipeline_pb2
config = text_format.Parse('''
    model { ssd { num_classes: 2 loss {
      classification_loss { weighted_sigmoid_focal {
        gamma: 2 class_weights: [0.5, 3] background_weight: 0.25 class_weight_mode: CLASS_COLUMN
      } }
      localization_loss { weighted_smooth_l1 { class_weights: 1 class_weights: 2 } }
    } } }''', pipeline_pb2.TrainEvalPipelineConfig())
focal = config.model.ssd.loss.classification_loss.weighted_sigmoid_focal
from object_detection.protos import losses_pb2
assert list(focal.class_weights) == [0.5, 3], focal
assert focal.class_weight_mode == losses_pb2.CLASS_COLUMN == 2
assert type(focal) is losses_pb2.SigmoidFocalClassificationLoss
assert losses_pb2.WeightedSigmoidClassificationLoss().background_weight == 1
assert notes_pb2.NOTE == 'no descriptor in here'
again = pipeline_pb2.TrainEvalPipelineConfig.FromString(config.SerializeToString())
assert again == config
print('parsed')
"""


@pytest.mark.parametrize("generated", GENERATIONS)
def test_every_generation_of_protoc(generated, tmp_path) -> None:
    fake_tfod.write_tfod(tmp_path, generated)
    ended = run("-c", _PARSES, python_path=tmp_path)
    assert ended.out == "parsed\n", ended.err


def test_protobuf_in_pure_python(tmp_path) -> None:
    fake_tfod.write_tfod(tmp_path)
    ended = run(
        "-c", _PARSES, python_path=tmp_path, PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION="python"
    )
    assert ended.out == "parsed\n", ended.err


def test_reloading_a_module_keeps_it(tmp_path) -> None:
    fake_tfod.write_tfod(tmp_path)
    program = (
        "import importlib, inspect, tfod_weights\n"
        "tfod_weights.enable(); tfod_weights.enable()\n"
        "from object_detection.protos import losses_pb2\n"
        "before = losses_pb2.Loss\n"
        "importlib.reload(losses_pb2)\n"
        "assert losses_pb2.Loss().DESCRIPTOR is before.DESCRIPTOR\n"
        "assert 'AddSerializedFile' in inspect.getsource(losses_pb2)\n"
        "print(losses_pb2.Loss.__module__, losses_pb2.__name__)"
    )
    ended = run("-c", program, python_path=tmp_path)
    assert ended.out == "object_detection.protos.losses_pb2 object_detection.protos.losses_pb2\n", (
        ended.err
    )


# -- too early --------------------------------------------------------------------------------


def test_imported_too_early_by_a_module(tmp_path) -> None:
    fake_tfod.write_tfod(tmp_path)
    (tmp_path / "my_training.py").write_text("from object_detection.protos import losses_pb2\n")
    ended = run(
        "-c",
        "import my_training, tfod_weights\n"
        "try: tfod_weights.enable()\n"
        "except tfod_weights.TfodWeightsError as error: print(error)",
        python_path=tmp_path,
    )
    assert ended.out == (
        "object_detection.protos.losses_pb2 was imported before tfod-weights was active"
        " by my_training\n"
        "help: call tfod_weights.enable() before importing object_detection, or start through"
        " `tfod-weights run`\n"
    ), ended.err


def test_imported_too_early_by_one_function_of_it(tmp_path) -> None:
    fake_tfod.write_tfod(tmp_path)
    utilities = tmp_path / "object_detection" / "utilities.py"
    utilities.write_text("from object_detection.protos import losses_pb2\ndef load(): pass\n")
    ended = run(
        "-c",
        "from object_detection.utilities import load\nimport tfod_weights\ntfod_weights.enable()",
        python_path=tmp_path,
    )
    assert "was imported before tfod-weights was active by __main__" in ended.err


def test_imported_too_early_by_tfod_itself(tmp_path) -> None:
    fake_tfod.write_tfod(tmp_path)
    utilities = tmp_path / "object_detection" / "utilities.py"
    utilities.write_text("from object_detection.protos import losses_pb2\n")
    ended = run(
        "-c",
        "__import__('object_detection.utilities')\nimport tfod_weights\ntfod_weights.enable()",
        python_path=tmp_path,
    )
    assert "tfod-weights was active by object_detection.utilities\n" in ended.err


def test_a_stock_import_that_failed(tmp_path) -> None:
    fake_tfod.write_tfod(tmp_path, fake_tfod.as_protoc_3_19)
    ended = run(
        "-c",
        "import tfod_weights\n"
        "try: from object_detection.protos import losses_pb2\n"
        "except TypeError: tfod_weights.enable()\n"
        "from object_detection.protos import losses_pb2",
        python_path=tmp_path,
    )
    assert ended.err.endswith(
        "TfodWeightsError: an import of object_detection.protos.losses_pb2 before tfod-weights was"
        " active has left its messages in protobuf\n"
        "help: start Python again and call tfod_weights.enable() before importing"
        " object_detection, or start through `tfod-weights run`\n"
    )


# -- the real TFOD ------------------------------------------------------------------------------

_REAL = """
import importlib, pkgutil, tfod_weights
tfod_weights.enable()
from object_detection import protos
files = {}
for found in pkgutil.iter_modules(protos.__path__):
    module = importlib.import_module(f'object_detection.protos.{found.name}')
    for name, message in module.DESCRIPTOR.message_types_by_name.items():
        assert getattr(module, name).DESCRIPTOR is message, name
    for enum in module.DESCRIPTOR.enum_types_by_name.values():
        assert getattr(module, enum.name).DESCRIPTOR is enum
        assert all(getattr(module, value.name) == value.number for value in enum.values)
from object_detection.protos import (
    faster_rcnn_pb2, input_reader_pb2, losses_pb2, pipeline_pb2, preprocessor_pb2)
assert losses_pb2.HardExampleMiner.BOTH == losses_pb2.HardExampleMiner.LossType.Value('BOTH')
assert losses_pb2.Loss.EXPECTED_SAMPLING == 1
assert input_reader_pb2.TF_SEQUENCE_EXAMPLE == 2
assert preprocessor_pb2.RandomRotation90().probability == 0.5
for wrapper in (losses_pb2.ClassificationLoss, losses_pb2.LocalizationLoss):
    for member in wrapper.DESCRIPTOR.fields:
        assert 'class_weights' in member.message_type.fields_by_name, member.name
assert faster_rcnn_pb2.FasterRcnn(second_stage_localization_class_weights=[1, 2])
from tfod_weights.schema import tfod_schema
assert tfod_schema().is_installed
print(losses_pb2.DESCRIPTOR.name, pipeline_pb2.TrainEvalPipelineConfig.__qualname__)
"""


@needs_tfod
@pytest.mark.parametrize("implementation", ["upb", "python"])
def test_all_protos_of_the_installed_tfod(implementation) -> None:
    ended = run("-c", _REAL, PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION=implementation)
    assert ended.out == ("object_detection/protos/losses.proto TrainEvalPipelineConfig\n"), (
        ended.err
    )
