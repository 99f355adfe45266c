"""What a template is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional

MAX_DESCRIPTION = 39  # characters, so that the list of templates fits into 80 columns
CHECKPOINT_TYPES = ("detection", "classification", "full")


@dataclass(frozen=True)
class Template:
    """A config that lacks only the data, and how its schedule follows the data.

    Attributes:
        name: What `generate` calls it.
        description: One line, at most MAX_DESCRIPTION characters.
        source: The TFOD config that the hyperparameters are those of.
        checkpoint: The model of TFOD's TF2 detection zoo to start from; None if there is none.
        checkpoint_types: The `fine_tune_checkpoint_type`s that the architecture restores.
        image_size: Pixels of a side, by default.
        image_size_multiple: What the size must be a multiple of.
        image_size_minimum: The smallest size, in pixels.
        batch_size: Images per step, by default.
        learning_rate: The highest one, at `reference_batch_size`.
        warmup_learning_rate: The first one, at `reference_batch_size`.
        reference_batch_size: Images per step in `source`.
        warmup_share: Warm-up steps as a share of all steps.
        warmup_steps_maximum: No more warm-up steps than these.
        epochs: How often training sees every image.
        steps_minimum: Never fewer steps than these, however few images there are.
        needs_feature: A feature that every training record must have, such as
            image/object/mask; None if boxes and classes do.
        values: Further placeholders of the config, from the header's table.
        body: The config, placeholders and all.
        path: The file, for messages.
    """

    name: str
    description: str
    source: str
    checkpoint: Optional[str]
    checkpoint_types: tuple[str, ...]
    image_size: int
    image_size_multiple: int
    image_size_minimum: int
    batch_size: int
    learning_rate: float
    warmup_learning_rate: float
    reference_batch_size: int
    warmup_share: float
    warmup_steps_maximum: int
    epochs: int
    steps_minimum: int
    needs_feature: Optional[str]
    values: Mapping[str, str]
    body: str
    path: str

    def takes(self, image_size: int) -> bool:
        """Whether the architecture can take images of this size."""
        return image_size >= self.image_size_minimum and not image_size % self.image_size_multiple

    @property
    def image_sizes(self) -> str:
        """The sizes that it takes, in words."""
        if self.image_size_multiple == 1:
            return f"sizes from {self.image_size_minimum} on"
        return f"multiples of {self.image_size_multiple} from {self.image_size_minimum} on"
