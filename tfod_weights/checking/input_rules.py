"""Rules about the input readers: their label maps, their record files and how they are mixed.

Facts from object_detection/builders/dataset_builder.py and decoder_builder.py.
"""

from __future__ import annotations

import math
from typing import Iterator, Optional, Sequence

from tfod_weights.checking.findings import Finding, finding_from
from tfod_weights.checking.label_map_rules import difference_findings, load_label_map
from tfod_weights.checking.path_rules import is_checkable
from tfod_weights.checking.places import field_place, last_text, texts
from tfod_weights.counting import expand_patterns
from tfod_weights.errors import NoMatchError, SourcePlace
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.inputs import read_input
from tfod_weights.textformat import MergedMessage

_SEQUENCES = "TF_SEQUENCE_EXAMPLE"


def train_label_map(
    config: PipelineConfig, instead: Optional[str] = None
) -> tuple[Optional[LabelMap], list[Finding]]:
    """The label map of training, or what is wrong with it.

    Args:
        config: A config without faults.
        instead: A label map to use instead of the one that the config names.
    """
    reader = config.root.message("train_input_reader")
    if instead:
        return load_label_map(instead, SourcePlace(config.path))
    named = last_text(config, reader, "label_map_path")
    if named:
        return load_label_map(*named)
    if reader is None or reader.enum_name("input_type") == _SEQUENCES:
        return None, []  # said by input_findings
    problem = "training has no label map: TFOD trusts image/object/class/label"
    place = field_place(config, reader, "label_map_path")
    help = "add label_map_path, so that class names decide and can be checked"
    return None, [Finding("label-map-not-named", problem, place, help)]


def input_findings(config: PipelineConfig) -> Iterator[Finding]:
    """Input readers that name nothing, nothing that is there, or what TFOD cannot mix."""
    yield from train_input_findings(config)
    for reader in config.root.messages("eval_input_reader"):
        yield from _reader_findings(config, reader)


def train_input_findings(config: PipelineConfig) -> Iterator[Finding]:
    """Those of `input_findings` that are about training."""
    train = config.root.message("train_input_reader")
    if train is None:
        problem = "the config has no train_input_reader: there is nothing to train on"
        yield Finding("input-missing", problem, SourcePlace(config.path), _INPUT_HELP)
    else:
        yield from _reader_findings(config, train)


_INPUT_HELP = 'write tf_record_input_reader { input_path: "…" } in it'


def _reader_findings(config: PipelineConfig, reader: MergedMessage) -> Iterator[Finding]:
    paths = _paths(config, reader)
    if not paths:
        place = field_place(config, reader, "tf_record_input_reader")
        yield Finding("input-missing", "this input reader names no records", place, _INPUT_HELP)
        return
    yield from _type_findings(config, reader)
    limit = int(reader.scalar("max_number_of_boxes"))
    if limit < 0:
        problem = f"max_number_of_boxes is {limit}: TFOD stops when it makes room for the boxes"
        place = field_place(config, reader, "max_number_of_boxes")
        yield Finding("max-boxes-negative", problem, place, "set it to at least 1")
    yield from _sampling_findings(config, reader, read_input(reader).sample_weights, len(paths))
    for path, place in read_paths(config, reader):
        if not is_checkable(path):
            continue
        try:
            expand_patterns(path)
        except NoMatchError as error:
            yield finding_from(error, "input-no-match", place)


def read_paths(config: PipelineConfig, reader: MergedMessage) -> list[tuple[str, SourcePlace]]:
    """The input paths that TFOD reads, with their places: those of sample weight 0 it does not."""
    paths = _paths(config, reader)
    weights = read_input(reader).sample_weights
    if len(weights) != len(paths):
        return paths
    return [path for path, weight in zip(paths, weights) if weight]


def _paths(config: PipelineConfig, reader: MergedMessage) -> list[tuple[str, SourcePlace]]:
    return list(texts(config, reader.message("tf_record_input_reader"), "input_path"))


def _type_findings(config: PipelineConfig, reader: MergedMessage) -> Iterator[Finding]:
    place = field_place(config, reader, "input_type")
    input_type = reader.enum_name("input_type")
    if input_type == "INPUT_DEFAULT":
        problem = "TFOD has no decoder for the input_type INPUT_DEFAULT"
        yield Finding("input-type", problem, place, f"TF_EXAMPLE or {_SEQUENCES}")
    if input_type == _SEQUENCES and not reader.scalar("label_map_path"):
        problem = f"{_SEQUENCES} holds class texts only, but there is no label_map_path"
        yield Finding("input-type", problem, place, "add label_map_path to this input reader")


def _sampling_findings(
    config: PipelineConfig, reader: MergedMessage, weights: Sequence[float], paths: int
) -> Iterator[Finding]:
    place = field_place(config, reader, "sample_from_datasets_weights")
    if not weights:
        return
    if len(weights) != paths:
        problem = f"{len(weights)} sample weights for {paths} input paths: TFOD stops"
        help = "write one number per input_path, in the same order"
        yield Finding("sample-weights-length", problem, place, help)
        return
    bad = [weight for weight in weights if not 0 <= weight < math.inf]
    if bad or not any(weights):
        problem = f"sample weight {bad[0]:g} cannot be sampled with" if bad else "all are 0"
        help = "sample weights are 0 or more, and one of them is above 0"
        yield Finding("sample-weights-value", problem, place, help)
        return
    for (path, path_place), weight in zip(_paths(config, reader), weights):
        if not weight:
            problem = f"{path} has the sample weight 0: it is never read"
            yield Finding("sample-weight-zero", problem, path_place, "remove it if that is meant")


# -- label maps of evaluation -------------------------------------------------------------


def eval_label_map_findings(
    config: PipelineConfig, trained: Optional[LabelMap]
) -> Iterator[Finding]:
    """Label maps of evaluation that are missing, or not those of training."""
    for reader in config.root.messages("eval_input_reader"):
        named = last_text(config, reader, "label_map_path")
        if named is None:
            problem = "this evaluation input has no label map: evaluation stops"
            place = field_place(config, reader, "label_map_path")
            help = "add the label_map_path of train_input_reader"
            yield Finding("eval-label-map-not-named", problem, place, help)
            continue
        label_map, found = load_label_map(*named)
        yield from found
        if label_map and trained and trained.items:
            yield from difference_findings(trained, label_map, named[1])


def has_all_records(config: PipelineConfig) -> bool:
    """Whether every record file of training can be looked at from here."""
    reader = config.train_input
    return reader is not None and all(is_checkable(path) for path in reader.input_path)
