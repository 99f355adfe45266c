"""The pre-training gate: every rule, in the order in which a user would mend things."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Iterator, Optional, Sequence

from tfod_weights.checking.balance_rules import balance_findings
from tfod_weights.checking.checkpoint_rules import checkpoint_findings
from tfod_weights.checking.config_rules import (
    dead_block_findings,
    model_findings,
    schema_findings,
)
from tfod_weights.checking.data_rules import Reading, counted, data_findings
from tfod_weights.checking.eval_record_rules import eval_record_findings
from tfod_weights.checking.evaluation_rules import evaluation_findings
from tfod_weights.checking.file_rules import file_findings
from tfod_weights.checking.findings import Finding, finding_from
from tfod_weights.checking.image_rules import image_findings
from tfod_weights.checking.input_rules import (
    eval_label_map_findings,
    has_all_records,
    input_findings,
    train_label_map,
)
from tfod_weights.checking.kinds import require_kind
from tfod_weights.checking.label_map_rules import label_map_findings
from tfod_weights.checking.loss_rules import loss_findings
from tfod_weights.checking.model_rules import building_findings
from tfod_weights.checking.path_rules import path_findings, unreachable
from tfod_weights.checking.places import field_place
from tfod_weights.checking.sampling_rules import class_sampling, drawn, sampling_findings
from tfod_weights.checking.schedule_rules import schedule_findings
from tfod_weights.checking.stale_rules import RecipeCounts, stale_findings
from tfod_weights.checking.training_rules import training_findings
from tfod_weights.checking.weight_rules import runtime_findings, value_findings
from tfod_weights.counting import ClassCounts, Progress
from tfod_weights.counting.count import require_jobs
from tfod_weights.errors import ConfigError, SourcePlace, TextFormatError, UsageError
from tfod_weights.files import StrPath, read_text
from tfod_weights.label_map import LabelMap
from tfod_weights.migration import advise
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.verify import parsed

DEFAULT_TOLERANCE = 0.05


@dataclass(frozen=True)
class Options:
    """What a check is asked for: the keywords of `check_config`."""

    label_map: Optional[StrPath] = None
    tolerance: float = DEFAULT_TOLERANCE
    images: bool = False
    replicas: int = 1
    verify: bool = False
    jobs: Optional[int] = 1
    progress: Optional[Progress] = None

    @property
    def reading(self) -> Reading:
        """How records are read."""
        return Reading(self.verify, self.jobs, self.progress)


def check_config(
    path: StrPath,
    *,
    label_map: Optional[StrPath] = None,
    tolerance: float = DEFAULT_TOLERANCE,
    images: bool = False,
    replicas: int = 1,
    ignore: Sequence[str] = (),
    verify: bool = False,
    jobs: Optional[int] = 1,
    progress: Optional[Progress] = None,
) -> list[Finding]:
    """Check a config, its checkpoint, its label maps, its records and its class weights.

    Args:
        path: The config.
        label_map: Use this label map instead of the one that the config names for training.
        tolerance: The relative difference from which weights count as stale.
        images: Also look at the headers of the training images.
        replicas: On how many GPUs or TPU cores training will run.
        ignore: The ids of findings to leave out.
        verify: Also compare the checksums of the records' data, which reads all of it.
        jobs: As for `count_classes`.
        progress: Called with (bytes done, bytes in all) while records are read.

    Returns:
        The findings; an empty list if there is nothing to say.

    Raises:
        ConfigError: the config cannot be read at all.
        UsageError: there cannot be so many replicas or jobs, no such tolerance, or no such id
            to ignore.
    """
    _require_usable(replicas, tolerance, jobs, ignore)
    unreachable.cache_clear()
    name = os.fspath(path)
    try:
        text = read_text(path, ConfigError)
    except TextFormatError as error:  # not UTF-8
        return [finding_from(error, "syntax", SourcePlace(name))]
    try:
        config = PipelineConfig(text, name)
    except TextFormatError as error:
        advise(error, text, name)
        return [finding_from(error, "syntax", SourcePlace(name))]
    found = list(schema_findings(config)) or _protobuf_findings(config)
    if not found:
        options = Options(label_map, tolerance, images, replicas, verify, jobs, progress)
        found = [*_config_findings(config, options), *_data_findings(config, options)]
    # Two inputs may name the same faulty file.
    return [finding for finding in dict.fromkeys(found) if finding.id not in ignore]


def _require_usable(
    replicas: int, tolerance: float, jobs: Optional[int], ignore: Sequence[str]
) -> None:
    if replicas < 1:
        raise UsageError(f"{replicas} replicas: there must be at least one")
    if not tolerance >= 0:  # nor is nan
        problem = f"a tolerance of {tolerance:g} is no difference"
        raise UsageError(problem, help="it is relative, 0 or more: 0.05 is 5 per cent")
    require_jobs(jobs)
    for id in ignore:
        require_kind(id)


def _protobuf_findings(config: PipelineConfig) -> list[Finding]:
    """What protobuf rejects although our own walk found nothing, such as endless nesting."""
    try:
        parsed(config)
    except ConfigError as error:
        return [finding_from(error, "syntax", SourcePlace(config.path))]
    return []


def _config_findings(config: PipelineConfig, options: Options) -> Iterator[Finding]:
    """What the config says, and whether the files that it names are there."""
    yield from dead_block_findings(config)
    yield from path_findings(config)
    yield from model_findings(config)
    yield from building_findings(config)
    yield from loss_findings(config)
    yield from training_findings(config, options.replicas)
    yield from schedule_findings(config)
    yield from checkpoint_findings(config)
    yield from evaluation_findings(config)
    yield from input_findings(config)
    yield from file_findings(config)


def _data_findings(config: PipelineConfig, options: Options) -> Iterator[Finding]:
    """What the label maps and the records hold, if the model has classes to compare with."""
    if list(model_findings(config)):
        return
    named = os.fspath(options.label_map) if options.label_map else None
    label_map, found = train_label_map(config, named)
    yield from found
    if label_map:
        place = field_place(config, config.model, "num_classes")
        yield from label_map_findings(label_map, config.num_classes, place)
    yield from eval_label_map_findings(config, label_map)
    yield from _record_findings(config, label_map, options)


def _record_findings(
    config: PipelineConfig, label_map: Optional[LabelMap], options: Options
) -> Iterator[Finding]:
    usable = label_map if label_map and label_map.items else None
    counts = None
    if has_all_records(config) and (usable or not _names_label_map(config, options)):
        counts, found = counted(config, usable, options.reading)
        yield from found
    if counts:
        yield from data_findings(counts, config, usable)
    if options.images and has_all_records(config):
        yield from image_findings(config, options.progress)
    yield from eval_record_findings(config, usable, counts, options.reading)
    yield from value_findings(config, config.num_classes)
    yield from sampling_findings(config, config.num_classes)
    yield from _balance_findings(config, usable, counts, options)
    yield from runtime_findings(config)


def _balance_findings(
    config: PipelineConfig,
    label_map: Optional[LabelMap],
    counts: Optional[ClassCounts],
    options: Options,
) -> Iterator[Finding]:
    """What the weights and the sampling make of the records together."""
    sampling, shown = class_sampling(config), counts
    if counts and sampling:
        shown, found = drawn(config, label_map, counts, sampling, options.progress)
        yield from found
    known = RecipeCounts(
        config, label_map, counts, shown, jobs=options.jobs, progress=options.progress
    )
    yield from stale_findings(config, known, options.tolerance)
    yield from balance_findings(config, counts, shown, options.tolerance)


def _names_label_map(config: PipelineConfig, options: Options) -> bool:
    """Whether class texts decide, so that without the label map nothing can be counted."""
    reader = config.train_input
    return bool(options.label_map or (reader and reader.label_map_path))
