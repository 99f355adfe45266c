"""Patching weights that change: what holds for every config, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.configs import configs
from tests.pipeline.test_patch import SSD
from tfod_weights.errors import TfodWeightsError, UsageError
from tfod_weights.pipeline import PipelineConfig, patch_text, strip_text
from tfod_weights.pipeline.targets import loss_target
from tfod_weights.pipeline.verify import parsed, verify
from tfod_weights.weighting import (
    ALWAYS,
    NORMALIZATIONS,
    SCHEMES,
    BatchClassWeights,
    WeightSchedule,
    given_weights,
)

schedules = st.builds(
    WeightSchedule, st.integers(0, 10**12), st.just(0) | st.integers(1, 10**6)
) | st.just(ALWAYS)
recipes = st.builds(
    BatchClassWeights,
    scheme=st.sampled_from(list(SCHEMES)),
    normalize=st.sampled_from(list(NORMALIZATIONS)),
    smoothing=st.floats(0, 1e9),
    power=st.floats(0, 10),
    beta=st.floats(0, 1, exclude_max=True),
    max_ratio=st.none() | st.floats(1, 1e9),
)
whats = recipes | st.none()  # None: one weight for each class


def _patch(text: str, what, schedule):
    if what is None:
        num_classes = PipelineConfig(text, "made-up.config").num_classes
        what = [1.5 + index for index in range(num_classes)]
    return patch_text(text, what, schedule=schedule).text


@given(configs, whats, schedules)
def test_strip_takes_out_what_patch_put_in(text: str, what, schedule) -> None:
    patched = _patch(text, what, schedule)
    assert patched != text
    assert strip_text(patched) == text


@given(configs, whats, schedules, whats, schedules)
def test_patching_twice_is_patching_once(text: str, first, before, second, after) -> None:
    once = _patch(text, second, after)
    assert _patch(once, second, after) == once
    assert _patch(_patch(text, first, before), second, after) == once


@given(recipes, schedules)
def test_protobuf_reads_the_very_recipe(recipe: BatchClassWeights, schedule) -> None:
    config = PipelineConfig(_patch(SSD, recipe, schedule), "patched.config")
    for block in ("classification_loss.weighted_softmax", "localization_loss.weighted_smooth_l1"):
        holder = parsed(config).model.ssd.loss
        for name in block.split("."):
            holder = getattr(holder, name)
        message = holder.batch_class_weights
        found = {field.name: value for field, value in message.ListFields()}
        assert {name: found[name] for name in recipe.parameters} == recipe.parameters
        assert set(found) == {"scheme", "normalize", *recipe.parameters}
        assert holder.HasField("class_weights_start_step") == (schedule.start_step is not None)
        assert holder.class_weights_start_step == (schedule.start_step or 0)
        assert holder.class_weights_ramp_steps == schedule.ramp_steps


SCHEDULED = WeightSchedule(10, 4)
WRONG = {
    "another start": ("start_step: 10", "start_step: 11"),
    "no start": ("          class_weights_start_step: 10\n", ""),
    "another ramp": ("ramp_steps: 4", "ramp_steps: 5"),
    "another scheme": ("scheme: INVERSE", "scheme: LOG"),
    "one more number": ("normalize: MIN", "normalize: MIN beta: 0.5"),
    "weights, too": ("          batch", "          class_weights: [1, 2]\n          batch"),
}


@pytest.mark.parametrize("case", WRONG)
def test_verify_sees_a_wrong_text(case: str) -> None:
    old, new = WRONG[case]
    recipe = BatchClassWeights("inverse", "min")
    text = _patch(SSD, recipe, SCHEDULED)
    config = PipelineConfig(SSD, "x")
    targets = [loss_target(config, kind) for kind in config.architecture.losses]
    verify(config, parsed(config), text, targets, recipe, SCHEDULED)
    assert old in text
    with pytest.raises(TfodWeightsError, match="would change more than the weights"):
        verify(config, parsed(config), text.replace(old, new, 1), targets, recipe, SCHEDULED)


@pytest.mark.parametrize(
    "what, schedule, says",
    [
        (BatchClassWeights("sqr"), ALWAYS, "there is no scheme 'sqr'"),
        (BatchClassWeights(normalize="maximum"), ALWAYS, "there is no normalisation 'maximum'"),
        (BatchClassWeights(beta=1.0), ALWAYS, "beta is 1"),
        (BatchClassWeights(max_ratio=0.5), ALWAYS, "max_ratio is 0.5"),
        (BatchClassWeights("power", power=11), ALWAYS, "power is 11"),
        (BatchClassWeights(smoothing=float("nan")), ALWAYS, "smoothing is nan"),
        (given_weights([1, 2]), WeightSchedule(-1), "start_step is -1"),
        (given_weights([1, 2]), WeightSchedule(2**63), "start_step is 9223372036854775808"),
        (given_weights([1, 2]), WeightSchedule(0, -1), "ramp_steps is -1"),
        (given_weights([1, 2]), WeightSchedule(None, 5), "where the ramp starts"),
    ],
)
def test_refused(what, schedule, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        patch_text(SSD, what, schedule=schedule)


def test_the_background_and_the_mode_go_beside() -> None:
    text = SSD.replace("softmax", "sigmoid")
    patched = patch_text(
        text,
        BatchClassWeights("power", power=0.7),
        losses="classification",
        mode="CLASS_COLUMN",
        background_weight=0.5,
        schedule=SCHEDULED,
    ).text
    assert patched == text.replace(
        "weighted_sigmoid {\n",
        "weighted_sigmoid {\n"
        "          # tfod-weights: scheme=per-batch\n"
        "          batch_class_weights {\n"
        "            scheme: POWER\n"
        "            normalize: OBJECTS\n"
        "            power: 0.7\n"
        "          }\n"
        "          class_weights_start_step: 10\n"
        "          class_weights_ramp_steps: 4\n"
        "          background_weight: 0.5\n"
        "          class_weight_mode: CLASS_COLUMN\n",
    )
    assert strip_text(patched) == text
