"""Labels read by TensorFlow, and the plan made of them, compared with those of Python."""

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

from tfod_weights.runtime.sampling.image_labels import labels_reader  # noqa: E402
from tfod_weights.runtime.sampling.record_copies import plan_records  # noqa: E402

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
}


@pytest.mark.parametrize("name", SAMPLINGS)
def test_the_copies_of_blood_cells(shared_data: Path, name: str) -> None:
    files = sorted(str(path) for path in (shared_data / "bccd").glob("train.record-*"))
    cells = LabelMap.load(shared_data / "bccd" / "label_map.pbtxt")
    plan = plan_records(SAMPLINGS[name], labels_reader(cells, 3, 100), files)
    records = list(labelled_records(files, cells, num_classes=3))
    expected = plan_copies(SAMPLINGS[name], (record.class_ids for record in records))
    for file in files:
        one = [r.class_ids for r in labelled_records([file], cells, num_classes=3)]
        assert plan.of_file(tf.constant(file)).numpy().tolist() == list(map(expected.copies, one))
    assert len(set(plan.copies.numpy())) > 1


def test_records_without_labels_are_refused(folder: Path) -> None:
    path = write_records(folder / "empty.record", example({"image/encoded": [PNG]}))
    with pytest.raises(UsageError, match="none of the 1 images has an object"):
        plan_records(ClassSampling((1, 1)), labels_reader(PETS, 2, 100), [path])
