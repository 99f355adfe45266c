"""What must hold for loss switches and augmentation presets in every config."""

from __future__ import annotations

from typing import Optional

from hypothesis import given
from hypothesis import strategies as st

from tests.configs import READERS, configs
from tfod_weights.pipeline import LossSwitch, PipelineConfig, patch_text, strip_text
from tfod_weights.pipeline.additions import dead_fields
from tfod_weights.pipeline.augmentation_presets import PRESETS
from tfod_weights.pipeline.strip import without_sampling
from tfod_weights.pipeline.verify import parsed
from tfod_weights.sampling import ClassSampling

switches = st.sampled_from(
    [
        None,
        LossSwitch("weighted_sigmoid_focal"),
        LossSwitch("weighted_sigmoid_focal", gamma=1.5, alpha=0.5),
        LossSwitch("weighted_sigmoid"),
        LossSwitch("weighted_softmax"),
    ]
)
presets = st.sampled_from([None, *PRESETS])
losses = st.sampled_from(["both", "classification", "localization", "none"])


def _patch(
    text: str,
    switch: Optional[LossSwitch],
    augment: Optional[str],
    which: str,
    sampling: Optional[ClassSampling] = None,
):
    """Patch with what the config can have."""
    config = PipelineConfig(text, "made-up.config")
    if config.architecture.name == "center_net":
        switch, which = None, "none" if which == "none" else "both"
    if which == "none" and switch is None and augment is None:
        augment = "light"
    weights = None if which == "none" else [1.5 + index for index in range(config.num_classes)]
    return patch_text(
        text, weights, losses=which, switch=switch, augment=augment, sampling=sampling
    )


@given(configs, switches, presets, losses)
def test_strip_takes_out_what_was_added(
    text: str, switch: Optional[LossSwitch], augment: Optional[str], which: str
) -> None:
    patched = _patch(text, switch, augment, which)
    assert strip_text(patched.text) == text
    rest = iter(patched.text)
    assert all(character in rest for character in text), "a character was removed or moved"


@given(configs, st.sampled_from(READERS), switches, presets, losses)
def test_sampling_is_taken_out_alone(
    text: str, reader: str, switch: Optional[LossSwitch], augment: Optional[str], which: str
) -> None:
    text += f"\n{reader}"
    patched = _patch(text, switch, augment, which)
    sampled = _patch(text, switch, augment, which, ClassSampling(repeat_factor_threshold=0.5))
    after = without_sampling(PipelineConfig(sampled.text, "sampled.config"))
    assert after.text == patched.text


@given(configs, switches, presets, losses, switches, presets, losses)
def test_only_the_last_patch_counts(
    text: str,
    switch: Optional[LossSwitch],
    augment: Optional[str],
    which: str,
    first_switch: Optional[LossSwitch],
    first_augment: Optional[str],
    first_which: str,
) -> None:
    once = _patch(text, switch, augment, which).text
    assert _patch(once, switch, augment, which).text == once
    first = _patch(text, first_switch, first_augment, first_which).text
    assert _patch(first, switch, augment, which).text == once


@given(configs, switches.filter(bool), presets)
def test_protobuf_reads_the_new_loss(text: str, switch: LossSwitch, augment: Optional[str]) -> None:
    config = PipelineConfig(text, "made-up.config")
    if config.architecture.name == "center_net":
        return
    after = PipelineConfig(_patch(text, switch, augment, "none").text, "patched.config")
    location = config.architecture.losses["classification"]
    loss = getattr(parsed(after).model, config.architecture.name)
    for name in location.path:
        loss = getattr(loss, name)
    built = loss.WhichOneof("classification_loss") or location.default_member
    assert built == switch.member
    for name, value in switch.parameters.items():
        assert getattr(getattr(loss, switch.member), name) == value


@given(configs, switches, presets, losses)
def test_nothing_is_called_dead_that_was_not(
    text: str, switch: Optional[LossSwitch], augment: Optional[str], which: str
) -> None:
    before = PipelineConfig(text, "made-up.config")
    after = PipelineConfig(_patch(text, switch, augment, which).text, "patched.config")
    assert [field.name for field in dead_fields(after)] == [
        field.name for field in before.dead_fields()
    ]
