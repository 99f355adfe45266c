"""Rules about class weights beside the other ways to balance.

Facts from object_detection/meta_architectures (where image/object/weight goes) and
builders/dataset_builder.py (sample_from_datasets_weights).
"""

from __future__ import annotations

from typing import Iterator, Optional, Sequence

from tfod_weights.checking.findings import Finding, listed
from tfod_weights.checking.stale_rules import largest_difference, recipe_of, recomputed
from tfod_weights.checking.weight_rules import WrittenWeights, written_weights
from tfod_weights.count_config import TRAIN_INPUT
from tfod_weights.counting import ClassCounts
from tfod_weights.errors import TfodWeightsError
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.wording import number_of

# What image/object/weight does beside class weights, by architecture.
_BOX_WEIGHTS = {
    "ssd": "SSD multiplies both, and divides all losses by the sum of the boxes' own",
    "faster_rcnn": "Faster R-CNN multiplies both: a rare box counts twice over",
    "center_net": "CenterNet then no longer finds the centres of boxes whose weight is not 1",
}


def balance_findings(
    config: PipelineConfig,
    counts: Optional[ClassCounts],
    drawn: Optional[ClassCounts],
    tolerance: float,
) -> Iterator[Finding]:
    """Class weights together with box weights, or with sampling.

    Args:
        config: A config whose model has classes.
        counts: Of its training records; None where they could not be counted.
        drawn: The same with its class sampling; the same object where it has none.
        tolerance: The relative difference from which sampling changes frequencies.
    """
    written = [weights for weights in written_weights(config) if set(weights.values) != {1.0}]
    if not written or counts is None:
        return
    if counts.weighted_boxes:
        boxes = number_of(counts.weighted_boxes, "box has", "boxes have")
        problem = f"{boxes} an image/object/weight other than 1 beside these class weights"
        help = f"{_BOX_WEIGHTS[config.architecture.name]}; use one of the two"
        yield Finding("weights-with-box-weights", problem, written[0].place, help)
    yield from _sampling_findings(written[0], counts, tolerance)
    if drawn is not None and drawn is not counts:
        yield from _class_sampling_findings(config, written, counts, drawn, tolerance)


def _sampling_findings(
    weights: WrittenWeights, counts: ClassCounts, tolerance: float
) -> Iterator[Finding]:
    shown = {
        row.class_id: row.effective_objects / row.objects for row in counts.classes if row.objects
    }
    if all(abs(factor - 1) <= tolerance for factor in shown.values()):
        return
    factors = listed(_combined(weights.values, counts, shown), 4)
    problem = f"sampling shows some classes more often than the records hold them: {factors}"
    help = "each is how often it is drawn × its weight; `patch` computes weights for what is drawn"
    yield Finding("weights-with-sampling", problem, weights.place, help)


def _class_sampling_findings(
    config: PipelineConfig,
    written: Sequence[WrittenWeights],
    counts: ClassCounts,
    drawn: ClassCounts,
    tolerance: float,
) -> Iterator[Finding]:
    """Weights that make up for what class sampling has made up for already."""
    shown = {
        row.class_id: of_drawn.effective_objects / row.effective_objects
        for row, of_drawn in zip(counts.classes, drawn.classes)
        if row.effective_objects
    }
    for weights in written:
        if _is_for(drawn, config, weights, tolerance):
            continue
        factors = listed(_combined(weights.values, counts, shown), 4)
        problem = f"rare classes are made up for twice, by sampling and by weights: {factors}"
        help = f"{_DRAWN_HELP}, or `patch --loss none` leaves it to the sampling"
        yield Finding("weights-with-class-sampling", problem, weights.place, help)
        return


_DRAWN_HELP = "`tfod-weights patch --sampling HOW` computes the weights for what is drawn"


def _is_for(
    drawn: ClassCounts, config: PipelineConfig, weights: WrittenWeights, tolerance: float
) -> bool:
    """Whether weights were computed from what is drawn."""
    recipe = recipe_of(config, weights)
    if recipe is None or recipe.get("source", TRAIN_INPUT) != TRAIN_INPUT:
        return False
    try:
        fresh = recomputed(recipe, drawn, config.num_classes)
    except TfodWeightsError:
        return False
    worst = largest_difference(weights.values, fresh)
    return worst is not None and worst[1] <= tolerance


def _combined(weights: Sequence[float], counts: ClassCounts, shown: dict[int, float]) -> list[str]:
    """What an object of each class counts, all in all."""
    return [
        f"{row.name} ×{shown[row.class_id] * weight:.3g} ({shown[row.class_id]:.3g} × {weight:.3g})"
        for row in counts.classes
        for weight in weights[row.class_id - 1 : row.class_id]
        if row.class_id in shown
    ]
