"""Rules about the training records, by what counting found in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Iterator, Mapping, Optional, Union

from tfod_weights.checking.findings import Finding, finding_from, listed
from tfod_weights.checking.input_rules import read_paths, train_input_findings
from tfod_weights.checking.kinds import ERROR
from tfod_weights.count_config import count_config
from tfod_weights.counting import ClassCounts, Progress, expand_patterns
from tfod_weights.counting.meter import total_size
from tfod_weights.errors import (
    LabelMapError,
    NoMatchError,
    RecordError,
    SourcePlace,
    TfodWeightsError,
)
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.wording import number_of


@dataclass(frozen=True)
class Reading:
    """How records are read: keywords of `count_classes`."""

    verify: bool = False
    jobs: Optional[int] = 1
    progress: Optional[Progress] = None


def counted(
    config: PipelineConfig, label_map: Optional[LabelMap], reading: Reading
) -> tuple[Optional[ClassCounts], list[Finding]]:
    """The counts of the training input, or the finding that says at which record TFOD stops.

    Neither where the rules about the input have said already why there is nothing to count.
    """
    try:
        counts = count_config(
            config,
            label_map,
            verify=reading.verify,
            jobs=reading.jobs,
            progress=reading.progress,
        )
    except TfodWeightsError as error:
        return None, unsaid(config, error)
    return counts, []


def unsaid(config: PipelineConfig, error: TfodWeightsError) -> list[Finding]:
    """What an error in reading the training input amounts to, unless a rule has said it.

    No error gets lost: one that is not about a record is left out only where the rules about
    the training input find an error, too.
    """
    if isinstance(error, LabelMapError):  # its hierarchy; the rest of it has its own rules
        return [finding_from(error, "label-map-unreadable", config.label_map_place)]
    in_record = isinstance(error, RecordError) and not isinstance(error, NoMatchError)
    if not in_record and any(found.severity == ERROR for found in train_input_findings(config)):
        return []
    return [unreadable(error, config.input_place)]


def unreadable(error: TfodWeightsError, place: SourcePlace, who: str = "") -> Finding:
    """The finding that says at which record TFOD stops, and who reads it if not training."""
    finding = finding_from(error, "input-unreadable", place)
    help = finding.help or "see whether it is a link to something that is gone"
    return replace(finding, problem=f"{who}{finding.problem}", help=help)


def data_findings(
    counts: ClassCounts, config: PipelineConfig, label_map: Optional[LabelMap]
) -> Iterator[Finding]:
    """What TFOD would drop, stop at, or never see."""
    place = config.input_place
    if not counts.images:
        what = number_of(len(counts.files), "record file")
        problem = f"training reads {what} without a single image"
        yield Finding("input-empty", problem, place, _EMPTY_HELP)
        return
    yield from _empty_input_findings(config)
    yield from box_findings(counts, place)
    if counts.truncated_images:
        yield _over_maximum(counts, config, place)
    empty = [row for row in counts.classes if row.objects == 0]
    if not counts.objects:
        problem = f"no object to train on in {number_of(counts.images, 'image')}"
        dropped = any(counts.dropped.values())
        help = _ALL_DROPPED_HELP if dropped else "write boxes and classes into the records"
        yield Finding("input-without-objects", problem, place, help)
    elif empty:
        have = "has" if len(empty) == 1 else "have"
        number = f"{len(empty)} of {len(counts.classes)} classes"
        problem = f"{number} {have} no objects: {listed([row.name for row in empty])}"
        help = "they get weight 1; remove them, or add examples"
        item_place = _item_place(label_map, empty[0].class_id) or place
        yield Finding("class-without-objects", problem, item_place, help)


_EMPTY_HELP = "TFOD waits for the first image without an end; write the records anew"
_ALL_DROPPED_HELP = "TFOD would take none of their boxes, for the reasons that are said beside this"


def _empty_input_findings(config: PipelineConfig) -> Iterator[Finding]:
    """Inputs that TFOD is to draw from and that hold nothing, where it draws from several.

    Without sample weights all inputs are one. A record file without records has no bytes.
    """
    reader = config.root.message("train_input_reader")
    if reader is None or not reader.scalars("sample_from_datasets_weights"):
        return
    for path, place in read_paths(config, reader):
        if total_size(expand_patterns(path)[0]) == 0:
            problem = f"{path} holds no image, but its sample weight is above 0"
            yield Finding("input-empty", problem, place, _EMPTY_HELP)


def _item_place(label_map: Optional[LabelMap], class_id: int) -> Optional[SourcePlace]:
    items = label_map.items if label_map else ()
    return next((item.place for item in items if item.class_id == class_id), None)


def box_findings(counts: ClassCounts, place: SourcePlace) -> Iterator[Finding]:
    """Boxes that TFOD drops, or stops at."""
    yield from _dropped_findings(counts, place)
    yield from _corner_findings(counts, place)


def _dropped_findings(counts: ClassCounts, place: SourcePlace) -> Iterator[Finding]:
    if counts.unknown_texts:
        total, shown = _totals(counts.unknown_texts)
        problem = f"{_boxes(total)} a class text that is not in the label map: {shown}"
        help = "TFOD drops them without a word; mend the text or the label map"
        yield Finding("class-text-unknown", problem, place, help)
    if counts.out_of_range_labels:
        total, shown = _totals(counts.out_of_range_labels)
        problem = f"{_boxes(total)} a label outside 1..{counts.num_classes}: {shown}"
        help = "TFOD trains them as background"
        yield Finding("label-out-of-range", problem, place, help)
    if counts.dropped.get("nan_box"):
        problem = f"{_boxes(counts.dropped['nan_box'])} a coordinate that is no number"
        yield Finding("box-nan", problem, place, "TFOD drops them without a word")


def _corner_findings(counts: ClassCounts, place: SourcePlace) -> Iterator[Finding]:
    if counts.inverted_boxes:
        problem = f"{_boxes(counts.inverted_boxes)} xmax below xmin or ymax below ymin"
        yield Finding("box-inverted", problem, place, "TFOD stops training at the first of them")
    if counts.pixel_boxes:
        problem = (
            f"{_boxes(counts.pixel_boxes)} a coordinate above 1.1, so not a share of the image"
        )
        help = "divide x by the width and y by the height of the image; evaluation stops at them"
        yield Finding("box-in-pixels", problem, place, help)


def _boxes(number: int) -> str:
    return "1 box has" if number == 1 else f"{number} boxes have"


def _over_maximum(counts: ClassCounts, config: PipelineConfig, place: SourcePlace) -> Finding:
    lost = {row.name: row.dropped.get("over_max_boxes", 0) for row in counts.classes}
    total, shown = _totals({name: boxes for name, boxes in lost.items() if boxes})
    images = (
        "1 image has" if counts.truncated_images == 1 else f"{counts.truncated_images} images have"
    )
    return Finding(
        "boxes-over-maximum",
        f"{images} more than {config.max_number_of_boxes} boxes; TFOD cuts {total}: {shown}",
        place,
        "raise train_input_reader.max_number_of_boxes",
    )


def _totals(boxes: Union[Mapping[str, int], Mapping[int, int]]) -> tuple[int, str]:
    ranked = sorted(boxes.items(), key=lambda item: -item[1])
    return sum(boxes.values()), listed([f"{key!s} ({count})" for key, count in ranked])
