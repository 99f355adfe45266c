"""The tables about TensorFlow 1 and 2 against the source of the installed TFOD."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from tfod_weights.migration.extractors import WITH_KERAS_TWIN, WITHOUT_TWIN

_MAP = re.compile(r"^  (\w+_MAP) = \{\n(.*?)^  \}", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def names() -> dict[bool, set[str]]:
    """Whether it is TensorFlow 2 → the SSD and Faster R-CNN feature extractors that TFOD has."""
    spec = importlib.util.find_spec("object_detection")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders:
        pytest.skip("TFOD is not installed")
    source = (Path(folders[0]) / "builders" / "model_builder.py").read_text()
    found: dict[bool, set[str]] = {False: set(), True: set()}
    for name, rows in _MAP.findall(source):
        if "CENTER_NET" not in name:
            found["KERAS" in name] |= set(re.findall(r"'([\w-]+)':", rows))
    return found


def test_everything_of_tensorflow_1_is_known(names: dict[bool, set[str]]) -> None:
    assert names[False] == WITH_KERAS_TWIN | WITHOUT_TWIN


def test_twins_are_of_tensorflow_2(names: dict[bool, set[str]]) -> None:
    twins = {f"{name}_keras" for name in names[False]} & names[True]
    assert twins == {f"{name}_keras" for name in WITH_KERAS_TWIN}
