"""What counts of an Example, and what is dropped why: object_detection's decisions, one by one.

`test_against_tfod.py` compares the same with the real TFOD.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.counting.records import (
    BOX,
    delimited,
    example,
    image,
    map_entry,
    sequence,
    write_records,
)
from tfod_weights.counting import DROP_REASONS, ClassCounts, count_classes
from tfod_weights.errors import RecordError
from tfod_weights.label_map import LabelMap, LabelMapItem

NAN = float("nan")
CAT, DOG, BIRD = LabelMapItem(1, "cat", "Kitty"), LabelMapItem(2, "dog"), LabelMapItem(4, "bird")
PETS = LabelMap((CAT, DOG, BIRD))


def count(tmp_path: Path, *images: dict[str, Any], **options: Any) -> ClassCounts:
    options = {"label_map": PETS, "max_number_of_boxes": 3, **options}
    return count_classes(write_records(tmp_path / "a.record", *map(example, images)), **options)


def objects(counts: ClassCounts) -> dict[int, int]:
    return {row.class_id: row.objects for row in counts.classes if row.objects}


# Features of an image -> class_id -> objects, reason -> drops
COUNTED = {
    "texts": (image([b"cat", b"dog", b"cat"]), {1: 2, 2: 1}, {}),
    "display name": (image([b"Kitty", b"cat"]), {1: 2}, {}),
    "texts win over labels": (image([b"cat"], [2]), {1: 1}, {}),
    "labels where no text": (image([], [2, 1]), {1: 1, 2: 1}, {}),
    "unknown text": (image([b"cow", b"cat"], [1, 1]), {1: 1}, {"unknown_text": 1}),
    "empty text is the last item without a display name": (image([b"", b"cat"]), {1: 1, 4: 1}, {}),
    "a gap in the label map": (image([], [3]), {3: 1}, {}),
    "negative label": (image([], [-1, -7, 1]), {1: 1}, {"negative_label": 2}),
    "label 0": (image([], [0, 1]), {1: 1}, {"out_of_range_label": 1}),
    "label above num_classes": (image([], [5, 300, 1]), {1: 1}, {"out_of_range_label": 2}),
    "NaN": (image([b"cat", b"dog"], xmin=[NAN, 0.1]), {2: 1}, {"nan_box": 1}),
    "NaN of unknown class": (image([b"cow"], ymax=[NAN]), {}, {"nan_box": 1}),
    "too many": (image([], [1, 2, 1, 1, 2]), {1: 2, 2: 1}, {"over_max_boxes": 2}),
    "the cut is after the drops": (
        image([b"cow", b"cat", b"dog", b"cat", b"dog"], xmin=[0.1, 0.1, NAN, 0.1, 0.1]),
        {1: 2, 2: 1},
        {"unknown_text": 1, "nan_box": 1},
    ),
    "an id out of range takes a slot": (
        image([], [0, 9, 1, 2]),
        {1: 1},
        {"out_of_range_label": 2, "over_max_boxes": 1},
    ),
    "no boxes": (image(), {}, {}),
    "no features": ({}, {}, {}),
    "classes without boxes": (image([b"cat"], [1], boxes=0), {}, {}),
    "more classes than boxes": (image([b"cat", b"dog", b"dog"], boxes=2), {1: 1, 2: 1}, {}),
    "no class for a NaN box": (image([b"cat"], boxes=2, ymin=[0.1, NAN]), {1: 1}, {"nan_box": 1}),
    "no side, no height": (image([b"cat"], ymin=[0.75], xmin=[0.75]), {1: 1}, {}),
    "infinite": (image([b"cat"], ymin=[-float("inf")], ymax=[float("inf")]), {1: 1}, {}),
}


@pytest.mark.parametrize("features, kept, dropped", COUNTED.values(), ids=COUNTED.keys())
def test_objects_and_drops(
    tmp_path: Path, features: Any, kept: dict[int, int], dropped: dict[str, int]
) -> None:
    counts = count(tmp_path, features)
    assert objects(counts) == kept
    assert counts.dropped == {**dict.fromkeys(DROP_REASONS, 0), **dropped}
    assert counts.images == 1
    twice = count(tmp_path, features, image([b"dog"]), features)
    assert objects(twice).get(2, 0) == 2 * kept.get(2, 0) + 1
    assert twice.dropped == {reason: 2 * n for reason, n in counts.dropped.items()}


STOPS = {
    "too few texts": (image([b"cat"], [1, 1], boxes=2), "has 2 boxes, but classes for 1"),
    "no classes": (image(boxes=1), "has 1 boxes, but classes for 0"),
    "sides of different length": (
        image([b"cat"], ymin=[0.1, 0.1]),
        "has 2 ymin, 1 xmin, 1 ymax, 1 xmax",
    ),
    "a side is missing": (image([b"cat"], xmax=[]), "has 1 ymin, 1 xmin, 1 ymax, 0 xmax"),
    "flags for some boxes": (
        image([b"cat", b"dog", b"cat"], is_crowd=[0, 1]),
        "has 3 boxes, but 2 values in image/object/is_crowd",
    ),
    "labels are floats": (
        image([], [1.0], boxes=1),
        "has image/object/class/label as a float_list, not as an int64_list",
    ),
    "sides are integers": (
        image([b"cat"], xmin=[0]),
        "has image/object/bbox/xmin as an int64_list, not as a float_list",
    ),
    "texts are integers": (
        image([1], boxes=1),
        "has image/object/class/text as an int64_list, not as a bytes_list",
    ),
    "the source_id is a number": (
        {**image([b"cat"]), "image/source_id": [7]},
        "has image/source_id as an int64_list, not as a bytes_list",
    ),
    "the width is a text": (
        {**image([b"cat"]), "image/width": [b"640"]},
        "has image/width as a bytes_list, not as an int64_list",
    ),
    "areas are integers": (
        image([b"cat"], area=[7]),
        "has image/object/area as an int64_list, not as a float_list",
    ),
    "areas of many boxes are integers": (
        image([b"cat"] * 200, area=[7] * 200),
        "has image/object/area as an int64_list, not as a float_list",
    ),
    "the image is a list of numbers": (
        {**image([b"cat"]), "image/encoded": [7] * 20_000},
        "has image/encoded as an int64_list, not as a bytes_list",
    ),
    "the image is a short list of numbers": (
        {**image([b"cat"]), "image/encoded": [7] * 3},
        "has image/encoded as an int64_list, not as a bytes_list",
    ),
    "two formats": (
        {**image([b"cat"]), "image/format": [b"png", b""]},
        "has 2 values in image/format, where TFOD takes one",
    ),
    "two heights": (
        {**image([b"cat"]), "image/height": [480, 640]},
        "has 2 values in image/height, where TFOD takes one",
    ),
}


@pytest.mark.parametrize("features, problem", STOPS.values(), ids=STOPS.keys())
def test_what_tfod_stops_at(tmp_path: Path, features: Any, problem: str) -> None:
    with pytest.raises(RecordError) as caught:
        count(tmp_path, image([b"cat"]), features)
    offset = 16 + len(example(image([b"cat"])))
    assert str(caught.value) == (
        f"{tmp_path / 'a.record'}: byte {offset}: record 2 {problem}\n"
        "help: TFOD stops training with an error at this record; mend it or leave it out"
    )


NO_VALUE = delimited(3, b"")  # an int64_list without values

EMPTY = {
    "a list of another kind": ("image/object/area", NO_VALUE, "as an int64_list, not"),
    "no height": ("image/height", NO_VALUE, "has 0 values in image/height, where TFOD takes one"),
}


@pytest.mark.parametrize("key, value, says", EMPTY.values(), ids=EMPTY.keys())
def test_lists_without_values(tmp_path: Path, key: str, value: bytes, says: str) -> None:
    features = example(image([b"cat"]))
    path = write_records(
        tmp_path / "a.record", features, features + delimited(1, map_entry(key, value))
    )
    with pytest.raises(RecordError, match="record 2 has ") as caught:
        count_classes(path, PETS)
    assert says in caught.value.problem


READ = {
    "features without a kind": {"image/source_id": [], "image/width": []},
    "masks, which are read as the input reader says": {"image/object/mask": [b"png"]},
    "keys that TFOD does not know": {"image/depth": [3.5], "image/id": [7, 8]},
    "a size of three bytes": {"image/height": [16384], "image/width": [2_000_000]},
    "a size of four bytes": {"image/height": [1 << 21]},
    "a long name": {"image/filename": [b"n" * 300]},
    "an empty name": {"image/filename": [b""]},
    "a small image": {"image/encoded": [b"x" * 9]},
    "an image of two bytes for its size": {"image/encoded": [b"x" * 300]},
    "a large image": {"image/encoded": [b"x" * 30_000]},
    "no area": {"image/object/area": []},
    "many areas": {"image/object/area": [0.5] * 200},
}


@pytest.mark.parametrize("features", READ.values(), ids=READ.keys())
def test_what_tfod_reads(tmp_path: Path, features: Any) -> None:
    assert count(tmp_path, {**image([b"cat"]), **features}).objects == 1


def test_names_of_dropped_things(tmp_path: Path) -> None:
    counts = count(
        tmp_path,
        image([b"cow", b"caf\xc3\xa9", b"\xff", b"cow"]),
        image([], [9, -1, 0]),
        image([], [1, 1, 1, 2, 9]),
        image([b"cat", b"cow", b"Kitty"], xmin=[NAN, NAN, 0.1]),
        max_number_of_boxes=3,
    )
    assert counts.unknown_texts == {"cow": 2, "café": 1, "\\xff": 1}
    assert counts.out_of_range_labels == {-1: 1, 0: 1, 9: 1}
    assert counts.truncated_images == 1
    assert {row.class_id: row.dropped for row in counts.classes} == {
        1: {"nan_box": 1},
        2: {"over_max_boxes": 1},
        4: {},
    }


def test_inverted_boxes_are_those_that_reach_the_check(tmp_path: Path) -> None:
    counts = count(
        tmp_path,
        image([b"cat", b"cow"], xmin=[0.9, 0.9]),
        image([b"cat"] * 5, ymax=[0.1] * 5),
        image([b"dog"], ymin=[NAN], xmin=[0.9]),
    )
    assert counts.inverted_boxes == 1 + 5
    assert objects(counts) == {1: 1 + 3}


def test_flags_of_the_objects_that_are_kept(tmp_path: Path) -> None:
    counts = count(
        tmp_path,
        image([b"cow", b"cat", b"dog"], is_crowd=[1, 0, 1], difficult=[1, 1, 0], group_of=[1, 1]),
        image([b"cat"], is_crowd=[2], group_of=[0, 1]),
        image([b"cat"]),
        image([], is_crowd=[1, 1]),
        image([b"dog"], xmin=[NAN], is_crowd=[1]),
    )
    cat, dog, _ = counts.classes
    assert (cat.crowd, cat.difficult, cat.group_of) == (1, 1, 1)
    assert (dog.crowd, dog.difficult, dog.group_of) == (1, 0, 0)


def test_boxes_with_a_weight_of_their_own(tmp_path: Path) -> None:
    counts = count(
        tmp_path,
        image([b"cat", b"dog"], weight=[1.0, 0.5]),
        image([b"cow"], weight=[2.0]),
        image([b"cat"], weight=[1.0]),
        image([b"cat", b"cat"], ymin=[0.9, 0.1], weight=[1.0, 0.0]),
        image([b"cat"]),
    )
    assert counts.weighted_boxes == 3
    assert counts.inverted_boxes == 1


def test_boxes_in_pixels_are_those_that_reach_training(tmp_path: Path) -> None:
    counts = count(
        tmp_path,
        image([b"cat", b"cat", b"cow"], xmax=[300.0, 0.75, 300.0]),
        image([b"dog"], ymax=[1.125]),
        image([b"dog"], ymax=[1.0625]),
    )
    assert counts.pixel_boxes == 2
    assert objects(counts) == {1: 2, 2: 2}


def test_tfod_takes_the_first_of_too_many_flags(tmp_path: Path) -> None:
    counts = count(tmp_path, image([b"cat", b"dog"], is_crowd=[0, 1, 1, 0]))
    assert [row.crowd for row in counts.classes] == [0, 1, 0]


def test_images_of_a_class_hold_it_at_least_once(tmp_path: Path) -> None:
    counts = count(
        tmp_path,
        image([b"cat", b"Kitty"]),
        image([b"cat", b"dog"]),
        image([b"cow"]),
        image(),
        image([b"bird"], xmin=[NAN]),
    )
    assert counts.images == 5
    assert [row.images for row in counts.classes] == [2, 1, 0]


def test_without_a_label_map_texts_are_names(tmp_path: Path) -> None:
    counts = count(
        tmp_path,
        image([b"cat", b"dog"], [1, 7]),
        image([b"tabby"], [1]),
        image([b"lost"], [3, 3], boxes=2),
        image([], [5], boxes=1, xmin=[NAN]),
        image([b"x"], [-1]),
        label_map=None,
    )
    assert {row.class_id: (row.name, row.objects) for row in counts.classes} == {
        1: ("cat", 2),
        3: ("3", 2),
        5: ("5", 0),
        7: ("dog", 1),
    }
    assert counts.num_classes == 7
    assert counts.dropped["negative_label"] == counts.dropped["nan_box"] == 1


def test_an_empty_text_is_no_name(tmp_path: Path) -> None:
    counts = count(tmp_path, image([b"", b""], [1, 2]), image([b"cat"], [1]), label_map=None)
    assert [row.name for row in counts.classes] == ["cat", "2"]


def test_texts_that_read_alike_are_summed(tmp_path: Path) -> None:
    counts = count(tmp_path, image([b"\xff", b"\\xff", b"cow"]), image([b"\xff"]))
    assert counts.unknown_texts == {"\\xff": 3, "cow": 1}
    assert list(counts.unknown_texts) == ["\\xff", "cow"]


def test_without_a_label_map_texts_are_no_classes(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="has 1 boxes, but classes for 0"):
        count(tmp_path, image([b"cat"]), label_map=None)


def test_num_classes_of_the_config_bounds_the_ids(tmp_path: Path) -> None:
    images = [image([b"cat", b"dog", b"bird"])]
    assert objects(count(tmp_path, *images, num_classes=1)) == {1: 1}
    assert count(tmp_path, *images, num_classes=1).out_of_range_labels == {2: 1, 4: 1}
    wide = count(tmp_path, *images, num_classes=90)
    assert (wide.num_classes, len(wide.classes)) == (90, 3)


def test_no_limit_of_boxes(tmp_path: Path) -> None:
    images = [image([], [1] * 250), image([b"cat"])]
    assert count(tmp_path, *images, max_number_of_boxes=None).objects == 251
    assert count(tmp_path, *images, max_number_of_boxes=100).objects == 101
    assert count(tmp_path, *images, max_number_of_boxes=0).objects == 0


def test_a_duplicate_key_replaces_and_several_features_merge(tmp_path: Path) -> None:
    first, last = image([b"cat", b"cat"]), image([b"dog"])
    data = example(first) + example(last)
    counts = count_classes(write_records(tmp_path / "a.record", data), PETS)
    assert objects(counts) == {2: 1}


def test_a_feature_without_values_replaces_too(tmp_path: Path) -> None:
    features = b"".join(
        map_entry(key, value)
        for key, value in [
            (BOX + "xmin", b"\x12\x06\x0a\x04\x00\x00\x80\x3e"),
            (BOX + "xmin", b""),
        ]
    )
    counts = count_classes(write_records(tmp_path / "a.record", delimited(1, features)), PETS)
    assert (counts.images, counts.objects) == (1, 0)


MISTAKEN = {
    "a SequenceExample": (
        sequence([[b"cat"]]),
        "is a tf.train.SequenceExample",
        "read it with input type TF_SEQUENCE_EXAMPLE, as input_type of the input reader says",
    ),
    "no message": (
        b"hello, world",
        "is no tf.train.Example: a field has wire type 4",
        "TFOD reads records that each hold one serialized tf.train.Example",
    ),
    "half an Example": (
        example(image([b"cat"]))[:-5],
        "is no tf.train.Example: a field goes beyond the end of its message",
        "TFOD reads records that each hold one serialized tf.train.Example",
    ),
}


@pytest.mark.parametrize("data, problem, help", MISTAKEN.values(), ids=MISTAKEN.keys())
def test_records_that_are_no_examples(tmp_path: Path, data: bytes, problem: str, help: str) -> None:
    path = write_records(tmp_path / "a.record", data)
    with pytest.raises(RecordError) as caught:
        count_classes(path, PETS)
    assert str(caught.value) == f"{path}: byte 0: record 1 {problem}\nhelp: {help}"
