"""Rules about the losses and what goes with them.

Facts from object_detection/builders/losses_builder.py and post_processing_builder.py.
"""

from __future__ import annotations

from typing import Iterator, Optional

from tfod_weights.checking.findings import Finding, finding_from
from tfod_weights.checking.model_rules import POST_PROCESSING, built_model
from tfod_weights.checking.places import field_place, inner
from tfod_weights.errors import ConfigError, SourcePlace
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.architectures import ARCHITECTURES, CLASSIFICATION, SOFTMAX_LOSSES
from tfod_weights.pipeline.targets import loss_target
from tfod_weights.textformat import MergedMessage

FOCAL = "weighted_sigmoid_focal"
# The losses that train one logit per class and one for the background against each other take
# a SOFTMAX; the others train each logit for itself.
_SIGMOID_LOSSES = frozenset({"weighted_sigmoid", FOCAL, "bootstrapped_sigmoid"})


def loss_findings(config: PipelineConfig) -> Iterator[Finding]:
    """Losses that TFOD cannot build, or builds otherwise than written."""
    model = built_model(config)
    if model is None:
        return
    for kind in ARCHITECTURES[model[0]].losses:
        yield from _target_findings(config, *model, kind)
    if model[0] == "ssd":
        yield from _miner_findings(config, model[1])
    if model[0] in ("ssd", "faster_rcnn"):
        yield from _converter_findings(config, *model)


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


def _miner_findings(config: PipelineConfig, ssd: MergedMessage) -> Iterator[Finding]:
    loss = ssd.message("loss")
    if loss and loss.has("hard_example_miner") and classification_loss(config) == FOCAL:
        problem = f"TFOD refuses a hard_example_miner beside {FOCAL}"
        place = field_place(config, loss, "hard_example_miner")
        help = "remove the miner: focal loss already looks at the hard examples"
        yield Finding("hard-example-miner", problem, place, help)


def classification_loss(config: PipelineConfig) -> Optional[str]:
    """The member that TFOD builds for the classification loss; None if it cannot."""
    try:
        target = loss_target(config, CLASSIFICATION)
    except ConfigError:
        return None
    return target.member if target else None


def _converter_findings(
    config: PipelineConfig, architecture: str, model: MergedMessage
) -> Iterator[Finding]:
    post_processing = inner(model, POST_PROCESSING[architecture])
    loss = classification_loss(config)
    written = post_processing.enum_name("score_converter") if post_processing else "IDENTITY"
    expected = _expected_converter(loss)
    if expected in (None, written) or (written == "IDENTITY" and _is_converted_before(model)):
        return
    problem = f"{loss} trains for {expected} scores, but score_converter is {written}"
    if written == "IDENTITY" and not (post_processing and post_processing.has("score_converter")):
        problem = f"{loss} trains for {expected} scores, but there is no score_converter"
    place = field_place(config, post_processing or model, "score_converter")
    help = f"write score_converter: {expected} in {POST_PROCESSING[architecture]}"
    yield Finding("score-converter", problem, place, help)


def _is_converted_before(model: MergedMessage) -> bool:
    """Whether the box predictor turns logits into scores itself."""
    predictor = inner(model, "box_predictor", "weight_shared_convolutional_box_predictor")
    return predictor is not None and predictor.enum_name("score_converter") == "SIGMOID"


def _expected_converter(loss: Optional[str]) -> Optional[str]:
    if loss in SOFTMAX_LOSSES:
        return "SOFTMAX"
    return "SIGMOID" if loss in _SIGMOID_LOSSES else None
