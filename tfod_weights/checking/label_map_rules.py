"""Rules about the label map, alone and against num_classes."""

from __future__ import annotations

from typing import Iterator, Optional

from tfod_weights.checking.findings import Finding, finding_from
from tfod_weights.errors import SourcePlace, TfodWeightsError
from tfod_weights.label_map import LabelMap, LabelMapItem, require_usable
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.textformat import MergedMessage


def load_label_map(
    config: PipelineConfig, reader: Optional[MergedMessage], path: Optional[str]
) -> tuple[Optional[LabelMap], list[Finding]]:
    """The label map of an input reader, or the finding that says why there is none."""
    field = reader.occurrences("label_map_path")[-1:] if reader else []
    place = config.document.place(field[0].start) if field else SourcePlace(config.path)
    if path is None:
        help = "add label_map_path: without it TFOD trusts image/object/class/label blindly"
        return None, [Finding("label-map-missing", "the input has no label map", place, help)]
    try:
        return LabelMap.load(path, strict=False), []
    except TfodWeightsError as error:
        if error.problem == "no such file":
            problem = f"label map {path}: {error.problem}"
            return None, [Finding("label-map-missing", problem, place, error.help)]
        return None, [finding_from(error, "label-map-unreadable", place)]


def label_map_findings(label_map: LabelMap, num_classes: int) -> Iterator[Finding]:
    """Everything about a label map that makes TFOD stop, or train on the wrong classes."""
    whole = SourcePlace(label_map.path or "<label map>")
    if not label_map.items:
        yield Finding("label-map-empty", "the label map has no item", whole)
        return
    yield from _id_findings(label_map, whole)
    yield from _duplicate_findings(label_map, whole)
    yield from _range_findings(label_map, num_classes, whole)


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


def _range_findings(label_map: LabelMap, num_classes: int, whole: SourcePlace) -> Iterator[Finding]:
    for item in label_map.items:
        if item.class_id > num_classes:
            yield Finding(
                "label-map-above-num-classes",
                f"{_named(item)} has the id {item.class_id}, above num_classes: {num_classes}; "
                "TFOD trains its objects as background",
                item.place or whole,
                f"num_classes follows the highest id: set it to {label_map.max_id}",
            )
    if 0 < label_map.max_id < num_classes:
        yield Finding(
            "label-map-below-num-classes",
            f"num_classes is {num_classes}, the highest id is {label_map.max_id}",
            whole,
            f"set num_classes to {label_map.max_id}, unless the label map is incomplete",
        )
    used = {item.class_id for item in label_map.items}
    gaps = [str(i) for i in range(1, min(label_map.max_id, num_classes)) if i not in used]
    if gaps:
        shown = ", ".join(gaps[:8]) + (", …" if len(gaps) > 8 else "")
        problem = f"{len(gaps)} ids below the highest belong to no class: {shown}"
        yield Finding("label-map-gap", problem, whole, "class_weights has a 1 for each of them")


def _named(item: LabelMapItem) -> str:
    return f"class {item.label!r}"
