"""How often records are read: counted once, and once more, with progress, for class sampling."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import pytest

from tfod_weights.checking import check_config
from tfod_weights.counting import Progress
from tfod_weights.forecast import forecast_config
from tfod_weights.pipeline import patch_config
from tfod_weights.pipeline.patch import PatchOptions
from tfod_weights.resample import resample_config
from tfod_weights.sampling import ClassSampling
from tfod_weights.weigh_config import patch_from_records

CONFIG = "demo/pipeline.config"
MEAN = ClassSampling()


def patch(sampling: Any, progress: Progress) -> Any:
    return patch_from_records(CONFIG, PatchOptions(), sampling=sampling, progress=progress)


def resample(sampling: Any, progress: Progress) -> Any:
    return resample_config(CONFIG, "new", sampling=sampling, progress=progress)


def check(sampling: Any, progress: Progress) -> Any:
    return check_config(CONFIG, progress=progress)


def forecast(sampling: Any, progress: Progress) -> Any:
    return forecast_config(CONFIG, progress=progress)


@pytest.mark.usefixtures("demo_folder")
@pytest.mark.parametrize(
    ("read", "sampling", "is_sampled", "times"),
    [
        (patch, None, False, 1),
        (patch, MEAN, False, 2),
        (resample, MEAN, False, 1),
        (resample, None, True, 1),
        (check, None, False, 1),
        (check, None, True, 2),
        (forecast, None, False, 1),
        (forecast, None, True, 2),
    ],
)
def test_how_often_the_records_are_read(
    read: Callable[..., Any], sampling: Any, is_sampled: bool, times: int
) -> None:
    if is_sampled:
        patch_config(CONFIG, [1, 2, 3], sampling=ClassSampling((1, 4, 9))).write()
    readings = []
    read(sampling, lambda done, total: readings.append(total) if done == total else None)
    assert readings.count(size("train")) == times
    assert readings.count(size("val")) == (1 if read is check else 0)
    assert set(readings) <= {size("train"), size("val")}


def size(name: str) -> int:
    return sum(path.stat().st_size for path in Path("demo/data").glob(f"{name}.record-*"))
