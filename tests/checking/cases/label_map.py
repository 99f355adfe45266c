"""The label map, alone and against num_classes."""

from __future__ import annotations

from tests.checking.making import LABEL_MAP, Case, appended, both, config, replaced, written

ITEM = "item {{\n  id: {}\n  name: '{}'\n}}\n"
_SHOWN = "item {\n  id: 4\n  name: '/m/1'\n  display_name: 'circle'\n}\n"

CASES = {
    "label map path": Case(
        config("data/label_map.pbtxt", "data/labelmap.pbtxt"),
        "label-map-missing", 107, "did you mean demo/data/label_map.pbtxt?",
    ),
    "label map of evaluation": Case(
        config('eval_input_reader {\n  label_map_path: "demo',
               'eval_input_reader {\n  label_map_path: "d'),
        "label-map-missing", 120, "no such file",
    ),
    "no label map": Case(
        config('train_input_reader {\n  label_map_path: "demo/data/label_map.pbtxt"\n',
               "train_input_reader {\n"),
        "label-map-not-named", 106, "TFOD trusts image/object/class/label",
    ),
    "label map syntax": Case(
        written(LABEL_MAP, b"item {\n  id: 1,,\n}"), "label-map-unreadable", 2, "found ','",
    ),
    "label map with a NUL": Case(
        config("demo/data/label_map.pbtxt", r"demo\data\0labels.pbtxt"),
        "label-map-unreadable", 107, r"write / or \\ in a Windows path",
    ),
    "a folder as label map": Case(
        config("demo/data/label_map.pbtxt", "demo/data"),
        "label-map-unreadable", 107, "is a directory",
    ),
    "label map field": Case(
        written(LABEL_MAP, b"item {\n  id: 1\n  title: 'x'\n}"),
        "label-map-unreadable", 3, "no field named title",
    ),
    "label map empty": Case(
        written(LABEL_MAP, b"# nothing\n"), "label-map-empty", None, "no item",
    ),
    "id 0": Case(
        replaced(LABEL_MAP, "id: 1\n", "id: 0\n"), "label-map-id", 1, "background",
        others=["label-map-gap", "label-out-of-range"],
    ),
    "negative id": Case(
        replaced(LABEL_MAP, "id: 1\n", "id: -1\n"), "label-map-id", 1, "-1",
        others=["label-map-gap", "label-out-of-range"],
    ),
    "same id": Case(
        appended(LABEL_MAP, ITEM.format(3, "star")), "label-map-duplicate-id", 13, "id 3",
    ),
    "same name": Case(
        replaced(LABEL_MAP, "'square'", "'circle'"), "label-map-duplicate-name", 5, "'circle'",
        others=["class-text-unknown", "class-without-objects"],
    ),
    "same display name": Case(
        both(appended(LABEL_MAP, _SHOWN), replaced(LABEL_MAP, "name: 'circle'",
             "name: 'circle' display_name: 'circle'"), config("num_classes: 3", "num_classes: 4")),
        "label-map-ambiguous-name", 1, "also belongs to id 4", others=["class-without-objects"],
    ),
    "no name": Case(
        both(appended(LABEL_MAP, "item {\n  id: 4\n}\n"),
             config("num_classes: 3", "num_classes: 4")),
        "label-map-no-name", 13, "the class with id 4 has no name",
        others=["class-without-objects"],
    ),
    "above num_classes": Case(
        appended(LABEL_MAP, ITEM.format(4, "star")), "label-map-above-num-classes", 13, "'star'",
    ),
    "below num_classes": Case(
        config("num_classes: 3", "num_classes: 4"),
        "label-map-below-num-classes", 6, "label_map.pbtxt is 3",
    ),
    "gap": Case(
        both(replaced(LABEL_MAP, "id: 3", "id: 5"), config("num_classes: 3", "num_classes: 5")),
        "label-map-gap", 9, "2 ids below the highest belong to no class: 3, 4",
    ),
    "gap and above": Case(
        replaced(LABEL_MAP, "id: 3", "id: 5"), "label-map-above-num-classes", 9, "set it to 5",
        others=["label-out-of-range"],
    ),
    "gap and below": Case(
        both(replaced(LABEL_MAP, "id: 3", "id: 4"), config("num_classes: 3", "num_classes: 9")),
        "label-map-below-num-classes", 6, "label_map.pbtxt is 4", others=["label-map-gap"],
    ),
    "background": Case(
        both(appended(LABEL_MAP, ITEM.format(0, "background")),
             config("num_classes: 3", "num_classes: 4")),
        "label-map-below-num-classes", 6, "label_map.pbtxt is 3",
    ),
}  # fmt: skip
