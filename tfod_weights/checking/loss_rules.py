"""Rules about the losses and what goes with them; the facts are in pipeline/loss_facts.py."""

from __future__ import annotations

from typing import Iterator, Optional

from tfod_weights.checking.findings import Finding, finding_from
from tfod_weights.checking.model_rules import built_model
from tfod_weights.checking.places import field_place
from tfod_weights.errors import ConfigError, SourcePlace
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.architectures import ARCHITECTURES
from tfod_weights.pipeline.loss_facts import (
    LossConflict,
    classification_loss,
    converter_conflict,
    miner_conflict,
)
from tfod_weights.pipeline.targets import loss_target
from tfod_weights.textformat import MergedMessage


def loss_findings(config: PipelineConfig) -> Iterator[Finding]:
    """Losses that TFOD cannot build, or builds otherwise than written."""
    model = built_model(config)
    if model is None:
        return
    for kind in ARCHITECTURES[model[0]].losses:
        yield from _target_findings(config, *model, kind)
    miner = miner_conflict(config, classification_loss(config))
    yield from _conflict_findings(config, "hard-example-miner", miner)
    yield from _conflict_findings(config, "score-converter", converter_conflict(config))


def _target_findings(
    config: PipelineConfig, architecture: str, model: MergedMessage, kind: str
) -> Iterator[Finding]:
    location = ARCHITECTURES[architecture].losses[kind]
    if architecture == "center_net" and not model.has("object_center_params"):
        return  # said already: it classifies nothing
    try:
        loss_target(config, kind)
    except ConfigError as error:
        id = "loss-ignored" if location.ignored_unless else "loss-missing"
        yield finding_from(error, id, SourcePlace(config.path))


def _conflict_findings(
    config: PipelineConfig, id: str, conflict: Optional[LossConflict]
) -> Iterator[Finding]:
    if conflict:
        place = field_place(config, conflict.message, conflict.field)
        yield Finding(id, conflict.problem, place, conflict.help)
