"""How long to train and how fast: the schedule of a template on other data.

The learning rate follows the batch size by the linear scaling rule (Goyal et al. 2017,
"Accurate, Large Minibatch SGD"), and the steps follow the number of images.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional

from tfod_weights.generating.rendering import number_text
from tfod_weights.generating.template import Template


@dataclass(frozen=True)
class Schedule:
    """A cosine decay with warm-up.

    Attributes:
        batch_size: Images per step.
        steps: Training steps, warm-up included; the learning rate ends at 0.
        learning_rate: The highest one, after the warm-up.
        warmup_learning_rate: The first one.
        warmup_steps: Steps from the first to the highest one; fewer than `steps`.
        steps_remark: Why so many steps, for a comment.
        learning_rate_remark: Why this learning rate.
        warmup_remark: Why so long a warm-up.
    """

    batch_size: int
    steps: int
    learning_rate: float
    warmup_learning_rate: float
    warmup_steps: int
    steps_remark: str
    learning_rate_remark: str
    warmup_remark: str


def schedule(
    template: Template,
    images: int,
    *,
    batch_size: Optional[int] = None,
    steps: Optional[int] = None,
    learning_rate: Optional[float] = None,
) -> Schedule:
    """The schedule of a template for so many training images; what is given stays.

    learning_rate = template.learning_rate · batch_size / template.reference_batch_size,
    steps = ⌈template.epochs · images / batch_size⌉, but at least template.steps_minimum, and
    warmup_steps = template.warmup_share · steps, but at most template.warmup_steps_maximum.
    """
    batch = batch_size or template.batch_size
    total = steps or max(math.ceil(template.epochs * images / batch), template.steps_minimum)
    scaled = template.learning_rate * batch / template.reference_batch_size
    rate = scaled if learning_rate is None else learning_rate
    warmup = min(int(template.warmup_share * total), template.warmup_steps_maximum)
    return Schedule(
        batch_size=batch,
        steps=total,
        learning_rate=rate,
        warmup_learning_rate=rate * template.warmup_learning_rate / template.learning_rate,
        warmup_steps=warmup,
        steps_remark=_steps_remark(template, images, batch, steps),
        learning_rate_remark=_learning_rate_remark(template, batch, learning_rate is not None),
        warmup_remark=_warmup_remark(template),
    )


def _steps_remark(template: Template, images: int, batch: int, steps: Optional[int]) -> str:
    if steps:
        return f"as asked for: {steps * batch / images:.3g} epochs of {images:,} images"
    of_images = f"{template.epochs} epochs of {images:,} images"
    return f"{of_images}, at least {template.steps_minimum:,} steps"


def _learning_rate_remark(template: Template, batch: int, is_given: bool) -> str:
    reference = template.reference_batch_size
    scaled = f"{number_text(template.learning_rate)} at batch {reference}"
    if batch != reference:
        scaled += f", × {batch} / {reference}"
    return f"as asked for; by default {scaled}" if is_given else scaled


def _warmup_remark(template: Template) -> str:
    share = number_text(100 * template.warmup_share)
    return f"{share} % of the steps, at most {template.warmup_steps_maximum:,}"
