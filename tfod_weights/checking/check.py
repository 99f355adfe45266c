"""The pre-training gate: every rule, in the order in which a user would mend things."""

from __future__ import annotations

import os
from typing import Optional

from tfod_weights.checking.config_rules import (
    dead_block_findings,
    model_findings,
    schema_findings,
)
from tfod_weights.checking.data_rules import counted, data_findings, eval_input_findings
from tfod_weights.checking.findings import Finding, finding_from
from tfod_weights.checking.label_map_rules import label_map_findings, load_label_map
from tfod_weights.checking.weight_rules import (
    runtime_findings,
    stale_findings,
    value_findings,
)
from tfod_weights.counting import Progress
from tfod_weights.errors import ConfigError, SourcePlace, TextFormatError
from tfod_weights.files import StrPath, read_text
from tfod_weights.label_map import LabelMap
from tfod_weights.migration import advise
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.verify import parsed

DEFAULT_TOLERANCE = 0.05


def check_config(
    path: StrPath,
    *,
    label_map: Optional[StrPath] = None,
    tolerance: float = DEFAULT_TOLERANCE,
    progress: Optional[Progress] = None,
) -> list[Finding]:
    """Check a config, its label map, its training records and its class weights.

    Args:
        path: The config.
        label_map: Use this label map instead of the one that the config names.
        tolerance: The relative difference from which weights count as stale.
        progress: Called with (bytes done, bytes in all) while records are read.

    Returns:
        The findings; an empty list if there is nothing to say.

    Raises:
        ConfigError: the config cannot be read at all.
    """
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
    if found:
        return found
    found = list(dead_block_findings(config))
    blocking = list(model_findings(config))
    if blocking:
        return found + blocking
    return found + _findings_with_data(config, label_map, tolerance, progress)


def _protobuf_findings(config: PipelineConfig) -> list[Finding]:
    """What protobuf rejects although our own walk found nothing, such as endless nesting."""
    try:
        parsed(config)
    except ConfigError as error:
        return [finding_from(error, "syntax", SourcePlace(config.path))]
    return []


def _findings_with_data(
    config: PipelineConfig,
    label_map_path: Optional[StrPath],
    tolerance: float,
    progress: Optional[Progress],
) -> list[Finding]:
    reader = config.train_input
    named = reader.label_map_path if reader else None
    label_map, found = load_label_map(
        config,
        config.root.message("train_input_reader"),
        os.fspath(label_map_path) if label_map_path else named,
    )
    if label_map:
        found += label_map_findings(label_map, config.num_classes)
    usable = _usable(label_map)
    counts, problems = counted(config, usable, progress)
    found += problems
    if counts:
        found += data_findings(counts, config, usable)
    found += eval_input_findings(config)
    found += value_findings(config, config.num_classes)
    found += stale_findings(config, usable, counts, tolerance, progress)
    found += runtime_findings(config)
    return found


def _usable(label_map: Optional[LabelMap]) -> Optional[LabelMap]:
    return label_map if label_map and label_map.items else None
