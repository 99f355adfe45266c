"""Loss switches and augmentation presets: what is refused, what is said, what users may edit."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from tfod_weights.errors import ConfigError, TfodWeightsError, UsageError
from tfod_weights.pipeline import LossSwitch, PatchedConfig, patch_text, strip_text
from tfod_weights.pipeline.augmentation_presets import PRESETS

FOCAL, SIGMOID, SOFTMAX = (
    LossSwitch(member)
    for member in ("weighted_sigmoid_focal", "weighted_sigmoid", "weighted_softmax")
)
SSD = """\
model {
  ssd {
    num_classes: 2
    loss {
      classification_loss {
        weighted_sigmoid {
        }
      }
      localization_loss {
        weighted_smooth_l1 {
        }
      }
    }
    post_processing {
      score_converter: SIGMOID
    }
  }
}
train_config {
  batch_size: 8
}
"""
FASTER_RCNN = """\
model {
  faster_rcnn {
    num_classes: 2
    second_stage_post_processing { score_converter: SOFTMAX }
  }
}
"""
CENTER_NET = (
    "model { center_net { num_classes: 2 object_center_params { classification_loss { "
    "penalty_reduced_logistic_focal_loss { } } } } } train_config { }"
)
FLIP = "data_augmentation_options { random_horizontal_flip { } }"


def _patch(text: str, **options: Any) -> PatchedConfig:
    return patch_text(text, None, losses="none", path="p.config", **options)


def _with(text: str, after: str, line: str) -> str:
    """A text with a line below another."""
    assert text.count(after) == 1
    return text.replace(after, f"{after}\n{line}")


# -- what is refused ------------------------------------------------------------------------

REFUSED = {
    "miner": (
        _with(SSD, "    loss {", "      hard_example_miner { }"),
        {"switch": FOCAL},
        "p.config:5:7",
        "TFOD refuses a hard_example_miner beside weighted_sigmoid_focal",
    ),
    "center_net": (
        CENTER_NET,
        {"switch": SIGMOID},
        "p.config:1:37",
        "center_net cannot train with weighted_sigmoid",
    ),
    "rpn only": (
        FASTER_RCNN.replace("num_classes: 2", "num_classes: 2 number_of_stages: 1"),
        {"switch": FOCAL},
        "p.config:3:20",
        "region proposal network",
    ),
    "no train_config": (
        FASTER_RCNN,
        {"augment": "light"},
        "p.config",
        "the config has no train_config",
    ),
    "keypoints": (
        SSD + "train_input_reader {\n  num_keypoints: 17\n}\n",
        {"augment": "light"},
        "p.config:23:3",
        "TFOD refuses random_horizontal_flip for keypoints without keypoint_flip_permutation",
    ),
}


@pytest.mark.parametrize("text, options, place, says", REFUSED.values(), ids=REFUSED.keys())
def test_refused(text: str, options: dict[str, Any], place: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _patch(text, **options)
    assert says in caught.value.problem
    assert str(caught.value.place) == place
    assert caught.value.help or "region" in says


def test_a_model_without_classes_can_be_augmented() -> None:
    text = REFUSED["rpn only"][0] + "train_config { }\n"
    assert "random_horizontal_flip" in _patch(text, augment="light").text


def test_an_error_points_into_the_file_as_it_is() -> None:
    patched = patch_text(SSD, [1, 2], augment="strong").text
    text = patched + "train_input_reader {\n  num_keypoints: 17\n}\n"
    with pytest.raises(ConfigError) as caught:
        _patch(text, augment="light")
    assert caught.value.place.source_line == "  num_keypoints: 17"
    assert caught.value.place.line == text.count("\n") - 1


USAGE: dict[str, Callable[[], object]] = {
    "member": lambda: LossSwitch("weighted_dice_classification_loss"),
    "gamma": lambda: LossSwitch(FOCAL.member, gamma=-1),
    "endless gamma": lambda: LossSwitch(FOCAL.member, gamma=1e39),
    "no gamma": lambda: LossSwitch(FOCAL.member, gamma=float("nan")),
    "alpha 0": lambda: LossSwitch(FOCAL.member, alpha=0),
    "alpha 1": lambda: LossSwitch(FOCAL.member, alpha=1),
    "preset": lambda: _patch(SSD, augment="strnog"),
    "nothing": lambda: _patch(SSD),
    "weights for no loss": lambda: patch_text(SSD, [1, 2], losses="none", switch=FOCAL),
    "no weights for a loss": lambda: patch_text(SSD, None, switch=FOCAL),
    "mode for no loss": lambda: _patch(SSD, switch=FOCAL, mode="CLASS_COLUMN"),
    "mode of a softmax": lambda: patch_text(SSD, [1, 2], switch=SOFTMAX, mode="CLASS_COLUMN"),
}


@pytest.mark.parametrize("call", USAGE.values(), ids=USAGE.keys())
def test_wrong_usage(call: Callable[[], object]) -> None:
    with pytest.raises(UsageError):
        call()


def test_a_preset_that_is_nearly_right_is_guessed() -> None:
    with pytest.raises(TfodWeightsError, match="must be one of light, medium") as caught:
        _patch(SSD, augment="strnog")
    assert caught.value.help == "did you mean strong?"


def test_keypoints_with_a_flip_of_their_own_are_augmented() -> None:
    text = SSD + "train_input_reader { num_keypoints: 17 }\n"
    own = FLIP.replace("flip { }", "flip { keypoint_flip_permutation: [0] }")
    text = _with(text, "  batch_size: 8", own)
    assert "random_adjust_brightness" in _patch(text, augment="light").text


# -- what is said ---------------------------------------------------------------------------

_BIAS = "    box_predictor { convolutional_box_predictor { } }"
NOTES = {
    "converter of ssd": (
        SSD,
        {"switch": SOFTMAX},
        "weighted_softmax trains for SOFTMAX scores, but score_converter is SIGMOID; "
        "write score_converter: SOFTMAX in post_processing",
    ),
    "converter of faster_rcnn": (
        FASTER_RCNN,
        {"switch": FOCAL},
        "weighted_sigmoid_focal trains for SIGMOID scores, but score_converter is SOFTMAX; "
        "write score_converter: SIGMOID in second_stage_post_processing",
    ),
    "bias": (
        _with(SSD, "    num_classes: 2", _BIAS),
        {"switch": FOCAL},
        "every anchor starts with the score 0.5, too high for weighted_sigmoid_focal; "
        "write class_prediction_bias_init: -4.6 in convolutional_box_predictor, "
        "for a score of 0.01",
    ),
    "background as zeros": (
        _with(SSD, "    num_classes: 2", "encode_background_as_zeros: true").replace(
            "converter: SIGMOID", "converter: SOFTMAX"
        ),
        {"switch": SOFTMAX},
        "weighted_softmax learns nothing from background with encode_background_as_zeros: true; "
        "write encode_background_as_zeros: false",
    ),
    "no background": (
        _with(SSD, "    num_classes: 2", "add_background_class: false").replace(
            "converter: SIGMOID", "converter: SOFTMAX"
        ),
        {"switch": SOFTMAX},
        "weighted_softmax needs a background class, but add_background_class is false; "
        "write add_background_class: true",
    ),
    "same loss": (
        SSD,
        {"switch": SIGMOID},
        "the classification loss is weighted_sigmoid already",
    ),
    "default loss": (
        FASTER_RCNN,
        {"switch": SOFTMAX},
        "the classification loss is weighted_softmax already",
    ),
    "same option": (
        _with(SSD, "  batch_size: 8", FLIP),
        {"augment": "detection-ssd"},
        "random_horizontal_flip is there already; left as it is",
    ),
    "two crops": (
        _with(SSD, "  batch_size: 8", FLIP.replace("horizontal_flip", "crop_image")),
        {"augment": "detection-ssd"},
        "random_crop_image is there as well as ssd_random_crop: images are cropped twice",
    ),
    "other values": (
        _with(SSD, "  batch_size: 8", FLIP.replace("random_horizontal_flip", "normalize_image")),
        {"augment": "light"},
        "normalize_image comes before the colours of light, which expect values from 0 to 255: "
        "move it to the end",
    ),
}


@pytest.mark.parametrize("text, options, note", NOTES.values(), ids=NOTES.keys())
def test_notes(text: str, options: dict[str, Any], note: str) -> None:
    assert _patch(text, **options).notes == (note,)


def test_class_weights_beside_alpha_are_noted() -> None:
    (note,) = patch_text(SSD, [1, 2], switch=FOCAL).notes
    assert note.startswith("alpha 0.25 weighs the objects of every class alike")
    assert not _patch(SSD, switch=FOCAL).notes


def test_what_is_there_already_is_not_written_again() -> None:
    assert _patch(SSD, switch=SIGMOID).text == SSD
    focal = _with(SSD.replace("sigmoid {", "sigmoid_focal {"), "focal {", "alpha: 0.25")
    assert _patch(focal, switch=FOCAL).text == focal, "gamma is 2 by default"
    once = _patch(SSD, augment="strong").text
    by_hand = "\n".join(line for line in once.splitlines() if "tfod-weights" not in line)
    assert _patch(by_hand, augment="strong").text == by_hand


def test_what_was_added_is_said() -> None:
    patched = _patch(_with(SSD, "  batch_size: 8", FLIP), switch=FOCAL, augment="light")
    assert patched.added == (
        "loss: weighted_sigmoid_focal with gamma 2 and alpha 0.25 instead of weighted_sigmoid",
        "augmentation: light (random_adjust_brightness)",
    )
    assert patched.losses == ()


def test_a_loss_that_faster_rcnn_ignores_is_mended_by_a_switch() -> None:
    ignored = "    second_stage_classification_loss { bootstrapped_sigmoid { } }"
    text = _with(FASTER_RCNN, "    num_classes: 2", ignored)
    with pytest.raises(ConfigError, match="does not build bootstrapped_sigmoid"):
        patch_text(text, [1, 2])
    assert patch_text(text, [1, 2], switch=FOCAL).losses[0].endswith("weighted_sigmoid_focal")


# -- what users may edit --------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS)
def test_another_preset_replaces_the_first(preset: str) -> None:
    first = _patch(SSD, augment="strong", switch=SOFTMAX).text
    assert _patch(first, augment=preset).text == _patch(SSD, augment=preset).text


def test_edited_values_of_what_was_added_go_with_it() -> None:
    text = _patch(SSD, switch=FOCAL, augment="light").text
    edited = text.replace("gamma: 2.0", "gamma: 5.0  # tuned").replace("0.1", "0.3")
    assert edited != text
    assert strip_text(edited) == SSD


def test_options_below_the_added_ones_stay() -> None:
    text = _patch(SSD, augment="light").text
    own = "  data_augmentation_options {\n    ssd_random_crop {\n    }\n  }\n"
    assert text.endswith("  }\n}\n")
    assert strip_text(text[:-2] + own + "}\n") == SSD[:-2] + own + "}\n"


def test_an_option_that_was_taken_out_is_not_missed() -> None:
    text = _patch(SSD, augment="light").text
    start = text.index("  data_augmentation_options {\n    random_adjust_brightness")
    assert strip_text(text[:start] + "}\n") == SSD


def test_a_block_that_became_something_else_stays() -> None:
    text = _patch(SSD, switch=FOCAL).text
    other = text.replace("weighted_sigmoid_focal {", "weighted_softmax {")
    other = other.replace("          gamma: 2.0\n          alpha: 0.25\n", "")
    added = "        weighted_softmax {\n        }\n"
    assert strip_text(other) == SSD.replace(
        "        }\n      }\n", f"        }}\n{added}      }}\n", 1
    )


def test_a_comment_above_a_broken_line_does_not_swallow_what_follows() -> None:
    text = "model { ssd { num_classes: 2 loss { classification_loss { weighted_sigmoid { } } } } }"
    lines = _patch(text, switch=FOCAL).text.splitlines(keepends=True)
    lines[0] = lines[0].replace("\n", "  # mine\n")
    stripped = strip_text("".join(lines))
    assert "# mine\n" in stripped
    assert stripped.replace("  # mine\n", "") == text


def test_weights_put_into_the_dead_loss_do_not_come_back_to_life() -> None:
    text = _patch(SSD, switch=FOCAL).text
    text = text.replace("weighted_sigmoid {\n", "weighted_sigmoid {\n          class_weights: 9\n")
    again = patch_text(text, [1, 2])
    assert again.text == patch_text(SSD, [1, 2]).text
