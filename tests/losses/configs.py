"""Small pipeline configs of every architecture, with the losses as text."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tfod_weights.demo.dataset import demo_config

NUM_CLASSES = 3

_SSD = demo_config("x").split("train_config")[0].replace("96", "64")
_FOCAL = _SSD[_SSD.index("weighted_sigmoid_focal") : _SSD.index("localization_loss {")].rsplit(
    "}", 1
)[0]
_SMOOTH_L1 = "weighted_smooth_l1 {\n        }"
assert _FOCAL in _SSD and _SMOOTH_L1 in _SSD

_FASTER_RCNN = """
model { faster_rcnn {
  num_classes: 3
  image_resizer { fixed_shape_resizer { height: 64 width: 64 } }
  feature_extractor { type: "faster_rcnn_resnet50_keras" batch_norm_trainable: false }
  first_stage_anchor_generator { grid_anchor_generator {
    scales: [0.25, 0.5] aspect_ratios: [1.0] height: 64 width: 64 } }
  first_stage_box_predictor_conv_hyperparams {
    regularizer { l2_regularizer { } } initializer { truncated_normal_initializer { } } }
  second_stage_batch_size: 6
  initial_crop_size: 4 maxpool_kernel_size: 2 maxpool_stride: 2
  second_stage_box_predictor { <BOX_PREDICTOR> }
  second_stage_post_processing { score_converter: SOFTMAX batch_non_max_suppression {
    max_detections_per_class: 5 max_total_detections: 5 } }
  second_stage_localization_loss_weight: 2.0
  second_stage_classification_loss_weight: 3.0
  <CLASSIFICATION>
  <LOCALIZATION>
  <EXTRA>
} }
"""
_HYPERPARAMS = """{ op: FC regularizer { l2_regularizer { } }
  initializer { variance_scaling_initializer { } } }"""
BOX_HEAD = f"mask_rcnn_box_predictor {{ fc_hyperparams {_HYPERPARAMS} <MASKS> }}"
_CONV_HYPERPARAMS = _HYPERPARAMS.replace("FC", "CONV")
MASKS = f"""predict_instance_masks: true mask_height: 4 mask_width: 4
  conv_hyperparams {_CONV_HYPERPARAMS}"""
RFCN = f"""rfcn_box_predictor {{ conv_hyperparams {_CONV_HYPERPARAMS}
  num_spatial_bins_height: 2 num_spatial_bins_width: 2 crop_height: 4 crop_width: 4 depth: 8 }}"""

_CENTER_NET = """
model { center_net {
  num_classes: 3
  image_resizer { fixed_shape_resizer { height: 64 width: 64 } }
  feature_extractor { type: "tiny" }
  object_detection_task {
    task_loss_weight: 1.0 offset_loss_weight: 1.0 scale_loss_weight: 0.1
    localization_loss { <LOCALIZATION> } }
  object_center_params {
    object_center_loss_weight: 1.0 min_box_overlap_iou: 0.7 max_box_predictions: 10
    classification_loss { <CLASSIFICATION> } }
  <EXTRA>
} }
"""


@dataclass(frozen=True)
class Member:
    """A member of a loss oneof with our fields in it.

    Attributes:
        name: Such as weighted_sigmoid; empty for none at all.
        own: TFOD's fields.
        ours: The fields of tfod-weights.
    """

    name: str
    own: str = ""
    ours: str = ""

    def __str__(self) -> str:
        return f"{self.name} {{ {self.own} {self.ours} }}" if self.name else ""

    @property
    def test_id(self) -> str:
        return "-".join([self.name or "default", *self.own.replace(":", "").split()[:2]])

    def with_weights(self, weights, *, background=None, mode=None) -> Member:
        """Also with class_weights and what else is given; None for the stock loss."""
        if weights is None:
            return self
        ours = f"class_weights: {list(weights)}"
        ours += "" if background is None else f" background_weight: {background}"
        ours += "" if mode is None else f" class_weight_mode: {mode}"
        return replace(self, ours=ours)


def ssd(classification: Member, localization: Member, extra: str = "") -> str:
    """An SSD whose losses are not normalised by the number of matches.

    `extra` is put into ssd.loss.
    """
    text = _SSD.replace(_FOCAL, f"{classification}\n").replace(_SMOOTH_L1, str(localization))
    text = text.replace("classification_weight: 1.0", f"classification_weight: 1.0 {extra}")
    return text.replace("by_num_matches: true", "by_num_matches: false")


def faster_rcnn(
    classification: Member, localization_weights=None, extra: str = "", head: str = BOX_HEAD
) -> str:
    """A Faster R-CNN; with `head` RFCN, an R-FCN."""
    block, weights = "", ""
    if classification.name:
        block = f"second_stage_classification_loss {{ {classification} }}"
    if localization_weights is not None:
        weights = f"second_stage_localization_class_weights: {list(localization_weights)}"
    masks = MASKS if "masks" in extra else ""
    text = _FASTER_RCNN.replace("<BOX_PREDICTOR>", head).replace("<MASKS>", masks)
    if "max_proposals" not in extra:
        extra = f"first_stage_max_proposals: 8 {extra}"
    text = text.replace("<EXTRA>", extra.replace("masks", ""))
    return text.replace("<CLASSIFICATION>", block).replace("<LOCALIZATION>", weights)


def center_net(classification: Member, localization: Member, extra: str = "") -> str:
    """A CenterNet on the feature extractor that tests/losses/models.py registers."""
    text = _CENTER_NET.replace("<CLASSIFICATION>", str(classification)).replace("<EXTRA>", extra)
    return text.replace("<LOCALIZATION>", str(localization))


SSD_CLASSIFICATION = [
    Member("weighted_sigmoid"),
    Member("weighted_sigmoid_focal", "gamma: 2.0 alpha: 0.25"),
    Member("weighted_softmax", "logit_scale: 2.0"),
    Member("weighted_logits_softmax"),
    Member("bootstrapped_sigmoid", "alpha: 0.9"),
    Member("bootstrapped_sigmoid", "hard_bootstrap: true alpha: 0.9"),
    Member("penalty_reduced_logistic_focal_loss", "alpha: 2.0 beta: 4.0"),
    Member("weighted_dice_classification_loss"),
    Member("weighted_dice_classification_loss", "squared_normalization: true"),
]
SSD_LOCALIZATION = [
    Member("weighted_l2"),
    Member("weighted_smooth_l1", "delta: 0.5"),
    Member("weighted_iou"),
    Member("weighted_giou"),
]
FASTER_RCNN_CLASSIFICATION = [
    Member(""),
    Member("weighted_sigmoid"),
    Member("weighted_sigmoid_focal", "gamma: 2.0 alpha: 0.25"),
    Member("weighted_softmax", "logit_scale: 2.0"),
    Member("weighted_logits_softmax"),
]
CENTER_NET_CLASSIFICATION = [m for m in SSD_CLASSIFICATION if "hard" not in m.own]
CENTER_NET_LOCALIZATION = [Member("l1_localization_loss"), Member("weighted_l2")]
