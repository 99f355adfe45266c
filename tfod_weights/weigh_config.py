"""From a config to its patched text: count what it trains on, weigh, patch.

What the command line does in one step; every part is a public function of its own.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Iterator, Optional, Sequence

from tfod_weights.counting import ClassCounts, Progress, count_classes
from tfod_weights.errors import LabelMapError, NoMatchError, SourcePlace, UsageError
from tfod_weights.files import StrPath
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import InputReader, LossSwitch, PatchedConfig, PipelineConfig
from tfod_weights.pipeline.patch import patched
from tfod_weights.weighting import ClassWeights, class_weights, given_weights, weights_from_file

TRAIN_INPUT = "train_input_reader"


def patch_from_records(
    path: StrPath,
    *,
    weights: Optional[str] = None,
    weights_file: Optional[StrPath] = None,
    records: Optional[Sequence[str]] = None,
    label_map: Optional[StrPath] = None,
    losses: str = "both",
    mode: Optional[str] = None,
    background_weight: Optional[float] = None,
    switch: Optional[LossSwitch] = None,
    augment: Optional[str] = None,
    progress: Optional[Progress] = None,
    **scheme: Any,
) -> PatchedConfig:
    """Patch a config with weights from its own records, other records, a list or a file.

    Args:
        path: The config; it is not changed before `.write()`.
        weights: `1,5`: weights in the order of the class ids.
        weights_file: A file with a weight for every class name.
        records: Count these patterns, not the config's records.
        label_map: Instead of the one that the config names.
        losses: As for `patch_config`.
        mode: As for `patch_config`.
        background_weight: As for `patch_config`.
        switch: As for `patch_config`.
        augment: As for `patch_config`.
        progress: Called with (bytes done, bytes in all) while records are read.
        **scheme: As for `class_weights`.

    Raises:
        TfodWeightsError: one of its kinds; nothing is written.
    """
    config = PipelineConfig.load(path)
    config.require_valid()  # before the records are read, which may take long
    labels = None
    if losses != "none":
        labels = config_label_map(config, label_map, required=weights is None)
    chosen = None
    if losses == "none":
        _require_no_source(weights, weights_file, records)
    elif weights is not None:
        chosen = given_weights(parsed_weights(weights), names=_names(labels, config))
    elif weights_file is not None:
        chosen = weights_from_file(weights_file, _names(labels, config) or {}, config.num_classes)
    else:
        chosen = weights_from_records(config, labels, records, progress, **scheme)
    return patched(
        config,
        chosen,
        losses=losses,
        mode=mode,
        background_weight=background_weight,
        switch=switch,
        augment=augment,
    )


def _require_no_source(*sources: object) -> None:
    if any(source is not None for source in sources):
        raise UsageError("--loss none writes no class weights, so none can be given or counted")


@contextmanager
def _placed(place: Optional[SourcePlace]) -> Iterator[None]:
    """Point an error about a whole file at the place in the config that names the file."""
    try:
        yield
    except (LabelMapError, NoMatchError) as error:
        if place is not None and getattr(error.place, "line", None) is None:
            error.problem, error.place = f"{error.place}: {error.problem}", place
        raise


def config_label_map(
    config: PipelineConfig, path: Optional[StrPath] = None, *, required: bool = True
) -> Optional[LabelMap]:
    """The label map of a config, its ids checked against num_classes.

    Args:
        config: The config.
        path: Use this label map instead.
        required: Whether an unreadable label map is an error; else it counts as none.

    Raises:
        LabelMapError: it cannot be read, or an id lies above num_classes.
    """
    reader = config.train_input
    named = path or (reader.label_map_path if reader else None)
    if named is None or (not required and path is None and not os.path.exists(named)):  # noqa: PTH110
        return None
    with _placed(config.label_map_place if path is None else None):
        label_map = LabelMap.load(named)
    above = next((i for i in label_map.items if i.class_id > config.num_classes), None)
    if above:
        field = config.model.occurrences("num_classes")[-1]
        place = config.document.place(field.start)
        raise LabelMapError(
            f"class {above.label!r} has the id {above.class_id}, but the config has "
            f"num_classes: {config.num_classes} ({place})",
            place=above.place,
            help=f"num_classes follows the highest id of the label map: {label_map.max_id}",
        )
    return label_map


def count_config(
    config: PipelineConfig,
    label_map: Optional[LabelMap],
    *,
    records: Optional[Sequence[str]] = None,
    progress: Optional[Progress] = None,
) -> ClassCounts:
    """Count the config's training records, or others, as TFOD would train on them.

    Raises:
        ConfigError: the config names no training records.
        RecordError: a pattern matches nothing, or a record cannot be read.
        UsageError: sample_from_datasets_weights does not fit the inputs.
    """
    if records is None:
        with _placed(config.input_place):
            return _count(config, config.require_train_input(), label_map, progress)
    reader = config.train_input or InputReader(None, ())
    return _count(
        config, replace(reader, input_path=tuple(records), sample_weights=()), label_map, progress
    )


def _count(
    config: PipelineConfig,
    reader: InputReader,
    label_map: Optional[LabelMap],
    progress: Optional[Progress],
) -> ClassCounts:
    return count_classes(
        reader.input_path,
        label_map,
        num_classes=config.num_classes,
        max_number_of_boxes=config.max_number_of_boxes,
        input_type=reader.input_type,
        sample_weights=reader.sample_weights or None,
        progress=progress,
    )


def weights_from_records(
    config: PipelineConfig,
    label_map: Optional[LabelMap],
    records: Optional[Sequence[str]] = None,
    progress: Optional[Progress] = None,
    **scheme: Any,
) -> ClassWeights:
    """Weights by the objects in the config's training records, or in other records."""
    counts = count_config(config, label_map, records=records, progress=progress)
    weights = class_weights(counts, num_classes=config.num_classes, **scheme)
    return replace(weights, source=",".join(records) if records else TRAIN_INPUT)


def parsed_weights(text: str) -> list[float]:
    """The numbers of `1,5`.

    Raises:
        UsageError: a part is no number.
    """
    try:
        return [float(part) for part in text.replace(",", " ").split()]
    except ValueError as error:
        problem = f"--weights {text!r}: {error}"
        raise UsageError(problem, help="write numbers with commas between: 1,5") from error


def _names(label_map: Optional[LabelMap], config: PipelineConfig) -> Optional[dict[int, str]]:
    if label_map is None:
        return None
    ids = range(1, config.num_classes + 1)
    return {i: name for i, name in label_map.labels().items() if i in ids}
