"""What counts of a SequenceExample, frame by frame.

`test_against_tfod.py` compares the same with the real TFOD.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.counting.records import example, image, sequence, write_records
from tfod_weights.counting import ClassCounts, count_classes
from tfod_weights.errors import RecordError
from tfod_weights.label_map import LabelMap, LabelMapItem

NAN = float("nan")
PETS = LabelMap((LabelMapItem(1, "cat", "Kitty"), LabelMapItem(2, "dog"), LabelMapItem(3, "bird")))
UNNAMED = LabelMap((LabelMapItem(1, "cat"), LabelMapItem(2, "dog"), LabelMapItem(3, None, "bird")))


def count(tmp_path: Path, *sequences: bytes, **options: Any) -> ClassCounts:
    options = {"label_map": PETS, "input_type": "TF_SEQUENCE_EXAMPLE", **options}
    return count_classes(write_records(tmp_path / "a.record", *sequences), **options)


def objects(counts: ClassCounts) -> list[int]:
    return [row.objects for row in counts.classes]


CAT, DOG = b"cat", b"dog"

# texts of the frames, other lists -> images, objects per class, drops
COUNTED: dict[str, tuple[Any, Any, int, list[int], dict[str, int]]] = {
    "every frame is an image": ([[CAT, DOG], [CAT], []], {}, 3, [2, 1, 0], {}),
    "display names do not count": ([[b"Kitty", DOG]], {}, 1, [0, 1, 0], {"unknown_text": 1}),
    "unknown text": ([[b"cow", DOG], [CAT]], {}, 2, [1, 1, 0], {"unknown_text": 1}),
    "frames that are not annotated count": (
        [[CAT], [DOG]],
        {"is_annotated": [[0], [1]]},
        2,
        [1, 1, 0],
        {},
    ),
    "NaN": (
        [[CAT, DOG], [CAT]],
        {"xmin": [[NAN, 0.1], [0.1]]},
        2,
        [1, 1, 0],
        {"nan_box": 1},
    ),
    "a box without a text": (
        [[CAT, DOG], [CAT]],
        {side: [[0.5, 0.5]] * 2 for side in ("ymin", "xmin", "ymax", "xmax")},
        2,
        [2, 1, 0],
        {"unknown_text": 1},
    ),
    "a text without a box": (
        [[CAT, CAT], [DOG, CAT]],
        {side: [[0.5, 0.5], [0.5]] for side in ("ymin", "xmin", "ymax", "xmax")},
        2,
        [2, 1, 0],
        {},
    ),
    "a text without a box moves up when another is dropped": (
        [[CAT, CAT], [b"cow", CAT]],
        {side: [[0.5, 0.5], [0.5]] for side in ("ymin", "xmin", "ymax", "xmax")},
        2,
        [3, 0, 0],
        {"unknown_text": 1},
    ),
    "more rows than frames": (
        [[CAT], [DOG], [DOG]],
        {"source_id": [[b"a"], [b"b"]]},
        2,
        [1, 1, 0],
        {},
    ),
    "ymin is padded": ([[CAT, DOG]] * 2, {"ymin": [[0.1, 0.1], [0.1]]}, 2, [2, 2, 0], {}),
    "too many": ([[CAT] * 4 + [DOG] * 3], {}, 1, [4, 1, 0], {"over_max_boxes": 2}),
}


@pytest.mark.parametrize("case", COUNTED.values(), ids=COUNTED.keys())
def test_objects_and_drops(tmp_path: Path, case: Any) -> None:
    texts, more, images, kept, dropped = case
    counts = count(tmp_path, sequence(texts, **more), max_number_of_boxes=5)
    assert counts.images == images
    assert objects(counts) == kept
    assert {reason: n for reason, n in counts.dropped.items() if n} == dropped


STOPS = {
    "no annotations list": (
        sequence([[CAT]], is_annotated=None),
        "no feature list region/is_annot",
    ),
    "no source_id list": (sequence([[CAT]], source_id=None), "no feature list image/source_id"),
    "no boxes list": (sequence([[]], xmin=None), "no feature list region/bbox/xmin"),
    "no texts list": (sequence([[CAT]], string=None), "no feature list region/label/string"),
    "no frames": (sequence([]), "no frames in image/source_id"),
    "annotations of some frames": (
        sequence([[CAT], [CAT]], is_annotated=[[1]]),
        "2 frames in image/source_id, but 1 rows in region/is_annotated",
    ),
    "no annotation in a frame": (
        sequence([[CAT], [CAT]], is_annotated=[[1], []]),
        "0 values in region/is_annotated of frame 1",
    ),
    "two ids of a frame": (
        sequence([[CAT]], source_id=[[b"0", b"1"]]),
        "2 values in image/source_id of frame 0",
    ),
    "texts of some frames": (
        sequence([[CAT], [CAT]], string=[[CAT]]),
        "2 frames in image/source_id, but 1 rows in region/label/string",
    ),
    "sides of different length": (
        sequence([[CAT, CAT]], ymin=[[0.1]]),
        "a different number of ymin, xmin, ymax and xmax values",
    ),
    "too few texts in every frame": (
        sequence([[CAT, CAT]], string=[[CAT]]),
        "2 boxes, but classes for 1",
    ),
    "texts are integers": (
        sequence([[CAT]], string=[[1]]),
        "region/label/string as an int64_list, not as a bytes_list",
    ),
}


@pytest.mark.parametrize("data, problem", STOPS.values(), ids=STOPS.keys())
def test_what_tfod_stops_at(tmp_path: Path, data: bytes, problem: str) -> None:
    with pytest.raises(RecordError, match=f"byte 0: record 1 has {problem}"):
        count(tmp_path, data)


def test_other_messages(tmp_path: Path) -> None:
    with pytest.raises(RecordError) as caught:
        count(tmp_path, example(image([CAT])))
    assert caught.value.problem == "record 1 is a tf.train.Example"
    assert caught.value.help is not None and "TF_EXAMPLE" in caught.value.help
    with pytest.raises(RecordError, match="record 1 is no tf"):
        count(tmp_path, b"hello, world")


def test_padding_has_a_class_where_an_item_has_no_name(tmp_path: Path) -> None:
    """Its boxes are [0, 0, 0, 0] and come first where an unknown text leaves its place."""
    frames = sequence([[CAT, CAT, CAT], [b"cow", CAT]])
    assert objects(count(tmp_path, frames, label_map=UNNAMED)) == [4, 0, 1]


def test_padding_that_is_inverted_is_reported(tmp_path: Path) -> None:
    counts = count(tmp_path, sequence([[CAT, DOG]] * 2, ymax=[[0.7, 0.7], [0.7]]))
    assert counts.inverted_boxes == 1


def test_a_sequence_counts_once_however_long_it_is(tmp_path: Path) -> None:
    """TFOD draws one frame per sequence: the long one is half of the training, not 9/10."""
    counts = count(tmp_path, sequence([[CAT, CAT]] * 9), sequence([[DOG]]))
    assert (counts.images, objects(counts)) == (10, [18, 1, 0])
    assert [row.effective_objects for row in counts.classes] == pytest.approx([10, 5, 0])


def test_sampled_sequences(tmp_path: Path) -> None:
    paths = [
        write_records(tmp_path / "a.record", sequence([[CAT, CAT]] * 9)),
        write_records(tmp_path / "b.record", sequence([[DOG]]), sequence([[CAT], []])),
    ]
    counts = count_classes(
        paths, PETS, input_type="TF_SEQUENCE_EXAMPLE", sample_weights=[3, 1], verify=True
    )
    effective = [row.effective_objects for row in counts.classes]
    assert effective == pytest.approx([12 * (0.75 * 2 + 0.25 * 0.25), 12 * 0.25 * 0.5, 0])
