"""Objects that count as their class and as its ancestors, and equal boxes that are merged.

`test_against_tfod.py` compares the same with the real TFOD.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting.messages import annotations
from tests.counting.records import BOX, example, image, sequence, write_records
from tests.counting.test_labelled import agrees
from tfod_weights.counting import DROP_REASONS, ClassCounts, count_classes
from tfod_weights.errors import LabelMapError, RecordError, UsageError
from tfod_weights.label_map import LabelMap, LabelMapItem

NAN = float("nan")
ANIMAL = LabelMapItem(2, "animal", "A")
CAT = LabelMapItem(1, "cat", "Kitty", ancestor_ids=(2, 6))
DOG = LabelMapItem(4, "dog", "D", ancestor_ids=(2, 2))
LIVING = LabelMapItem(6, "living", "L")
PETS = LabelMap((ANIMAL, CAT, DOG, LIVING))
FLAT = LabelMap((LabelMapItem(1, "cat", "Kitty"), LabelMapItem(2, "dog", "D")))
EXPAND = {"expand_labels_hierarchy": True}
MERGE = {"merge_multiple_label_boxes": True}


def count(tmp_path: Path, *images: dict[str, Any], **options: Any) -> ClassCounts:
    options = {"label_map": PETS, "max_number_of_boxes": 4, **EXPAND, **options}
    return count_classes(write_records(tmp_path / "a.record", *map(example, images)), **options)


def objects(counts: ClassCounts) -> dict[int, int]:
    return {row.class_id: row.objects for row in counts.classes if row.objects}


# Features of an image -> class_id -> objects, reason -> drops
EXPANDED = {
    "a class of two ancestors": (image([b"cat"]), {1: 1, 2: 1, 6: 1}, {}),
    "by its display name": (image([b"Kitty"]), {1: 1, 2: 1, 6: 1}, {}),
    "by its label": (image([], [4]), {2: 1, 4: 1}, {}),
    "a class without ancestors": (image([b"animal"]), {2: 1}, {}),
    "a gap in the label map": (image([], [3]), {3: 1}, {}),
    "an ancestor named twice": (image([b"dog"]), {2: 1, 4: 1}, {}),
    "the cut is after it, in ascending order": (
        image([b"dog", b"cat"]),
        {1: 1, 2: 2, 4: 1},
        {"over_max_boxes": 1},
    ),
    "NaN is dropped as all of them": (
        image([b"cat", b"dog"], xmin=[NAN, 0.1]),
        {2: 1, 4: 1},
        {"nan_box": 3},
    ),
    "no boxes": (image(), {}, {}),
    "classes without boxes": (image([b"cat"], boxes=0), {}, {}),
    "a class for a NaN box that nothing is left of": (
        image([b"animal"], boxes=2, ymin=[0.1, NAN]),
        {2: 1},
        {"nan_box": 1},
    ),
}


@pytest.mark.parametrize("features, kept, dropped", EXPANDED.values(), ids=EXPANDED.keys())
def test_expanded(tmp_path: Path, features: Any, kept: Any, dropped: Any) -> None:
    counts = count(tmp_path, features)
    assert objects(counts) == kept
    assert counts.dropped == {**dict.fromkeys(DROP_REASONS, 0), **dropped}
    assert counts.images == 1
    twice = count(tmp_path, features, image([b"animal"]), features)
    assert objects(twice).get(2, 0) == 2 * kept.get(2, 0) + 1
    assert twice.dropped == {reason: 2 * n for reason, n in counts.dropped.items()}


EXPANSION_STOPS = {
    "a text that is not in the label map": (
        image([b"cat", b"cow"]),
        "has an object with the class text b'cow', which is not in the label map",
    ),
    "a text of a NaN box": (image([b"cow"], xmin=[NAN]), "with the class text b'cow'"),
    "a text without a box": (image([b"cow"], boxes=0), "with the class text b'cow'"),
    "label 0": (image([], [0]), "with the class 0, but the label map has 1 to 6"),
    "a negative label": (image([], [1, -1]), "with the class -1, but the label map has 1 to 6"),
    "a label above": (image([], [7]), "with the class 7, but the label map has 1 to 6"),
    "more classes than boxes": (
        image([b"animal"] * 3, boxes=2),
        "has 2 values in image/object/bbox/xmin, but classes for 3",
    ),
    "too many weights": (
        image([b"animal"] * 2, weight=[1.0] * 4),
        "has 4 values in image/object/weight, but classes for 2",
    ),
    "too few group_of": (
        image([b"animal"] * 2, group_of=[0]),
        "has 1 values in image/object/group_of, but classes for 2",
    ),
    "one class for two boxes": (image([b"cat"], boxes=2), "has 6 boxes, but classes for 3"),
}


@pytest.mark.parametrize("features, says", EXPANSION_STOPS.values(), ids=EXPANSION_STOPS.keys())
def test_what_tfod_stops_at(tmp_path: Path, features: Any, says: str) -> None:
    with pytest.raises(RecordError, match="record 2 has ") as caught:
        count(tmp_path, image([b"cat"]), features)
    assert says in caught.value.problem
    assert count(tmp_path, image([b"cat"]), max_number_of_boxes=None).objects == 3


def test_flags_are_those_of_all_its_classes(tmp_path: Path) -> None:
    flags = {"is_crowd": [1, 0], "difficult": [0, 1], "group_of": [0, 1], "weight": [1.0, 0.5]}
    counts = count(tmp_path, image([b"cat", b"dog"], **flags), max_number_of_boxes=9)
    assert {row.class_id: (row.crowd, row.difficult, row.group_of) for row in counts.classes} == {
        1: (1, 0, 0),
        2: (1, 1, 1),
        4: (0, 1, 1),
        6: (1, 0, 0),
    }
    assert counts.weighted_boxes == 2


def test_without_ancestors_nothing_is_added(tmp_path: Path) -> None:
    images = [image([b"cat", b"dog"]), image([], [2])]
    assert count(tmp_path, *images, label_map=FLAT) == count(
        tmp_path, *images, label_map=FLAT, expand_labels_hierarchy=False
    )


def test_sequences_are_not_expanded(tmp_path: Path) -> None:
    path = write_records(tmp_path / "a.record", sequence([[b"cat", b"cow"]]))
    counts = count_classes(path, PETS, input_type="TF_SEQUENCE_EXAMPLE", **EXPAND)
    assert objects(counts) == {1: 1}


def test_a_label_map_is_needed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expand_labels_hierarchy needs a label map"):
        count(tmp_path, image([], [1]), label_map=None)


def test_ancestors_that_tfod_cannot_take(tmp_path: Path) -> None:
    label_map = LabelMap((LabelMapItem(1, "cat", ancestor_ids=(2,)),))
    with pytest.raises(LabelMapError, match="the ancestor 2, but the ids end at 1"):
        count(tmp_path, image([b"cat"]), label_map=label_map)
    assert count(tmp_path, image([b"cat"]), label_map=label_map, **dict.fromkeys(EXPAND, False))


# Classes, boxes (as their ymin) -> class_id -> objects, reason -> drops; at most two boxes
MERGED = {
    "boxes that differ": ([1, 1], [0.1, 0.2], {1: 2}, {}),
    "of the same class": ([1, 1, 1], [0.1, 0.1, 0.1], {1: 1}, {}),
    "of several classes": ([1, 2, 1], [0.1, 0.1, 0.2], {1: 2, 2: 1}, {}),
    "they take one slot": ([1, 2, 3, 1], [0.1, 0.1, 0.1, 0.2], {1: 2, 2: 1, 3: 1}, {}),
    "the cut is after it": (
        [1, 2, 1, 3, 4, 2],
        [0.1, 0.1, 0.2, 0.3, 0.3, 0.2],
        {1: 2, 2: 2},
        {"over_max_boxes": 2},
    ),
    "the drops are before it": (
        [-1, 1, 1],
        [0.1, NAN, 0.1],
        {1: 1},
        {"nan_box": 1, "negative_label": 1},
    ),
    "as good as equal": ([1, 1], [0.10001, 0.10002], {1: 1}, {}),
}  # fmt: skip


@pytest.mark.parametrize("labels, sides, kept, dropped", MERGED.values(), ids=MERGED.keys())
def test_merged(tmp_path: Path, labels: Any, sides: Any, kept: Any, dropped: Any) -> None:
    options = {"max_number_of_boxes": 2, "expand_labels_hierarchy": False, **MERGE}
    counts = count(tmp_path, image([], labels, ymin=sides), **options)
    assert objects(counts) == kept
    assert counts.dropped == {**dict.fromkeys(DROP_REASONS, 0), **dropped}


def test_an_expanded_box_takes_one_slot_when_merged(tmp_path: Path) -> None:
    pets = image([b"cat", b"dog", b"dog"], ymin=[0.1, 0.2, 0.3])
    counts = count(tmp_path, pets, max_number_of_boxes=2, **MERGE)
    assert objects(counts) == {1: 1, 2: 2, 4: 1, 6: 1}
    assert counts.dropped["over_max_boxes"] == 2


@pytest.mark.parametrize("options", [EXPAND, MERGE, {**EXPAND, **MERGE}], ids=lambda o: "+".join(o))
def test_jobs_count_the_same(tmp_path: Path, options: Any) -> None:
    paths = [
        write_records(tmp_path / f"{n}.record", *[example(image([b"cat", b"cat"]))] * n)
        for n in range(1, 4)
    ]
    alone = count_classes(paths, PETS, **options)
    assert alone != count_classes(paths, PETS)
    assert count_classes(paths, PETS, jobs=2, **options) == alone


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hierarchy")


def known(features: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The same image, its classes those of the label map, or nearly so."""
    texts = {b"": b"animal", b"motorcycle": b"living", b"a\nb": b"dog", b"x" * 130: b"Kitty"}
    texts[b"\xff"] = b"cat"
    ids = {0: 4, 127: 5, 128: 6, 300: 1, 2**40: 2, -1: 3}
    return {
        key: [texts.get(value, ids.get(value, value)) if "class" in key else value for value in row]
        for key, row in features.items()
    }


@st.composite
def images(draw: st.DrawFn, *, wrong_sizes: bool = False) -> dict[str, list[Any]]:
    """Box features of an image whose boxes are often equal."""
    features = known(draw(annotations(wrong_sizes=wrong_sizes)))
    for side in ("ymin", "xmin"):
        row = features[BOX + side]
        rows = st.lists(st.sampled_from([0.25, 0.25, 0.3]), min_size=len(row), max_size=len(row))
        nearby = draw(rows)
        features[BOX + side] = [new if old == 0.25 else old for new, old in zip(nearby, row)]
    return features


@given(st.lists(images(), max_size=6), st.booleans(), st.booleans())
def test_record_by_record_it_is_the_same(
    folder: Path, several: list[dict[str, Any]], expand: bool, merge: bool
) -> None:
    options = {"expand_labels_hierarchy": expand, "merge_multiple_label_boxes": merge}
    path = write_records(folder / "a.record", *map(example, several))
    try:
        counts = count_classes(path, PETS, max_number_of_boxes=4, **options)
    except RecordError:
        return
    agrees(path, PETS, num_classes=6, max_number_of_boxes=4, **options)
    alone: Counter[int] = Counter()
    for one in several:
        write_records(folder / "b.record", example(one))
        alone += Counter(
            objects(count_classes(folder / "b.record", PETS, max_number_of_boxes=4, **options))
        )
    assert alone == objects(counts)
