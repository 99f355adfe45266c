"""What a config will make training look at: shares of objects, of what is drawn, of the loss.

An expectation from counts and weights, not a measurement: it assumes that every object costs
the same before its weight and is matched as often as any other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Mapping, Optional

from tfod_weights.checking.changing_rules import weighted_blocks
from tfod_weights.checking.weight_rules import WrittenWeights, written_weights
from tfod_weights.count_config import config_label_map, count_as_drawn
from tfod_weights.counting import ClassCount, ClassCounts, Progress
from tfod_weights.errors import ConfigError
from tfod_weights.files import StrPath
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.weighting import WeightSchedule


@dataclass(frozen=True)
class ClassForecast:
    """What to expect of one class; all shares are of 1, over the classes of the forecast.

    Attributes:
        class_id: Label-map id, one-based.
        name: The class's name.
        objects: In the training records, as far as TFOD trains on them.
        share: Of all objects in the records: n_c / Σ n.
        drawn_share: Of all objects that TFOD draws; other than `share` only with
            `sample_from_datasets_weights`, or sequences of different lengths.
        weights: Loss (`classification`, `localization`) -> the class's weight in it, 1 if the
            config has none; without the losses whose weights come from each batch.
        loss_shares: Loss, of those -> the expected share of the loss of all objects:
            n_c·w_c / Σ n·w, with n as drawn.
    """

    class_id: int
    name: str
    objects: int
    share: float
    drawn_share: float
    weights: Mapping[str, float]
    loss_shares: Mapping[str, float]


@dataclass(frozen=True)
class Forecast:
    """What to expect of a config.

    Attributes:
        path: The config.
        classes: One row per class that the label map or the records have, by class_id.
        weighted: The losses for which the config has class weights.
        per_batch: The losses whose weights are computed from each batch's own objects, which
            nobody knows before training.
        schedules: Loss -> when its weights begin, where that is not at once; the shares are
            those of the weights as written.
    """

    path: str
    classes: tuple[ClassForecast, ...]
    weighted: tuple[str, ...] = ()
    per_batch: tuple[str, ...] = ()
    schedules: Mapping[str, WeightSchedule] = field(default_factory=dict)

    @property
    def is_sampled(self) -> bool:
        """Whether TFOD draws classes in other proportions than the records hold them."""
        return any(not math.isclose(row.share, row.drawn_share) for row in self.classes)

    def imbalance(self, loss: Optional[str] = None) -> float:
        """Largest ÷ smallest share, of the objects drawn or of a loss; only classes that occur."""
        rows = [row for row in self.classes if row.drawn_share]
        shares = [row.loss_shares[loss] if loss else row.drawn_share for row in rows]
        return max(shares, default=1.0) / min(shares, default=1.0)


def forecast_config(
    path: StrPath, *, label_map: Optional[StrPath] = None, progress: Optional[Progress] = None
) -> Forecast:
    """Count what a config trains on, and say what its class weights will make of it.

    Args:
        path: The config.
        label_map: Use this label map instead of the one that the config names.
        progress: Called with (bytes done, bytes in all) while records are read.

    Raises:
        TfodWeightsError: the config, its label map or its records cannot be used, or its
            weights do not fit its classes.
    """
    config = PipelineConfig.load(path)
    config.require_valid()
    _written(config)  # before the records are read, which may take long
    labels = config_label_map(config, label_map)
    return forecast_counts(config, count_as_drawn(config, labels, progress=progress))


def forecast_counts(config: PipelineConfig, counts: ClassCounts) -> Forecast:
    """What the class weights of a config will make of counts.

    Args:
        config: A valid config.
        counts: Of its training records; the effective objects as TFOD draws them.

    Raises:
        ConfigError: its weights do not fit its classes.
    """
    weights = {kind: found.values for kind, found in _written(config).items()}
    blocks = list(weighted_blocks(config))
    per_batch = tuple(block.kind for block in blocks if block.batch_fields)
    begins = {block.kind: block.schedule for block in blocks if block.schedule.progress(0) < 1}
    losses = tuple(loss for loss in config.architecture.losses if loss not in per_batch)
    return Forecast(
        config.path,
        tuple(_rows(counts, losses, weights)),
        tuple(weights),
        per_batch,
        {loss: schedule for loss, schedule in begins.items() if loss in weights},
    )


def _written(config: PipelineConfig) -> dict[str, WrittenWeights]:
    """The weights in the config by loss, each usable."""
    found = {weights.kind: weights for weights in written_weights(config)}
    for weights in found.values():
        if len(weights.values) != config.num_classes:
            problem = f"{len(weights.values)} weights for num_classes: {config.num_classes}"
            raise ConfigError(problem, place=weights.place, help=_CHECK.format(config.path))
        if not all(math.isfinite(value) and value > 0 for value in weights.values):
            problem = "a weight is not finite or not above 0"
            raise ConfigError(problem, place=weights.place, help=_CHECK.format(config.path))
    return found


_CHECK = "`tfod-weights check {}` says more"


def _rows(
    counts: ClassCounts, losses: tuple[str, ...], weights: Mapping[str, tuple[float, ...]]
) -> list[ClassForecast]:
    objects = counts.objects or 1
    drawn = math.fsum(row.effective_objects for row in counts.classes) or 1.0
    of_class = {row.class_id: _weights_of(row, losses, weights) for row in counts.classes}
    totals = {
        loss: math.fsum(
            row.effective_objects * of_class[row.class_id][loss] for row in counts.classes
        )
        for loss in losses
    }
    return [
        ClassForecast(
            row.class_id,
            row.name,
            row.objects,
            share=row.objects / objects,
            drawn_share=row.effective_objects / drawn,
            weights=of_class[row.class_id],
            loss_shares={
                loss: row.effective_objects * weight / (totals[loss] or 1.0)
                for loss, weight in of_class[row.class_id].items()
            },
        )
        for row in counts.classes
    ]


def _weights_of(
    row: ClassCount, losses: tuple[str, ...], weights: Mapping[str, tuple[float, ...]]
) -> dict[str, float]:
    return {loss: weights[loss][row.class_id - 1] if loss in weights else 1.0 for loss in losses}
