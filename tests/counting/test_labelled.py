"""The classes of every record: together they are what counting counts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting.messages import annotations
from tests.counting.records import PNG, example, write_records
from tfod_weights.counting import count_classes, expand_patterns, labelled_records
from tfod_weights.errors import RecordError
from tfod_weights.label_map import LabelMap, LabelMapItem

PETS = LabelMap((LabelMapItem(1, "cat", "Kitty"), LabelMapItem(2, "dog"), LabelMapItem(4, "owl")))


def agrees(path: Any, label_map: LabelMap, **options: Any) -> list[tuple[int, int]]:
    """Compare with count_classes; the ranges of the records' data."""
    [files] = expand_patterns([path])
    counts = count_classes(path, label_map, **options)
    records = list(labelled_records(files, label_map, **options))
    objects = Counter(class_id for record in records for class_id in record.class_ids)
    images = Counter(class_id for record in records for class_id in set(record.class_ids))
    assert len(records) == counts.images
    for row in counts.classes:
        assert (objects.pop(row.class_id, 0), images[row.class_id]) == (row.objects, row.images)
    assert not objects
    return [(record.start, record.stop) for record in records]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("labelled")


@given(st.lists(annotations(wrong_sizes=False), max_size=6))
def test_made_up_records(folder: Path, images: list[dict[str, Any]]) -> None:
    data = [example({"image/encoded": [PNG], **image}) for image in images]
    write_records(folder / "a.record", *data)
    try:
        count_classes(folder / "a.record", PETS)
    except RecordError:
        with pytest.raises(RecordError):
            list(labelled_records([str(folder / "a.record")], PETS, num_classes=4))
        return
    ranges = agrees(folder / "a.record", PETS, num_classes=4, max_number_of_boxes=4)
    content = (folder / "a.record").read_bytes()
    assert [content[start:stop] for start, stop in ranges] == data


def test_blood_cells(shared_data: Path) -> None:
    cells = LabelMap.load(shared_data / "bccd" / "label_map.pbtxt")
    agrees(shared_data / "bccd" / "train.record-?????-of-00004", cells, num_classes=3)
