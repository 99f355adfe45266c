"""Class weights in FasterRCNNMetaArch: Faster, Mask and Context R-CNN, R-FCN.

Only the second stage's box classifier knows classes; its mask loss stays as it is.
"""

from __future__ import annotations

from typing import Any, Sequence

from tfod_weights.runtime.losses.matched_objects import MatchedObjects
from tfod_weights.runtime.losses.mixing import mix_in
from tfod_weights.runtime.losses.model_weights import ModelWeights
from tfod_weights.runtime.losses.training_step import TrainingStep
from tfod_weights.runtime.losses.weighted_loss import weigh_classification, weigh_localization
from tfod_weights.runtime.losses.weights_in_force import WeightsInForce

Tensor = Any


class WeightedFasterRCNN:
    """Mixed into a FasterRCNNMetaArch: remembers the objects while the box loss is computed."""

    _matched_objects: MatchedObjects

    def _loss_box_classifier(
        self,
        refined_box_encodings: Tensor,
        class_predictions_with_background: Tensor,
        proposal_boxes: Tensor,
        num_proposals: Tensor,
        groundtruth_boxlists: Any,
        groundtruth_classes_with_background_list: Sequence[Tensor],
        *args: Any,
        **kwargs: Any,
    ) -> dict[str, Tensor]:
        """FasterRCNNMetaArch._loss_box_classifier; the background is column 0 of the classes."""
        stock: Any = super()
        with self._matched_objects.during_loss():
            targets = [rows[:, 1:] for rows in groundtruth_classes_with_background_list]
            self._matched_objects.record(targets, [])
            losses: dict[str, Tensor] = stock._loss_box_classifier(
                refined_box_encodings,
                class_predictions_with_background,
                proposal_boxes,
                num_proposals,
                groundtruth_boxlists,
                groundtruth_classes_with_background_list,
                *args,
                **kwargs,
            )
        return losses


class RecordingAssigner:
    """The detector's target assigner; remembers the matches of the box classifier's targets.

    `_loss_box_classifier` assigns them image by image before it calls a loss, and assigns mask
    targets after. Proposals are sampled with this assigner too, outside of the loss.
    """

    def __init__(self, stock: Any, objects: MatchedObjects) -> None:
        self._stock = stock
        self._objects = objects

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stock, name)

    def assign(self, *args: Any, **kwargs: Any) -> tuple[Tensor, ...]:
        """TargetAssigner.assign, whose last result is the match [proposals]."""
        assigned: tuple[Tensor, ...] = self._stock.assign(*args, **kwargs)
        self._objects.add_match(assigned[-1])
        return assigned


def weigh(model: Any, weights: ModelWeights, class_names: Sequence[str]) -> None:
    """Give a FasterRCNNMetaArch the class weights of its config."""
    objects = MatchedObjects(weights.logit_targets)
    mix_in(model, WeightedFasterRCNN)
    model._matched_objects = objects
    model._detector_target_assigner = RecordingAssigner(model._detector_target_assigner, objects)
    step = TrainingStep(model)
    if weights.classification:
        in_force = WeightsInForce(weights.classification, objects.counts, step)
        model._second_stage_classification_loss = weigh_classification(
            model._second_stage_classification_loss, in_force, objects, class_names
        )
    if weights.localization:
        in_force = WeightsInForce(weights.localization, objects.counts, step)
        model._second_stage_localization_loss = weigh_localization(
            model._second_stage_localization_loss, in_force, objects, class_names
        )
