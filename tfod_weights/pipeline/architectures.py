"""Where each architecture keeps its classes and losses. A new architecture is a new row.

Facts from object_detection/builders/model_builder.py and losses_builder.py of TFOD.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

CLASSIFICATION = "classification"
LOCALIZATION = "localization"

SOFTMAX_LOSSES = frozenset({"weighted_softmax", "weighted_logits_softmax"})


@dataclass(frozen=True)
class LossLocation:
    """Where one of an architecture's two class-dependent losses is configured.

    Attributes:
        path: Fields from the architecture's message to the loss.
        oneof: The oneof inside the last message of `path` whose member is the loss; None
            where the weights are a field of the architecture's own message.
        weights_field: The name of the weights field.
        default_member: The member that TFOD builds when none is written.
        ignored_unless: The members that TFOD builds here; it replaces others by
            `default_member` without a word. Empty: it builds every member.
        optional_task: The field without which the architecture does not have this loss.
    """

    path: tuple[str, ...]
    oneof: Optional[str] = None
    weights_field: str = "class_weights"
    default_member: Optional[str] = None
    ignored_unless: frozenset[str] = frozenset()
    optional_task: Optional[str] = None


@dataclass(frozen=True)
class Architecture:
    """One member of TFOD's DetectionModel.model.

    Attributes:
        name: The field name: ssd, faster_rcnn or center_net.
        losses: CLASSIFICATION and LOCALIZATION → where they are.
    """

    name: str
    losses: dict[str, LossLocation]


_ROWS = (
    Architecture(
        "ssd",
        {
            CLASSIFICATION: LossLocation(("loss", "classification_loss"), "classification_loss"),
            LOCALIZATION: LossLocation(("loss", "localization_loss"), "localization_loss"),
        },
    ),
    Architecture(
        "faster_rcnn",
        {
            CLASSIFICATION: LossLocation(
                ("second_stage_classification_loss",),
                "classification_loss",
                default_member="weighted_softmax",
                ignored_unless=SOFTMAX_LOSSES | {"weighted_sigmoid", "weighted_sigmoid_focal"},
            ),
            LOCALIZATION: LossLocation((), weights_field="second_stage_localization_class_weights"),
        },
    ),
    Architecture(
        "center_net",
        {
            CLASSIFICATION: LossLocation(
                ("object_center_params", "classification_loss"), "classification_loss"
            ),
            LOCALIZATION: LossLocation(
                ("object_detection_task", "localization_loss"),
                "localization_loss",
                optional_task="object_detection_task",
            ),
        },
    ),
)

ARCHITECTURES = {row.name: row for row in _ROWS}
