"""Rules about the training records, by what counting found in them."""

from __future__ import annotations

from typing import Iterator, Mapping, Optional

from tfod_weights.checking.findings import Finding, finding_from
from tfod_weights.checking.label_map_rules import load_label_map
from tfod_weights.counting import ClassCounts, Progress, expand_patterns
from tfod_weights.errors import NoMatchError, RecordError, SourcePlace, TfodWeightsError
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.weigh_config import count_config

_SHOWN = 5


def counted(
    config: PipelineConfig, label_map: Optional[LabelMap], progress: Optional[Progress]
) -> tuple[Optional[ClassCounts], list[Finding]]:
    """The counts of the training input, or the finding that says why there are none."""
    place = config.input_place
    try:
        return count_config(config, label_map, progress=progress), []
    except NoMatchError as error:
        return None, [finding_from(error, "input-no-match", place)]
    except RecordError as error:
        return None, [finding_from(error, "input-unreadable", place)]
    except TfodWeightsError as error:
        return None, [finding_from(error, "input-missing", place)]


def data_findings(
    counts: ClassCounts, config: PipelineConfig, label_map: Optional[LabelMap]
) -> Iterator[Finding]:
    """What TFOD would drop, stop at, or never see."""
    place = config.input_place
    yield from _dropped_findings(counts, place)
    if counts.inverted_boxes:
        problem = (
            f"{counts.inverted_boxes} boxes end before they start (xmax < xmin or ymax < ymin)"
        )
        yield Finding("box-inverted", problem, place, "TFOD stops training at the first of them")
    if counts.truncated_images:
        yield _over_maximum(counts, config, place)
    map_place = SourcePlace(label_map.path) if label_map and label_map.path else place
    empty = [row.name for row in counts.classes if row.objects == 0]
    if empty:
        problem = f"{len(empty)} of {len(counts.classes)} classes have no objects: {_listed(empty)}"
        help = "they get weight 1; remove them, or add examples"
        yield Finding("class-without-objects", problem, map_place, help)


def _dropped_findings(counts: ClassCounts, place: SourcePlace) -> Iterator[Finding]:
    if counts.unknown_texts:
        total, shown = _totals(counts.unknown_texts)
        problem = f"{total} boxes have a class text that is not in the label map: {shown}"
        help = "TFOD drops them without a word; mend the text or the label map"
        yield Finding("class-text-unknown", problem, place, help)
    if counts.out_of_range_labels:
        total, shown = _totals(counts.out_of_range_labels)
        problem = f"{total} boxes have a label outside 1..{counts.num_classes}: {shown}"
        help = "TFOD trains them as background"
        yield Finding("label-out-of-range", problem, place, help)
    if counts.dropped.get("nan_box"):
        problem = f"{counts.dropped['nan_box']} boxes have a coordinate that is no number"
        yield Finding("box-nan", problem, place, "TFOD drops them without a word")


def _over_maximum(counts: ClassCounts, config: PipelineConfig, place: SourcePlace) -> Finding:
    lost = {row.name: row.dropped.get("over_max_boxes", 0) for row in counts.classes}
    total, shown = _totals({name: boxes for name, boxes in lost.items() if boxes})
    return Finding(
        "boxes-over-maximum",
        f"{counts.truncated_images} images have more than {config.max_number_of_boxes} boxes; "
        f"TFOD cuts {total}: {shown}",
        place,
        "raise train_input_reader.max_number_of_boxes",
    )


def _totals(boxes: Mapping[str, int] | Mapping[int, int]) -> tuple[int, str]:
    ranked = sorted(boxes.items(), key=lambda item: -item[1])
    return sum(boxes.values()), _listed([f"{key!s} ({count})" for key, count in ranked])


def _listed(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def eval_input_findings(config: PipelineConfig) -> Iterator[Finding]:
    """Evaluation inputs that are not there; their records are not read."""
    for message, reader in zip(config.root.messages("eval_input_reader"), config.eval_inputs):
        yield from load_label_map(config, message, reader.label_map_path)[1]
        try:
            expand_patterns(reader.input_path)
        except NoMatchError as error:
            yield finding_from(error, "input-no-match", config.input_place_of(message))
