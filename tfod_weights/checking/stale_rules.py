"""Rules about weights that were computed from records, seen against the records of today."""

from __future__ import annotations

from typing import Iterator, Optional, Sequence

from tfod_weights.checking.findings import Finding
from tfod_weights.checking.weight_rules import (
    SAMPLING,
    WrittenWeights,
    sampling_weights,
    written_weights,
)
from tfod_weights.count_config import TRAIN_INPUT, count_config, count_drawn
from tfod_weights.counting import ClassCounts, Progress
from tfod_weights.errors import TfodWeightsError
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.marker import marker_above
from tfod_weights.weighting import SCHEMES, ClassWeights, class_weights


def stale_findings(
    config: PipelineConfig,
    label_map: Optional[LabelMap],
    counts: Optional[ClassCounts],
    drawn: Optional[ClassCounts],
    tolerance: float,
    progress: Optional[Progress] = None,
) -> Iterator[Finding]:
    """Weights that differ from what their marker's recipe gives for the records of today.

    Args:
        config: The config.
        label_map: Of its classes.
        counts: Of its training records, by which the weights of a sampling are computed.
        drawn: The same with its class sampling, by which those of the losses are.
        tolerance: The relative difference from which weights are stale.
        progress: Called with (bytes done, bytes in all) while other records are read.
    """
    for weights in [*written_weights(config), *sampling_weights(config)]:
        recipe = recipe_of(config, weights)
        if recipe is None:
            continue
        found = counts if weights.kind == SAMPLING else drawn
        try:
            fresh = recomputed(config, recipe, label_map, found, weights.kind, progress)
        except TfodWeightsError as error:
            problem = f"the weights cannot be computed again: {error.problem}"
            yield Finding("weights-stale", problem, weights.place, error.help)
            continue
        worst = largest_difference(weights.values, fresh)
        if fresh and worst and worst[1] > tolerance:
            row = fresh.rows[worst[0]]
            problem = (
                f"the records have changed: {row.name} weighs {weights.values[worst[0]]:.4g} here, "
                f"{row.weight:.4g} by today's counts"
            )
            help = f"`tfod-weights patch {config.path}` with the same options brings it up to date"
            yield Finding("weights-stale", problem, weights.place, help)


def recipe_of(config: PipelineConfig, weights: WrittenWeights) -> Optional[dict[str, str]]:
    """What the marker above weights says of them, if they can be computed again by it."""
    recipe = marker_above(config.document, weights.fields[-1])
    return recipe if recipe and recipe.get("scheme") in SCHEMES else None


def recomputed(
    config: PipelineConfig,
    recipe: dict[str, str],
    label_map: Optional[LabelMap],
    counts: Optional[ClassCounts],
    kind: str,
    progress: Optional[Progress] = None,
) -> Optional[ClassWeights]:
    """The weights by a marker's recipe from the records of today; None without counts."""
    source = recipe.get("source", TRAIN_INPUT)
    if source != TRAIN_INPUT:
        reader = config.train_input if kind != SAMPLING else None
        sampling, records = reader.class_sampling if reader else None, source.split(",")
        counts = count_config(config, label_map, records=records, progress=progress)
        counts = count_drawn(
            config, label_map, counts, sampling, records=records, progress=progress
        )
    if counts is None:
        return None
    names = ("max_ratio", "beta", "smoothing", "power")
    parameters = {name: float(recipe[name]) for name in names if name in recipe}
    return class_weights(
        counts,
        scheme=recipe["scheme"],
        normalize=recipe.get("normalize", "none"),
        num_classes=config.num_classes,
        **parameters,
    )


def largest_difference(
    written: Sequence[float], fresh: Optional[ClassWeights]
) -> Optional[tuple[int, float]]:
    """class_index and relative difference of the weight that is off the most."""
    if fresh is None or len(written) != len(fresh):
        return None
    pairs = enumerate(zip(written, fresh.values))
    differences = [(index, abs(old - new) / new) for index, (old, new) in pairs]
    return max(differences, key=lambda item: item[1], default=None)
