"""Rules about class_sampling, the drawing of training images by their classes."""

from __future__ import annotations

from typing import Iterator, Optional

from tfod_weights.checking.data_rules import unsaid
from tfod_weights.checking.findings import Finding, finding_from
from tfod_weights.checking.places import field_place
from tfod_weights.count_config import count_drawn
from tfod_weights.counting import ClassCounts, Progress
from tfod_weights.errors import RecordError, TfodWeightsError
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.inputs import CLASS_SAMPLING
from tfod_weights.pipeline.sampling_block import sampling_faults
from tfod_weights.sampling import ClassSampling, require_examples


def sampling_findings(config: PipelineConfig, num_classes: Optional[int]) -> Iterator[Finding]:
    """Class sampling that cannot be done, or that stands where it must not.

    Args:
        config: The config.
        num_classes: Its num_classes; None where it has none.
    """
    for eval_reader in config.root.messages("eval_input_reader"):
        if eval_reader.has(CLASS_SAMPLING):
            place = field_place(config, eval_reader, CLASS_SAMPLING)
            problem = "an evaluation input with class_sampling: it must show every image once"
            yield Finding("sampling-in-evaluation", problem, place, _TAKE_OUT)
    reader, train_input = config.root.message("train_input_reader"), config.train_input
    if reader is None or train_input is None or train_input.class_sampling is None:
        return
    try:
        require_examples(train_input.input_type)
    except TfodWeightsError as error:
        place = field_place(config, reader, CLASS_SAMPLING)
        yield finding_from(error, "sampling-sequences", place)
    for fault, place in sampling_faults(reader, num_classes):
        yield Finding("sampling-values", fault.problem, place, fault.help)


_TAKE_OUT = "take it out; it belongs to train_input_reader"


def class_sampling(config: PipelineConfig) -> Optional[ClassSampling]:
    """How the training images are drawn; None if they are not, or cannot be."""
    reader = config.train_input
    if reader is None or any(True for _ in sampling_findings(config, config.num_classes)):
        return None
    return reader.class_sampling


def drawn(
    config: PipelineConfig,
    label_map: Optional[LabelMap],
    counts: ClassCounts,
    sampling: ClassSampling,
    progress: Optional[Progress],
) -> tuple[Optional[ClassCounts], list[Finding]]:
    """The counts of what is drawn, or the finding that says why nothing can be."""
    try:
        return count_drawn(config, label_map, counts, sampling, progress=progress), []
    except RecordError as error:  # although they could be counted
        return None, unsaid(config, error)
    except TfodWeightsError as error:
        place = field_place(config, config.root.message("train_input_reader"), CLASS_SAMPLING)
        return None, [finding_from(error, "sampling-values", place)]
