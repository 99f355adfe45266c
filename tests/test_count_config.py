"""What of a config decides how its records count, and how often they are read: counted once,
and once more, with progress, for class sampling.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import pytest

from tfod_weights.checking import check_config
from tfod_weights.count_config import config_label_map, count_config, labelled_reader
from tfod_weights.counting import Progress
from tfod_weights.errors import LabelMapError
from tfod_weights.forecast import forecast_config
from tfod_weights.pipeline import PipelineConfig, patch_config
from tfod_weights.pipeline.patch import PatchOptions
from tfod_weights.resample import resample_config
from tfod_weights.sampling import ClassSampling
from tfod_weights.weigh_config import patch_from_records

CONFIG = "demo/pipeline.config"
LABEL_MAP = "demo/data/label_map.pbtxt"
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


def rewrite(path: str, old: str, new: str) -> None:
    text = Path(path).read_text()
    assert old in text
    Path(path).write_text(text.replace(old, new, 1))


def objects(config: PipelineConfig) -> dict[str, int]:
    """What counting finds, and reading record by record, too."""
    label_map = config_label_map(config)
    counts = count_config(config, label_map)
    records = list(labelled_reader(config, label_map)(counts.files))
    for row in counts.classes:
        assert sum(record.class_ids.count(row.class_id) for record in records) == row.objects
    return {row.name: row.objects for row in counts.classes}


@pytest.mark.usefixtures("demo_folder")
def test_ancestors_count_where_the_input_reader_says_so() -> None:
    before = objects(PipelineConfig.load(CONFIG))
    rewrite(LABEL_MAP, "id: 2", "id: 2 ancestor_ids: 3")
    assert objects(PipelineConfig.load(CONFIG)) == before
    rewrite(CONFIG, "train_input_reader {", "train_input_reader { expand_labels_hierarchy: true")
    with_ancestors = {**before, "triangle": before["triangle"] + before["square"]}
    assert objects(PipelineConfig.load(CONFIG)) == with_ancestors


@pytest.mark.usefixtures("demo_folder")
def test_equal_boxes_count_once_where_train_config_says_so() -> None:
    rewrite(CONFIG, "train_input_reader {", "train_input_reader { expand_labels_hierarchy: true")
    rewrite(CONFIG, "  max_number_of_boxes: 20", "  max_number_of_boxes: 3")
    rewrite(LABEL_MAP, "id: 1", "id: 1 ancestor_ids: [2, 3]")
    apart = objects(PipelineConfig.load(CONFIG))
    rewrite(CONFIG, "train_config {", "train_config { merge_multiple_label_boxes: true")
    as_one = objects(PipelineConfig.load(CONFIG))
    assert all(as_one[name] > apart[name] for name in apart)


@pytest.mark.usefixtures("demo_folder")
def test_nothing_to_expand_by() -> None:
    reader = "train_input_reader { expand_labels_hierarchy: true"
    rewrite(CONFIG, "train_input_reader {", reader)
    rewrite(CONFIG, f'label_map_path: "{LABEL_MAP}"', "")
    config = PipelineConfig.load(CONFIG)
    with pytest.raises(LabelMapError, match="without a label_map_path") as caught:
        count_config(config, None)
    assert "expand_labels_hierarchy" in caught.value.place.excerpt()
    findings = {finding.id: finding.problem for finding in check_config(CONFIG)}
    assert "without a label_map_path" in findings["label-map-unreadable"]


@pytest.mark.usefixtures("demo_folder")
def test_ancestors_at_which_tfod_stops() -> None:
    rewrite(LABEL_MAP, "id: 2", "id: 2 ancestor_ids: 9")
    assert "label-map-unreadable" not in [finding.id for finding in check_config(CONFIG)]
    rewrite(CONFIG, "train_input_reader {", "train_input_reader { expand_labels_hierarchy: true")
    [finding] = [f for f in check_config(CONFIG) if f.id == "label-map-unreadable"]
    assert "the ancestor 9, but the ids end at 3" in finding.problem
    assert finding.place.path == LABEL_MAP
