"""Rules about the config alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Iterator

from tfod_weights.checking.findings import Finding, finding_from
from tfod_weights.errors import ConfigError, SourcePlace
from tfod_weights.migration import mended_places, with_advice
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.additions import dead_fields
from tfod_weights.pipeline.strip import grafted_fields
from tfod_weights.pipeline.targets import require_classes
from tfod_weights.textformat import faults

_FAULT_IDS = {
    "unknown_field": "unknown-field",
    "unknown_enum_value": "unknown-value",
    "bad_value": "bad-value",
}


def schema_findings(config: PipelineConfig) -> Iterator[Finding]:
    """Every field and value that TFOD's parser would reject."""
    found = faults(config.document, config.schema.pipeline)
    mended = mended_places(config.text, config.path) if found else frozenset()
    for fault in found:
        place = config.document.place(fault.offset)
        is_mended = place in mended
        help = with_advice(fault.guess(), config.path) if is_mended else fault.help()
        yield Finding(_FAULT_IDS[fault.kind], fault.problem, place, help)


def model_findings(config: PipelineConfig) -> Iterator[Finding]:
    """No model, one that has no classes to weigh, or one whose number of them is not known."""
    start = SourcePlace(config.path)
    try:
        require_classes(config)
    except ConfigError as error:
        yield _without_classes(config, error, start)
        return
    try:
        _ = config.num_classes
    except ConfigError as error:
        yield finding_from(error, "num-classes", start)


def _without_classes(config: PipelineConfig, error: ConfigError, start: SourcePlace) -> Finding:
    model = config.root.message("model")
    if model is None or model.which("model") is None:
        return finding_from(error, "model", start)
    if any(grafted_fields(config)):
        help = f"`tfod-weights strip {config.path}` removes the weights"
        return replace(finding_from(error, "weights-without-classes", start), help=help)
    help = "class weights are not for it; label map and records are not checked"
    return replace(finding_from(error, "model-without-classes", start), help=help)


def dead_block_findings(config: PipelineConfig) -> Iterator[Finding]:
    """Members of a oneof that a later member replaces, unless `patch` added that member."""
    for field in dead_fields(config):
        yield Finding(
            "dead-block",
            f"nothing reads this {field.name}: a later member of the same choice replaces it",
            config.document.place(field.start),
            "remove the one that you do not want",
        )
