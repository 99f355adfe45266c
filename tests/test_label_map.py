"""Label maps: what protobuf reads, what TFOD makes of it, and errors with their place."""

from __future__ import annotations

import pytest

from tfod_weights.errors import LabelMapError, TextFormatError
from tfod_weights.label_map import LabelMap, LabelMapItem


def ids_and_names(text: str) -> list[tuple[int, str]]:
    return [(item.class_id, item.label) for item in LabelMap.from_text(text).items]


READABLE = {
    "plain": ("item { id: 1 name: 'a' } item { id: 2 name: 'b' }", [(1, "a"), (2, "b")]),
    "gaps": ("item { id: 3 name: 'c' } item { id: 1 name: 'a' }", [(3, "c"), (1, "a")]),
    "background": ("item { id: 0 name: 'background' } item { id: 1 name: 'a' }",
                   [(0, "background"), (1, "a")]),
    "display name": ("item { id: 1 name: '/m/1' display_name: 'person' }", [(1, "person")]),
    "display name only": ("item { id: 1 display_name: 'person' }", [(1, "person")]),
    "no name": ("item { id: 7 }", [(7, "7")]),
    "octal and hex": (r"item { id: 1 name: 'caf\303\251 \x41\101' }", [(1, "café AA")]),
    "utf-8": ('item { id: 1 name: "Zwölf ☃" }', [(1, "Zwölf ☃")]),
    "escapes": (r"item { id: 1 name: 'it\'s a \"tab\"\t' }", [(1, 'it\'s a "tab"\t')]),
    "adjacent strings": ("item { id: 1 name: 'a' \"b\" }", [(1, "ab")]),
    "hex and octal ids": ("item { id: 0x10 name: 'a' } item { id: 010 name: 'b' }",
                          [(16, "a"), (8, "b")]),
    "list": ("item: [{ id: 1 name: 'a' }, < id: 2 name: 'b' >]", [(1, "a"), (2, "b")]),
    "keypoints": (
        "item { id: 1 name: 'p' keypoints { id: 9 label: 'nose' } keypoints { id: 8 label: 'x' } }",
        [(1, "p")],
    ),
    "LVIS": (
        "item { id: 1 name: 'a' frequency: RARE instance_count: 3 ancestor_ids: [1, 2] }",
        [(1, "a")],
    ),
    "last id wins": ("item { id: 1 id: 2 name: 'a' name: 'b' }", [(2, "b")]),
    "comments": ("# item { id: 9 }\nitem { # x\n id: 1 name: 'a # b' }", [(1, "a # b")]),
    "empty": ("", []),
}  # fmt: skip


@pytest.mark.parametrize("text, expected", READABLE.values(), ids=READABLE.keys())
def test_readable(text: str, expected: list[tuple[int, str]]) -> None:
    assert ids_and_names(text) == expected


FAULTY = {
    "no id": ("item {\n  name: 'a'\n}", LabelMapError, 1, 6, "item a has no id, or the id 0"),
    "id 0": ("item { id: 0 name: 'a' }", LabelMapError, 1, 6, "the id 0 that TFOD keeps"),
    "negative": ("item { id: 1 }\nitem { id: -2 }", LabelMapError, 2, 6, "has the id -2"),
    "text id": ("item {\n  id: '1'\n}", LabelMapError, 2, 7, "id takes a whole number"),
    "large id": ("item { id: 3000000000 }", LabelMapError, 1, 12, "id takes a whole number"),
    "unknown field": ("item {\n  id: 1\n  nme: 'a'\n}", LabelMapError, 3, 3, "no field named nme"),
    "bare name": ("item { id: 1 name: cat }", LabelMapError, 1, 20, "expected a string in quotes"),
    "open string": ("item {\n  name: 'cat\n}", TextFormatError, 2, 9, "no closing quote"),
    "open item": ("item {\n  id: 1\n", TextFormatError, 3, 1, "found the end of the file"),
    "json": ('{"item": 1}', TextFormatError, 1, 1, "expected a field name, found '{'"),
    "not utf-8": (r"item { id: 1 name: '\377' }", LabelMapError, 1, 20, "name takes a string"),
}


@pytest.mark.parametrize("text, kind, line, column, says", FAULTY.values(), ids=FAULTY.keys())
def test_faulty(text: str, kind: type, line: int, column: int, says: str) -> None:
    with pytest.raises(kind) as caught:
        LabelMap.from_text(text, path="map.pbtxt")
    place = caught.value.place
    assert (place.path, place.line, place.column) == ("map.pbtxt", line, column)
    assert says in caught.value.problem


def test_faults_come_with_help() -> None:
    with pytest.raises(LabelMapError) as caught:
        LabelMap.from_text("item { id: 1 nme: 'a' }")
    assert caught.value.help and "name" in caught.value.help


def test_texts_are_looked_up_as_tfod_does() -> None:
    label_map = LabelMap(
        (LabelMapItem(1, "cat", "dog"), LabelMapItem(2, "dog"), LabelMapItem(3, "cow", "cow"))
    )
    # "dog" is the display name of 1 and the name of 2: TFOD takes the higher id. Item 2 has no
    # display name, which makes the empty text a class, too.
    assert label_map.ids_by_text() == {b"cat": 1, b"dog": 2, b"cow": 3, b"": 2}


LINEAGES = {
    "none": ("item { id: 1 }", {}),
    "ascending": ("item { id: 3 } item { id: 2 ancestor_ids: [3, 1] }", {2: (1, 2, 3)}),
    "not the ancestors of ancestors": (
        "item { id: 3 ancestor_ids: 2 } item { id: 2 ancestor_ids: 1 }",
        {3: (2, 3), 2: (1, 2)},
    ),
    "two items of one id": (
        "item { id: 2 ancestor_ids: 1 } item { id: 2 ancestor_ids: 3 } item { id: 3 }",
        {2: (1, 2, 3)},
    ),
    "descendants are another thing": ("item { id: 2 descendant_ids: 1 }", {}),
    "places from the end": (
        "item { id: 0 name: 'background' ancestor_ids: 1 } item { id: 3 } item { id: 1 "
        "ancestor_ids: [0, -1] }",
        {1: (1, 2, 3), 3: (1, 3)},
    ),
}


@pytest.mark.parametrize("text, lineages", LINEAGES.values(), ids=LINEAGES.keys())
def test_lineages(text: str, lineages: dict[int, tuple[int, ...]]) -> None:
    assert LabelMap.from_text(text).lineages() == lineages


@pytest.mark.parametrize(
    "ancestors, says",
    [
        ("3", "item b has the ancestor 3, but the ids end at 2"),
        ("[1, -2]", "item b has the ancestor -2, but the ids end at 2"),
        ("2", "item b is among its own ancestor_ids"),
    ],
)
def test_ancestors_that_tfod_cannot_take(ancestors: str, says: str) -> None:
    text = f"item {{ id: 1 }}\nitem {{ id: 2 name: 'b' ancestor_ids: {ancestors} }}"
    with pytest.raises(LabelMapError) as caught:
        LabelMap.from_text(text, path="map.pbtxt").lineages()
    assert caught.value.problem == says
    assert (caught.value.place.line, caught.value.place.column) == (2, 6)


def test_the_last_of_two_items_with_a_name_wins() -> None:
    label_map = LabelMap.from_text("item { id: 1 name: 'a' } item { id: 2 name: 'a' }")
    assert label_map.ids_by_text()[b"a"] == 2
    assert label_map.labels() == {1: "a", 2: "a"}
