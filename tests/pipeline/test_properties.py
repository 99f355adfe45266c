"""What must hold for every config, whatever its layout."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Optional

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.configs import READERS, configs
from tests.pipeline.hand_written import with_hand_written
from tfod_weights.pipeline import PipelineConfig, patch_text, strip_text
from tfod_weights.pipeline.strip import grafted_fields
from tfod_weights.pipeline.verify import parsed, require_same
from tfod_weights.pipeline.weights_fields import as_float32, float32_text
from tfod_weights.sampling import AGGREGATIONS, ClassSampling

samplings = st.one_of(
    st.builds(
        ClassSampling,
        class_weights=st.just((1.0,)),
        aggregation=st.sampled_from(list(AGGREGATIONS)),
        background_weight=st.sampled_from([0.0, 1.0, 2.5]),
        seed=st.sampled_from([0, 7, 2**32 - 1]),
    ),
    st.builds(
        ClassSampling, repeat_factor_threshold=st.sampled_from([0.001, 1.0]), sqrt=st.booleans()
    ),
)
losses = st.sampled_from(["both", "classification", "localization"])


def _weights(text: str, offset: float = 0.0) -> list[float]:
    num_classes = PipelineConfig(text, "made-up.config").num_classes
    return [1.5 + offset + index for index in range(num_classes)]


def _patch(text: str, which: str, offset: float = 0.0):
    if PipelineConfig(text, "x").architecture.name == "center_net" and which == "localization":
        which = "both"  # a CenterNet may have no localization loss
    return patch_text(text, _weights(text, offset), losses=which)


@given(configs, losses)
def test_strip_takes_out_what_patch_put_in(text: str, which: str) -> None:
    assert strip_text(text) == text
    patched = _patch(text, which)
    assert patched.text != text
    assert strip_text(patched.text) == text


@given(configs, st.sampled_from(READERS), st.sampled_from(["both", "none"]), samplings)
def test_sampling_is_put_in_and_taken_out(
    text: str, reader: str, which: str, sampling: ClassSampling
) -> None:
    text += f"\n{reader}"
    if sampling.class_weights:
        sampling = replace(sampling, class_weights=tuple(_weights(text)))
    weights = _weights(text) if which == "both" else None
    patched = patch_text(text, weights, losses=which, sampling=sampling).text
    assert strip_text(patched) == text
    assert patch_text(patched, weights, losses=which, sampling=sampling).text == patched
    assert patch_text(patched, _weights(text)).text == patch_text(text, _weights(text)).text


@given(st.floats(1.2e-38, 3.4e38, exclude_min=True))
def test_the_text_of_a_number_is_the_32_bit_float_nearest_to_it(number: float) -> None:
    assert as_float32(float(float32_text(number))) == as_float32(number)


@example(  # the first block of the name that was added is the user's
    "model { ssd { loss { classification_loss { weighted_softmax {} weighted_sigmoid {} } } } "
    "} model { faster_rcnn { num_classes: 3 second_stage_classification_loss {} } }",
    "both",
    "both",
)
@given(configs, losses, losses)
def test_patching_twice_is_patching_once(text: str, first: str, second: str) -> None:
    once = _patch(text, second).text
    assert _patch(once, second).text == once
    assert _patch(_patch(text, first, offset=0.25).text, second).text == once


@given(configs)
def test_the_patched_text_only_adds(text: str) -> None:
    rest = iter(_patch(text, "both").text)
    assert all(character in rest for character in text), "a character was removed or moved"


@given(configs)
def test_protobuf_reads_the_original_and_the_stripped_text_alike(text: str) -> None:
    config = PipelineConfig(text, "made-up.config")
    patched = PipelineConfig(_patch(text, "both").text, "patched.config")
    assert parsed(config) != parsed(patched)
    assert parsed(PipelineConfig(strip_text(patched.text), "stripped")) == parsed(config)


def _hand_written(text: str, reader: str, is_patched: bool, rng: random.Random) -> str:
    text += f"\n{reader}"
    num_classes = PipelineConfig(text, "made-up.config").num_classes
    if is_patched:
        sampling = rng.choice([None, ClassSampling(repeat_factor_threshold=0.5)])
        text = patch_text(text, _weights(text), sampling=sampling).text
    return with_hand_written(rng, text, num_classes)


hand_written = st.builds(
    _hand_written,
    configs,
    st.sampled_from(READERS),
    st.booleans(),
    st.randoms(use_true_random=False),
)


@given(hand_written)
def test_strip_takes_out_what_was_written_by_hand_and_nothing_else(text: str) -> None:
    config, after = PipelineConfig(text, "made-up.config"), strip_text(text)
    require_same(config, parsed(config), parsed(PipelineConfig(after, "stripped")))
    assert not any(grafted_fields(PipelineConfig(after, "stripped")))
    assert strip_text(after) == after


@given(hand_written, losses, st.sampled_from([None, ClassSampling(repeat_factor_threshold=0.25)]))
def test_what_was_written_by_hand_is_replaced(
    text: str, which: str, sampling: Optional[ClassSampling]
) -> None:
    if PipelineConfig(text, "x").architecture.name == "center_net" and which == "localization":
        which = "both"
    weights = _weights(text)
    once = patch_text(text, weights, losses=which, sampling=sampling).text
    assert patch_text(once, weights, losses=which, sampling=sampling).text == once
    assert strip_text(once) == strip_text(text)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("final", ["", "\n"])
def test_one_line_file(newline: str, final: str) -> None:
    text = "model { faster_rcnn { num_classes: 2 } }" + final
    text = text.replace("\n", newline)
    assert strip_text(patch_text(text, [1, 2]).text) == text
