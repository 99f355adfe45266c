"""Rules about weights that were computed from records, seen against the records of today."""

from __future__ import annotations

from typing import Iterator, Mapping, Optional, Sequence

from tfod_weights.checking.findings import Finding
from tfod_weights.checking.weight_rules import (
    SAMPLING,
    WrittenWeights,
    sampling_weights,
    written_weights,
)
from tfod_weights.count_config import TRAIN_INPUT, count_config, count_drawn, source_patterns
from tfod_weights.counting import ClassCounts, Progress
from tfod_weights.errors import TfodWeightsError
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.marker import marker_above
from tfod_weights.pipeline.weights_fields import as_float32
from tfod_weights.weighting import SCHEMES, ClassWeights, class_weights

Recipe = Mapping[str, str]


class RecipeCounts:
    """The counts by which weights are computed again, those of other records made once."""

    def __init__(
        self,
        config: PipelineConfig,
        label_map: Optional[LabelMap],
        counts: Optional[ClassCounts],
        drawn: Optional[ClassCounts],
        *,
        jobs: Optional[int] = 1,
        progress: Optional[Progress] = None,
    ) -> None:
        """Know the counts of the training records.

        Args:
            config: The config.
            label_map: Of its classes.
            counts: Of its training records, by which the weights of a sampling are computed.
            drawn: The same with its class sampling, by which those of the losses are.
            jobs: As for `count_classes`, for other records.
            progress: Called with (bytes done, bytes in all) while other records are read.
        """
        self._config, self._label_map = config, label_map
        self._jobs, self._progress = jobs, progress
        self._known = {(TRAIN_INPUT, True): counts, (TRAIN_INPUT, False): drawn}

    def of(self, recipe: Recipe, kind: str) -> Optional[ClassCounts]:
        """The counts for a recipe of weights of a kind.

        Raises:
            TfodWeightsError: the records that the recipe names cannot be counted.
        """
        key = recipe.get("source", TRAIN_INPUT), kind == SAMPLING
        if key not in self._known:
            self._known[key] = self._counted(source_patterns(key[0]), for_sampling=key[1])
        return self._known[key]

    def _counted(self, records: Sequence[str], for_sampling: bool) -> ClassCounts:
        config, label_map, progress = self._config, self._label_map, self._progress
        counts = count_config(
            config, label_map, records=records, jobs=self._jobs, progress=progress
        )
        reader = config.train_input
        sampling = reader.class_sampling if reader and not for_sampling else None
        return count_drawn(config, label_map, counts, sampling, records=records, progress=progress)


def stale_findings(
    config: PipelineConfig, counts: RecipeCounts, tolerance: float
) -> Iterator[Finding]:
    """Weights that differ from what their marker's recipe gives for the records of today.

    Args:
        config: The config.
        counts: Of today's records.
        tolerance: The relative difference from which weights are stale.
    """
    for weights in [*written_weights(config), *sampling_weights(config)]:
        recipe = recipe_of(config, weights)
        if recipe is None:
            continue
        try:
            fresh = recomputed(recipe, counts.of(recipe, weights.kind), config.num_classes)
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


def recipe_of(config: PipelineConfig, weights: WrittenWeights) -> Optional[Recipe]:
    """What the marker above weights says of them, if they can be computed again by it."""
    recipe = marker_above(config.document, weights.fields[-1])
    return recipe if recipe and recipe.get("scheme") in SCHEMES else None


def recomputed(
    recipe: Recipe, counts: Optional[ClassCounts], num_classes: int
) -> Optional[ClassWeights]:
    """The weights that a marker's recipe gives for counts; None without counts."""
    if counts is None:
        return None
    names = ("max_ratio", "beta", "smoothing", "power")
    parameters = {name: float(recipe[name]) for name in names if name in recipe}
    return class_weights(
        counts,
        scheme=recipe["scheme"],
        normalize=recipe.get("normalize", "none"),
        num_classes=num_classes,
        **parameters,
    )


def largest_difference(
    written: Sequence[float], fresh: Optional[ClassWeights]
) -> Optional[tuple[int, float]]:
    """class_index and relative difference of the weight that is off the most."""
    if fresh is None or len(written) != len(fresh):
        return None
    pairs = enumerate(zip(written, map(as_float32, fresh.values)))
    differences = [(index, abs(old - new) / new) for index, (old, new) in pairs]
    return max(differences, key=lambda item: item[1], default=None)
