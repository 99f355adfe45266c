"""Rules about label maps: alone, against num_classes, and of evaluation against training.

Facts from object_detection/utils/label_map_util.py and data_decoders/tf_example_decoder.py.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Iterator, Optional

from tfod_weights.checking.findings import Finding, finding_from, listed
from tfod_weights.checking.path_rules import is_checkable
from tfod_weights.errors import SourcePlace, TfodWeightsError
from tfod_weights.label_map import LabelMap, LabelMapItem, require_usable


def load_label_map(path: str, place: SourcePlace) -> tuple[Optional[LabelMap], list[Finding]]:
    """A label map, or the finding that says why there is none; neither if it is out of reach."""
    if not is_checkable(path):
        return None, []
    try:
        return LabelMap.load(path, strict=False), []
    except TfodWeightsError as error:
        if getattr(error.place, "line", None) is None:  # it cannot be opened
            id = "missing" if error.problem == "no such file" else "unreadable"
            problem = f"label map {error.place}: {error.problem}"
            return None, [Finding(f"label-map-{id}", problem, place, error.help)]
        return None, [finding_from(error, "label-map-unreadable", place)]


def label_map_findings(
    label_map: LabelMap, num_classes: int, num_classes_place: SourcePlace
) -> Iterator[Finding]:
    """Everything about a label map that makes TFOD stop, or train on the wrong classes.

    Args:
        label_map: As it is, duplicates and all.
        num_classes: The config's.
        num_classes_place: Where the config says so.
    """
    whole = SourcePlace(label_map.path or "<label map>")
    if not label_map.items:
        help = "write an item { id: … name: '…' } for each class"
        yield Finding("label-map-empty", "the label map has no item", whole, help)
        return
    yield from _id_findings(label_map, whole)
    yield from _duplicate_findings(label_map, whole)
    yield from _name_findings(label_map, whole)
    yield from _range_findings(label_map, num_classes, num_classes_place)


def _id_findings(label_map: LabelMap, whole: SourcePlace) -> Iterator[Finding]:
    for item in label_map.items:
        try:
            require_usable(item)
        except TfodWeightsError as error:
            yield finding_from(error, "label-map-id", whole)


def _duplicate_findings(label_map: LabelMap, whole: SourcePlace) -> Iterator[Finding]:
    seen: set[object] = set()
    for item in label_map.items:
        for what, key in (("id", item.class_id), ("name", item.name)):
            if key and key in seen:
                problem = f"the {what} {key!r} is used by an item above"
                help = "every item needs an id and a name of its own"
                yield Finding(f"label-map-duplicate-{what}", problem, item.place or whole, help)
            seen.add(key)


def _name_findings(label_map: LabelMap, whole: SourcePlace) -> Iterator[Finding]:
    """Names by which TFOD cannot tell classes apart."""
    ids = _ids_of_texts(label_map)
    for item in label_map.items:
        if not item.name and not item.display_name:
            problem = f"the class with id {item.class_id} has no name"
            help = "no class text of a record can mean it; add a name"
            yield Finding("label-map-no-name", problem, item.place or whole, help)
        others = ids[item.display_name or ""] - {item.class_id}
        if item.display_name and any(other > item.class_id for other in others):
            problem = f"the display name {item.display_name!r} also belongs to id {max(others)}"
            help = "TFOD takes the higher id for that class text; name them apart"
            yield Finding("label-map-ambiguous-name", problem, item.place or whole, help)


def _ids_of_texts(label_map: LabelMap) -> defaultdict[str, set[int]]:
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for item in label_map.items:
        for text in (item.name, item.display_name):
            ids[text or ""].add(item.class_id)
    return ids


def _range_findings(label_map: LabelMap, num_classes: int, place: SourcePlace) -> Iterator[Finding]:
    for item in label_map.items:
        if item.class_id > num_classes:
            yield Finding(
                "label-map-above-num-classes",
                f"class {item.label!r} has the id {item.class_id}, above num_classes: "
                f"{num_classes}; TFOD trains its objects as background",
                item.place or place,
                f"num_classes follows the highest id: set it to {label_map.max_id}",
            )
    if 0 < label_map.max_id < num_classes:
        yield Finding(
            "label-map-below-num-classes",
            f"num_classes is {num_classes}, the highest id in {label_map.path} "
            f"is {label_map.max_id}",
            place,
            f"set num_classes to {label_map.max_id}, unless the label map is incomplete",
        )
    yield from _gap_findings(label_map, num_classes, place)


def _gap_findings(label_map: LabelMap, num_classes: int, place: SourcePlace) -> Iterator[Finding]:
    used = {item.class_id for item in label_map.items}
    gaps = [i for i in range(1, min(label_map.max_id, num_classes)) if i not in used]
    if not gaps:
        return
    belong = "id below the highest belongs" if len(gaps) == 1 else "ids below the highest belong"
    problem = f"{len(gaps)} {belong} to no class: {listed([str(i) for i in gaps], 8)}"
    after = next(item.place for item in label_map.items if item.class_id > gaps[0])
    help = "class_weights has a 1 for each of them"
    yield Finding("label-map-gap", problem, after or place, help)


# -- evaluation against training ----------------------------------------------------------


def difference_findings(
    train: LabelMap, evaluation: LabelMap, place: SourcePlace
) -> Iterator[Finding]:
    """Classes that mean something else in evaluation than in training.

    Args:
        train: The label map that training reads class texts with.
        evaluation: That of an evaluation input.
        place: Where the config names the latter.
    """
    moved, evaluated = [], _items_of_texts(evaluation)
    for item in _classes(train):
        others = [other for text in _texts(item) for other in evaluated.get(text, ())]
        if others and all(other.class_id != item.class_id for other in others):
            moved.append(f"{_name(item)} ({item.class_id} there, {others[0].class_id} here)")
    if moved:
        problem = f"classes with another id than in training: {listed(moved, 3)}"
        help = f"evaluate with the label map of training: {train.path}"
        yield Finding("eval-label-map-ids", problem, place, help)
    only = [*_without_twin(train, evaluation, "training")]
    only += _without_twin(evaluation, train, "evaluation")
    if only:
        problem = f"training and evaluation do not have the same classes: {listed(only, 3)}"
        help = "what is in one of them only is never found, or never counted as right"
        yield Finding("eval-label-map-classes", problem, place, help)


def _without_twin(label_map: LabelMap, other: LabelMap, side: str) -> Iterator[str]:
    """The classes that no class text of the other label map means."""
    known = _items_of_texts(other)
    for item in _classes(label_map):
        if known.keys().isdisjoint(_texts(item)):
            yield f"{_name(item)} (only in {side})"


def _classes(label_map: LabelMap) -> list[LabelMapItem]:
    """The items but for the background; the last one of a name, as a class text means it."""
    return list({_name(item): item for item in label_map.items if item.class_id > 0}.values())


def _items_of_texts(label_map: LabelMap) -> dict[str, list[LabelMapItem]]:
    items: defaultdict[str, list[LabelMapItem]] = defaultdict(list)
    for item in _classes(label_map):
        for text in _texts(item):
            items[text].append(item)
    return items


def _texts(item: LabelMapItem) -> set[str]:
    """The class texts that mean an item; its id where there is none."""
    return {text for text in (item.name, item.display_name) if text} or {item.label}


def _name(item: LabelMapItem) -> str:
    return item.name or item.label
