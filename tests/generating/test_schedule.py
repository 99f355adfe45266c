"""Steps, warm-up and learning rate by batch size and number of images."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tfod_weights.generating.library import templates
from tfod_weights.generating.schedule import schedule

TEMPLATE = templates()["ssd-mobilenet-v2"]  # 0.8 from 0.13333 at batch 512, 216 epochs

# images, options → steps, warm-up steps, learning rate
CASES = {
    "few images": (100, {}, 5000, 200, 0.025),
    "many images": (118287, {"batch_size": 512}, 49903, 1996, 0.8),
    "more images": (200000, {"batch_size": 512}, 84375, 2000, 0.8),
    "batch of one": (1000, {"batch_size": 1}, 216000, 2000, 0.0015625),
    "steps as asked for": (100, {"steps": 300}, 300, 12, 0.025),
    "one step": (100, {"steps": 1}, 1, 0, 0.025),
    "rate as asked for": (100, {"learning_rate": 0.1, "batch_size": 2}, 10800, 432, 0.1),
}


@pytest.mark.parametrize("images, options, steps, warmup, rate", CASES.values(), ids=CASES.keys())
def test_schedule(images: int, options: dict, steps: int, warmup: int, rate: float) -> None:
    plan = schedule(TEMPLATE, images, **options)
    assert (plan.steps, plan.warmup_steps) == (steps, warmup)
    assert plan.learning_rate == pytest.approx(rate)
    assert plan.warmup_learning_rate == pytest.approx(rate * 0.13333 / 0.8)


REMARKS = [
    ({}, "learning_rate_remark", "0.8 at batch 512, × 16 / 512"),
    ({"batch_size": 512}, "learning_rate_remark", "0.8 at batch 512"),
    (
        {"learning_rate": 1},
        "learning_rate_remark",
        "as asked for; by default 0.8 at batch 512, × 16 / 512",
    ),
    ({}, "steps_remark", "216 epochs of 1,234 images, at least 5,000 steps"),
    ({"steps": 300}, "steps_remark", "as asked for: 3.89 epochs of 1,234 images"),
    ({}, "warmup_remark", "4 % of the steps, at most 2,000"),
]


@pytest.mark.parametrize("options, name, remark", REMARKS)
def test_remarks_say_why(options: dict, name: str, remark: str) -> None:
    assert getattr(schedule(TEMPLATE, 1234, **options), name) == remark


@given(
    st.sampled_from(list(templates().values())),
    st.integers(1, 10**7),
    st.integers(1, 4096),
    st.none() | st.integers(1, 10**6),
)
def test_tfod_can_build_every_schedule(template, images, batch_size, steps) -> None:
    """Its cosine decay divides by total_steps - warmup_steps and must not start above its base."""
    plan = schedule(template, images, batch_size=batch_size, steps=steps)
    assert 0 <= plan.warmup_steps < plan.steps
    assert 0 <= plan.warmup_learning_rate <= plan.learning_rate
    doubled = schedule(template, images, batch_size=2 * batch_size, steps=steps)
    assert doubled.learning_rate == pytest.approx(2 * plan.learning_rate)
    assert doubled.steps <= plan.steps
