"""enable(): what it needs, what it says when that is missing, and Keras."""

from __future__ import annotations

import pytest

from tests.runtime import fake_tfod
from tests.runtime.processes import Ended, run

_ENABLE = (
    "import os, sys, tfod_weights\n"
    "try: tfod_weights.enable(); print('Keras', os.environ.get('TF_USE_LEGACY_KERAS'))\n"
    "except tfod_weights.TfodWeightsError as error: print(error)\n"
)


def _hidden(*names: str) -> str:
    """A program's first lines that make modules impossible to find."""
    return "import sys\n" + "".join(f"sys.modules[{name!r}] = None\n" for name in names)


def _enable(folder, before: str = "", **environment: str) -> Ended:
    return run("-c", before + _ENABLE, python_path=folder, **environment)


def test_activation_imports_nothing_heavy(tmp_path) -> None:
    fake_tfod.write_tfod(tmp_path)
    ended = run(
        "-c",
        "import sys, tfod_weights; tfod_weights.enable(); print(*sys.modules)",
        python_path=tmp_path,
    )
    loaded = set(ended.out.split())
    assert "tfod_weights.runtime.grafted_protos" in loaded, ended.err
    assert not loaded & {"tensorflow", "object_detection", "numpy", "PIL"}


@pytest.mark.parametrize("name", ["object_detection", "tensorflow"])
def test_tfod_or_tensorflow_is_missing(name, tmp_path) -> None:
    fake_tfod.write_tfod(tmp_path)
    ended = _enable(tmp_path, _hidden(name))
    said = {"object_detection": "TFOD (object_detection)", "tensorflow": "TensorFlow"}[name]
    assert ended.out == (f"{said} is not installed\nhelp: pip install 'tfod-weights[tfod]'\n"), (
        ended.err
    )


def test_protos_are_not_compiled(tmp_path) -> None:
    fake_tfod.write_uncompiled_tfod(tmp_path)
    ended = _enable(tmp_path)
    assert ended.out == (
        f"the protos of the TFOD in {tmp_path} are not compiled\n"
        f"help: cd {tmp_path} && protoc object_detection/protos/*.proto --python_out=.\n"
    ), ended.err


# -- Keras ------------------------------------------------------------------------------------


@pytest.fixture
def new_tensorflow(tmp_path):
    fake_tfod.write_tfod(tmp_path)
    fake_tfod.write_tensorflow(tmp_path, "2.20.0")
    return tmp_path


@pytest.mark.parametrize("setting", ["", "0", "1"])
def test_keras_2_is_chosen_before_tensorflow_is_imported(setting, new_tensorflow) -> None:
    before = f"import os; os.environ['TF_USE_LEGACY_KERAS'] = {setting!r}\n" if setting else ""
    assert _enable(new_tensorflow, before).out == "Keras 1\n"


def test_tensorflow_before_keras_3_is_left_alone(tmp_path) -> None:
    fake_tfod.write_tfod(tmp_path)
    fake_tfod.write_tensorflow(tmp_path, "2.15.1")
    assert _enable(tmp_path, _hidden("tf_keras")).out == "Keras None\n"


def test_tf_keras_is_missing(new_tensorflow) -> None:
    assert _enable(new_tensorflow, _hidden("tf_keras")).out == (
        "TFOD needs Keras 2, and TensorFlow 2.20 comes with Keras 3\n"
        "help: pip install 'tf-keras==2.20.*'\n"
    )


def test_tensorflow_was_imported_with_keras_3(new_tensorflow) -> None:
    assert _enable(new_tensorflow, "import tensorflow\n").out == (
        "TFOD needs Keras 2, and TensorFlow was already imported with Keras 3\n"
        "help: call tfod_weights.enable() before importing tensorflow, or set"
        " TF_USE_LEGACY_KERAS=1\n"
    )


def test_tensorflow_was_imported_with_keras_2(new_tensorflow) -> None:
    before = "import os; os.environ['TF_USE_LEGACY_KERAS'] = '1'; import tensorflow\n"
    assert _enable(new_tensorflow, before).out == "Keras 1\n"


# -- what it says -----------------------------------------------------------------------------

_TALK = (
    "import logging, tfod_weights\n"
    "tfod_weights.enable({0}); tfod_weights.enable({0})\n"
    "from object_detection.protos import losses_pb2, pipeline_pb2\n"
    "assert not logging.root.handlers  # they belong to the program\n"
)
_LINES = (
    "tfod-weights: TF_USE_LEGACY_KERAS=1: tf.keras is Keras 2 (the package tf-keras)",
    "tfod-weights: TFOD's messages are built from their descriptors, class-weight fields included",
)


def test_silent_by_default(new_tensorflow) -> None:
    assert run("-c", _TALK.format(""), python_path=new_tensorflow) == Ended(0, "", "")


def test_verbose_says_each_change_once(new_tensorflow) -> None:
    ended = run("-c", _TALK.format("verbose=True"), python_path=new_tensorflow)
    said = [line.partition("] ")[2] for line in ended.err.splitlines()[1:]]  # absl adds one
    assert tuple(said) == _LINES


def test_absl_shows_it_at_its_verbose_level(new_tensorflow) -> None:
    program = "from absl import logging; logging.set_verbosity(1)\n" + _TALK.format("")
    ended = run("-c", program.partition("assert")[0], python_path=new_tensorflow)
    assert all(line in ended.err for line in _LINES)
