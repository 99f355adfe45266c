"""Starting must cost next to nothing: what a fresh process loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    "tensorflow",
    "object_detection",
    "numpy",
    "matplotlib",
    "apache_beam",
    "rich",
    "google.protobuf",
)


def _loaded_by(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import tfod_weights",
        "import tfod_weights.cli",
        "from tfod_weights.cli.main import parser; parser().format_help()",
    ],
)
def test_neither_import_nor_help_loads_anything_heavy(code: str) -> None:
    assert not _loaded_by(code).intersection(HEAVY)


def test_the_public_functions_load_neither_tensorflow_nor_numpy() -> None:
    loaded = _loaded_by(
        "import tfod_weights\nfor n in tfod_weights.__all__: getattr(tfod_weights, n)"
    )
    assert not loaded.intersection(HEAVY[:5])


def test_counting_does_not_load_protobuf() -> None:
    assert "google.protobuf" not in _loaded_by("import tfod_weights.counting")
