"""What all tests share."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from tfod_weights.demo import write_demo

settings.register_profile("default", deadline=None, max_examples=100)
settings.register_profile("thorough", deadline=None, max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

REPOSITORY = Path(__file__).resolve().parent.parent


# Files that take minutes, the longest first: none is left over for one worker at the end.
_LONG = (
    "test_tfods_own_tests.py",
    "test_architectures.py",
    "test_real_tfod.py",
    "test_quickstart.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests; those of a file stay together, in their order."""
    items.sort(key=lambda item: [item.path.name != name for name in _LONG])


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data beside the checkout; tests that need it are skipped where it is not."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real data set is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def drawn_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration data, drawn once; its config names `demo/data`."""
    folder = tmp_path_factory.mktemp("drawn")
    before = Path.cwd()
    os.chdir(folder)
    try:
        write_demo("demo")
    finally:
        os.chdir(before)
    return folder / "demo"


@pytest.fixture
def demo_folder(drawn_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demonstration data in `demo`, below the current folder."""
    shutil.copytree(drawn_demo, tmp_path / "demo")
    monkeypatch.chdir(tmp_path)
    return Path("demo")
