"""Labels and copies in TensorFlow, compared with those in Python, record by record."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting.messages import annotations
from tests.counting.records import PNG, example, write_records
from tests.counting.test_labelled import PETS
from tests.tfod_imports import import_tfod
from tfod_weights.counting import labelled_records
from tfod_weights.errors import RecordError, UsageError
from tfod_weights.label_map import LabelMap
from tfod_weights.sampling import AGGREGATIONS, ClassSampling, plan_copies

import_tfod()

import tensorflow as tf  # noqa: E402

from tfod_weights.runtime.sampling.image_copies import copies_function  # noqa: E402
from tfod_weights.runtime.sampling.image_labels import labels_reader  # noqa: E402

NUM_CLASSES, MAX_BOXES = 4, 4


@cache
def reader(has_map: bool) -> Any:
    labels = labels_reader(PETS if has_map else None, NUM_CLASSES, MAX_BOXES)
    return tf.function(labels, input_signature=[tf.TensorSpec([], tf.string)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("labels")


@given(annotations(), st.booleans())
def test_the_labels_of_made_up_records(folder: Path, image: dict[str, Any], has_map: bool) -> None:
    data = example({"image/encoded": [PNG], **image})
    path = write_records(folder / "a.record", data)
    try:
        [record] = labelled_records(
            [path],
            PETS if has_map else None,
            num_classes=NUM_CLASSES,
            max_number_of_boxes=MAX_BOXES,
        )
    except RecordError:
        reader(has_map)(data)  # TFOD stops at the record itself, and says why
        return
    assert sorted(reader(has_map)(data).numpy()) == list(record.class_ids)


SAMPLINGS = {
    **{name: ClassSampling((0.5, 3.0, 0.0), name, 0.25) for name in AGGREGATIONS},
    "repeat factors": ClassSampling(repeat_factor_threshold=0.9),
    "repeat factors without root": ClassSampling(repeat_factor_threshold=1, sqrt=False),
}


@pytest.mark.parametrize("name", SAMPLINGS)
def test_the_copies_of_blood_cells(shared_data: Path, name: str) -> None:
    files = sorted(str(path) for path in (shared_data / "bccd").glob("train.record-*"))
    cells = LabelMap.load(shared_data / "bccd" / "label_map.pbtxt")
    records = list(labelled_records(files, cells, num_classes=3))
    plan = plan_copies(SAMPLINGS[name], (record.class_ids for record in records))
    labels = labels_reader(cells, 3, 100)
    copies = copies_function(SAMPLINGS[name], labels, files, 3)
    found = [float(n) for n in tf.data.TFRecordDataset(files).map(copies)]
    assert len(set(found)) > 1
    assert found == pytest.approx([plan.copies(record.class_ids) for record in records], rel=1e-12)


@pytest.mark.parametrize("sampling", [ClassSampling((1, 1)), ClassSampling((), "MEAN", 1, 0.5)])
def test_records_without_labels_are_refused(folder: Path, sampling: ClassSampling) -> None:
    path = write_records(folder / "empty.record", example({"image/encoded": [PNG]}))
    with pytest.raises(UsageError, match="none of the 1 images has an object"):
        copies_function(sampling, labels_reader(PETS, 2, 100), [path], 2)


def test_weights_that_draw_nothing_are_refused(shared_data: Path) -> None:
    files = [str(next((shared_data / "bccd").glob("train.record-*")))]
    cells = LabelMap.load(shared_data / "bccd" / "label_map.pbtxt")
    nothing = ClassSampling((0, 0, 0, 1), "MAX")
    with pytest.raises(UsageError, match="mean weight of the images is 0"):
        copies_function(nothing, labels_reader(cells, 3, 100), files, 3)
