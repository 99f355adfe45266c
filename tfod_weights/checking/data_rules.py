"""Rules about the training records, by what counting found in them."""

from __future__ import annotations

from typing import Iterator, Mapping, Optional, Union

from tfod_weights.checking.findings import Finding, finding_from, listed
from tfod_weights.count_config import count_config
from tfod_weights.counting import ClassCounts, Progress
from tfod_weights.errors import (
    LabelMapError,
    NoMatchError,
    RecordError,
    SourcePlace,
    TfodWeightsError,
)
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import PipelineConfig


def counted(
    config: PipelineConfig,
    label_map: Optional[LabelMap],
    jobs: Optional[int],
    progress: Optional[Progress],
) -> tuple[Optional[ClassCounts], list[Finding]]:
    """The counts of the training input, or the finding that says at which record TFOD stops.

    Neither where the rules about the input have said already why there is nothing to count.
    """
    try:
        return count_config(config, label_map, jobs=jobs, progress=progress), []
    except NoMatchError:
        return None, []
    except RecordError as error:
        return None, [finding_from(error, "input-unreadable", config.input_place)]
    except LabelMapError as error:  # its hierarchy; the rest of it has its own rules
        return None, [finding_from(error, "label-map-unreadable", config.label_map_place)]
    except TfodWeightsError:
        return None, []


def data_findings(
    counts: ClassCounts, config: PipelineConfig, label_map: Optional[LabelMap]
) -> Iterator[Finding]:
    """What TFOD would drop, stop at, or never see."""
    place = config.input_place
    yield from _dropped_findings(counts, place)
    yield from _box_findings(counts, place)
    if counts.truncated_images:
        yield _over_maximum(counts, config, place)
    empty = [row for row in counts.classes if row.objects == 0]
    if empty:
        have = "has" if len(empty) == 1 else "have"
        number = f"{len(empty)} of {len(counts.classes)} classes"
        problem = f"{number} {have} no objects: {listed([row.name for row in empty])}"
        help = "they get weight 1; remove them, or add examples"
        item_place = _item_place(label_map, empty[0].class_id) or place
        yield Finding("class-without-objects", problem, item_place, help)


def _item_place(label_map: Optional[LabelMap], class_id: int) -> Optional[SourcePlace]:
    items = label_map.items if label_map else ()
    return next((item.place for item in items if item.class_id == class_id), None)


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


def _box_findings(counts: ClassCounts, place: SourcePlace) -> Iterator[Finding]:
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
