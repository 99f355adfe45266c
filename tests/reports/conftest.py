"""Data sets that the tests of reports share; written once, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.reports.made_up import AWKWARD, class_names, write_data, write_metrics
from tfod_weights import Report, report_config


@dataclass(frozen=True)
class MadeUp:
    """A data set.

    Attributes:
        config: Its config, with class weights.
        metrics: Of two models on the same images.
        names: Of its classes.
        report: On all of it.
    """

    config: Path
    metrics: tuple[Path, Path]
    names: list[str]
    report: Report


def _made_up(folder: Path, names: list[str]) -> MadeUp:
    pytest.importorskip("matplotlib", reason="pip install 'tfod-weights[plot]'")
    pytest.importorskip("pycocotools", reason="pip install 'tfod-weights[metrics]'")
    config = write_data(folder, names)
    before = write_metrics(folder / "before.json", names, quality=0.5)
    after = write_metrics(folder / "after.json", names, quality=0.7, seed=1)
    report = report_config(config, (before, after))
    return MadeUp(config, (before, after), names, report)


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> MadeUp:
    """Six classes with names that need escaping."""
    return _made_up(tmp_path_factory.mktemp("few"), list(AWKWARD))


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> MadeUp:
    """601 classes, some with long names."""
    return _made_up(tmp_path_factory.mktemp("many"), class_names(601))
