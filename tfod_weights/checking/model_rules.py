"""Rules about the model: what TFOD's builders refuse before training starts.

Facts from object_detection/builders/model_builder.py and the builders that it calls.
"""

from __future__ import annotations

from typing import Iterator, Optional

from tfod_weights.checking.findings import Finding, listed
from tfod_weights.checking.path_rules import readers
from tfod_weights.checking.places import field_place, inner
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.feature_extractors import KERAS_TYPES, TF1_TYPES
from tfod_weights.pipeline.loss_facts import POST_PROCESSING
from tfod_weights.suggestions import did_you_mean
from tfod_weights.textformat import MergedMessage

# architecture -> the blocks that it is built from, each with the choice that must be made in it
_BLOCKS = {
    "ssd": (
        ("image_resizer", "image_resizer_oneof"),
        ("box_coder", "box_coder_oneof"),
        ("matcher", "matcher_oneof"),
        ("similarity_calculator", "region_similarity"),
        ("anchor_generator", "anchor_generator_oneof"),
        ("box_predictor", "box_predictor_oneof"),
    ),
    "faster_rcnn": (
        ("image_resizer", "image_resizer_oneof"),
        ("first_stage_anchor_generator", "anchor_generator_oneof"),
        ("second_stage_box_predictor", "box_predictor_oneof"),
    ),
    "center_net": (("image_resizer", "image_resizer_oneof"),),
}


def built_model(config: PipelineConfig) -> Optional[tuple[str, MergedMessage]]:
    """The architecture that TFOD builds, by name, and its message."""
    detection_model = config.root.message("model")
    name = detection_model.which("model") if detection_model else None
    message = detection_model.message(name) if detection_model and name in _BLOCKS else None
    return (name, message) if name and message else None


def building_findings(config: PipelineConfig) -> Iterator[Finding]:
    """Everything at which building the model stops, but for its losses."""
    model = built_model(config)
    if model is None:
        return
    yield from _feature_extractor_findings(config, *model)
    yield from _block_findings(config, *model)
    yield from _resizer_findings(config, model[1])
    yield from _suppression_findings(config, *model)
    if model[0] == "ssd":
        yield from _matcher_findings(config, model[1])
    if model[0] == "faster_rcnn":
        yield from _second_stage_findings(config, model[1])


def _feature_extractor_findings(
    config: PipelineConfig, architecture: str, model: MergedMessage
) -> Iterator[Finding]:
    extractor = model.message("feature_extractor")
    name = str(extractor.scalar("type")) if extractor else ""
    if name in KERAS_TYPES[architecture]:
        return
    place = field_place(config, extractor or model, "type")
    if name in TF1_TYPES:
        twin = TF1_TYPES[name]
        advice = f"{twin} is the same network" if twin else "there is none on TensorFlow 2"
        problem = f"{name} exists on TensorFlow 1 only: TFOD stops on TensorFlow 2"
        yield Finding("feature-extractor-tf1", problem, place, advice)
        return
    owner = next((other for other, names in KERAS_TYPES.items() if name in names), None)
    problem = f"{name or 'no type'} is not a feature extractor of {architecture}"
    guess = did_you_mean(name, KERAS_TYPES[architecture]) if name else None
    help = f"it belongs to {owner}" if owner else guess
    help = help or f"TFOD has {listed(list(KERAS_TYPES[architecture]), 4)}"
    yield Finding("feature-extractor-unknown", problem, place, help)


def _block_findings(
    config: PipelineConfig, architecture: str, model: MergedMessage
) -> Iterator[Finding]:
    for name, choice in _BLOCKS[architecture]:
        block = model.message(name)
        if block is not None and block.which(choice):
            continue
        what = "is missing" if block is None else "is empty"
        message_type = model.descriptor.fields_by_name[name].message_type
        assert message_type is not None
        members = [field.name for field in message_type.oneofs_by_name[choice].fields]
        yield Finding(
            "block-missing",
            f"{architecture}.{name} {what}; TFOD cannot build the model",
            field_place(config, model, name),
            f"write {name} with one of {', '.join(members)}",
        )


def _resizer_findings(config: PipelineConfig, model: MergedMessage) -> Iterator[Finding]:
    resizer = model.message("image_resizer")
    keep = inner(resizer, "keep_aspect_ratio_resizer")
    low, high = (int(keep.scalar(f"{m}_dimension")) if keep else 0 for m in ("min", "max"))
    if low > high:
        problem = f"min_dimension {low} is above max_dimension {high}"
        place = field_place(config, keep, "min_dimension")
        yield Finding("image-resizer", problem, place, "set max_dimension to at least that")
    if resizer and resizer.which("image_resizer_oneof") == "pad_to_multiple_resizer":
        problem = "TFOD's training input stops at a pad_to_multiple_resizer"
        place = field_place(config, resizer, "pad_to_multiple_resizer")
        help = "use fixed_shape_resizer or keep_aspect_ratio_resizer"
        yield Finding("image-resizer", problem, place, help)


def _suppression_findings(
    config: PipelineConfig, architecture: str, model: MergedMessage
) -> Iterator[Finding]:
    limits = inner(model, POST_PROCESSING[architecture], "batch_non_max_suppression")
    if limits is None:
        return
    each, total = (
        int(limits.scalar(f"max_{name}")) for name in ("detections_per_class", "total_detections")
    )
    if each > total:
        is_default = "" if limits.has("max_detections_per_class") else " (the default)"
        problem = f"max_detections_per_class {each}{is_default} is above max_total_detections"
        place = field_place(config, limits, "max_total_detections")
        help = f"set max_detections_per_class to {total} or less"
        yield Finding("non-max-suppression", problem, place, help)
    threshold = float(limits.scalar("iou_threshold"))
    if not 0 <= threshold <= 1:
        problem = f"iou_threshold is {threshold:g}, not between 0 and 1"
        place = field_place(config, limits, "iou_threshold")
        yield Finding("non-max-suppression", problem, place, "0.6 is the default")


def _matcher_findings(config: PipelineConfig, model: MergedMessage) -> Iterator[Finding]:
    matcher = model.message("matcher")
    if matcher and matcher.which("matcher_oneof") == "bipartite_matcher":
        problem = "bipartite_matcher exists on TensorFlow 1 only"
        place = field_place(config, matcher, "bipartite_matcher")
        yield Finding("matcher-bipartite", problem, place, "use argmax_matcher")


def _second_stage_findings(config: PipelineConfig, model: MergedMessage) -> Iterator[Finding]:
    batch = int(model.scalar("second_stage_batch_size"))
    proposals = int(model.scalar("first_stage_max_proposals"))
    if batch > proposals:
        problem = f"second_stage_batch_size {batch} is above first_stage_max_proposals {proposals}"
        set_one = (
            "second_stage_batch_size"
            if model.has("second_stage_batch_size")
            else "first_stage_max_proposals"
        )
        help = f"set second_stage_batch_size to {proposals} or less"
        place = field_place(config, model, set_one)
        yield Finding("second-stage-batch-size", problem, place, help)
    yield from _mask_findings(config, model)


def _mask_findings(config: PipelineConfig, model: MergedMessage) -> Iterator[Finding]:
    """Stage three computes the loss of the masks, in training and in evaluation."""
    predictor = inner(model, "second_stage_box_predictor", "mask_rcnn_box_predictor")
    has_masks = predictor is not None and bool(predictor.scalar("predict_instance_masks"))
    if not has_masks or int(model.scalar("number_of_stages")) != 3:
        return
    for reader in readers(config):
        if not reader.scalar("load_instance_masks"):
            problem = "the model predicts instance masks, but this input does not load any"
            place = field_place(config, reader)
            help = "add load_instance_masks: true and the mask_type of the records"
            yield Finding("masks-not-loaded", problem, place, help)
