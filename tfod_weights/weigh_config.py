"""From a config to its patched text: count what it trains on, weigh, patch.

What the command line does in one step; every part is a public function of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Mapping, Optional, Sequence, Union

from tfod_weights.count_config import (
    TRAIN_INPUT,
    config_label_map,
    count_config,
    count_drawn,
    source_text,
)
from tfod_weights.counting import ClassCounts, Progress
from tfod_weights.errors import UsageError
from tfod_weights.files import StrPath
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import NewSampling, PatchedConfig, PipelineConfig
from tfod_weights.pipeline.patch import PatchOptions, patched
from tfod_weights.sampling import ClassSampling
from tfod_weights.weighting import (
    BatchClassWeights,
    ClassWeights,
    class_weights,
    given_weights,
    weights_from_file,
)
from tfod_weights.weighting.checks import refuse_settings


def patch_from_records(
    path: Union[StrPath, PipelineConfig],
    options: PatchOptions,
    *,
    weights: Optional[str] = None,
    weights_file: Optional[StrPath] = None,
    records: Optional[Sequence[str]] = None,
    label_map: Optional[StrPath] = None,
    per_batch: bool = False,
    sampling: Optional[ClassSampling] = None,
    jobs: Optional[int] = 1,
    progress: Optional[Progress] = None,
    **scheme: Any,
) -> PatchedConfig:
    """Patch a config with weights from its own records, other records, a list or a file.

    With `sampling`, the losses get weights by the objects that are drawn, so that a rare class
    is not made up for twice.

    Args:
        path: The config, or what was read of it; it is not changed before `.write()`.
        options: What is written beside the weights.
        weights: `1,5`: weights in the order of the class ids.
        weights_file: A file with a weight for every class name.
        records: Count these patterns, not the config's records.
        label_map: Instead of the one that the config names.
        per_batch: Let training compute the weights from each batch; nothing is counted for them.
        sampling: How to draw images; without class weights or repeat factors of its own, its
            weights are those that the losses would get without it.
        jobs: As for `count_classes`.
        progress: Called with (bytes done, bytes in all) while records are read.
        **scheme: As for `class_weights`.

    Raises:
        TfodWeightsError: one of its kinds; nothing is written.
    """
    if weights is not None or weights_file is not None:
        refuse_settings(scheme, "the weights are given")
    if options.losses == "none":
        given = {"weights": weights, "weights_file": weights_file, "records": records}
        _refuse_unused(sampling, per_batch, {**given, **scheme})
    config = path if isinstance(path, PipelineConfig) else PipelineConfig.load(path)
    config.require_valid()  # before the records are read, which may take long
    needs_names = options.losses != "none" or sampling is not None
    labels = None
    if needs_names and not (per_batch and sampling is None):
        labels = config_label_map(config, label_map, required=weights is None)
    chosen: Optional[ClassWeights] = None
    if weights is not None:
        chosen = given_weights(parsed_weights(weights), names=_names(labels, config))
    elif weights_file is not None:
        chosen = weights_from_file(weights_file, _names(labels, config) or {}, config.num_classes)
    recipe = Recipe(config, labels, records, progress, scheme, jobs)
    if sampling is not None:
        options = replace(options, sampling=new_sampling(sampling, recipe, chosen, options.losses))
    return patched(config, _of_losses(options, recipe, chosen, per_batch), options)


def _refuse_unused(
    sampling: Optional[ClassSampling], per_batch: bool, given: Mapping[str, object]
) -> None:
    """Refuse what weights come from where none are written.

    Raises:
        UsageError: something is given.
    """
    why = "--loss none writes no class weights"
    refuse_settings({"per_batch": True} if per_batch else {}, why)
    if sampling is None or _has_own(sampling):
        refuse_settings({key: value for key, value in given.items() if value is not None}, why)


def _of_losses(
    options: PatchOptions, recipe: Recipe, chosen: Optional[ClassWeights], per_batch: bool
) -> Union[ClassWeights, BatchClassWeights, None]:
    """The weights of the losses, computed unless they are given."""
    if options.losses == "none":
        return None
    if per_batch:
        return BatchClassWeights(**recipe.scheme)
    return chosen or recipe.weights(options.sampling.sampling if options.sampling else None)


@dataclass(frozen=True)
class Recipe:
    """How weights are computed from records.

    Attributes:
        config: Names the records.
        label_map: Of its classes.
        records: Patterns to count instead of the config's records.
        progress: Called with (bytes done, bytes in all).
        scheme: Keywords of `class_weights`.
        jobs: As for `count_classes`.
    """

    config: PipelineConfig
    label_map: Optional[LabelMap]
    records: Optional[Sequence[str]]
    progress: Optional[Progress]
    scheme: Mapping[str, Any]
    jobs: Optional[int] = 1

    @cached_property
    def counts(self) -> ClassCounts:
        """The counts of the records, which are read for them once."""
        return count_config(
            self.config,
            self.label_map,
            records=self.records,
            jobs=self.jobs,
            progress=self.progress,
        )

    def weights(self, sampling: Optional[ClassSampling] = None) -> ClassWeights:
        """The weights by the objects that training meets if images are drawn so."""
        counts = count_drawn(
            self.config,
            self.label_map,
            self.counts,
            sampling,
            records=self.records,
            progress=self.progress,
        )
        weights = class_weights(counts, num_classes=self.config.num_classes, **self.scheme)
        return replace(weights, source=source_text(self.records) if self.records else TRAIN_INPUT)


def new_sampling(
    sampling: ClassSampling, recipe: Recipe, chosen: Optional[ClassWeights], losses: str
) -> NewSampling:
    """The sampling to write, its weights computed unless they are given.

    Raises:
        UsageError: given weights would count in the sampling and in a loss.
    """
    if _has_own(sampling):
        return NewSampling(sampling)
    if chosen is not None and losses != "none":
        raise UsageError(
            "the same weights would count twice: in the sampling and in the loss",
            help="add --loss none, or let both be computed from the records",
        )
    weights = chosen or recipe.weights()
    return NewSampling(replace(sampling, class_weights=tuple(weights.values)), weights)


def _has_own(sampling: ClassSampling) -> bool:
    """Whether a sampling needs no weights that are given or computed."""
    return bool(sampling.class_weights) or sampling.repeat_factor_threshold is not None


def parsed_weights(text: str) -> list[float]:
    """The numbers of `1,5`.

    Raises:
        UsageError: a part is no number, or empty.
    """
    help = "write numbers with commas between: 1,5"
    parts = text.split(",")
    if not all(part.strip() for part in parts):
        raise UsageError(f"--weights {text!r}: a weight is missing", help=help)
    try:
        return [float(number) for part in parts for number in part.split()]
    except ValueError as error:
        raise UsageError(f"--weights {text!r}: {error}", help=help) from error


def _names(label_map: Optional[LabelMap], config: PipelineConfig) -> Optional[dict[int, str]]:
    if label_map is None:
        return None
    ids = range(1, config.num_classes + 1)
    return {i: name for i, name in label_map.labels().items() if i in ids}
