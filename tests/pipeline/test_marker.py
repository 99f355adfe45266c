"""What markers say, and which weights they speak for."""

from __future__ import annotations

import pytest

from tfod_weights.pipeline import NewSampling, PipelineConfig, patch_text
from tfod_weights.pipeline.marker import marker, marker_above, parse_marker
from tfod_weights.pipeline.strip import grafted_fields, without_sampling
from tfod_weights.sampling import ClassSampling
from tfod_weights.weighting import class_weights

ONE_LINE = "model { ssd { num_classes: 2 loss { classification_loss { weighted_sigmoid { } } \
localization_loss { weighted_l2 { } } } } } train_input_reader { tf_record_input_reader { \
input_path: 'a' } }"
FASTER_RCNN = "model {\n  faster_rcnn {\n    num_classes: 2\n  }\n}\n"
SQRT, INVERSE = "# tfod-weights: scheme=sqrt", "# tfod-weights: scheme=inverse"
ADDED = "# tfod-weights: added=second_stage_classification_loss scheme=sqrt"
WEIGHTS = "class_weights: [1, 5]"


def _schemes(text: str) -> list[str | None]:
    """The schemes by which weights were computed, by their markers, in file order."""
    config = PipelineConfig(text, "p.config")
    fields = sorted(grafted_fields(config), key=lambda field: field.start)
    found = (marker_above(config.document, field) for field in fields)
    return [one["scheme"] if one else None for one in found]


def _ssd(classification: str, localization: str) -> str:
    return (
        "model { ssd { loss {\nclassification_loss { weighted_sigmoid {\n"
        f"{classification}\n}} }}\nlocalization_loss {{ weighted_l2 {{\n{localization}\n}} }}\n"
        "} } }"
    )


SPEAKS = {
    "both": (_ssd(f"{SQRT}\n{WEIGHTS}", f"{INVERSE}\n{WEIGHTS}"), ["sqrt", "inverse"]),
    "the line below": (_ssd(f"{SQRT}\n{WEIGHTS}", WEIGHTS), ["sqrt", None]),
    "not the next one": (_ssd(f"{SQRT}\n{WEIGHTS}\n{WEIGHTS}", ""), ["sqrt", None]),
    "above a comment": (_ssd(f"{SQRT}\n# mine\n\n{WEIGHTS}", ""), ["sqrt"]),
    "none is left": (_ssd(SQRT, WEIGHTS), [None]),
    "on the line": (_ssd(f"{WEIGHTS} {SQRT}", WEIGHTS), [None, None]),
    "in an added block": (
        FASTER_RCNN.replace(
            "2\n",
            f"2\n{ADDED}\nsecond_stage_classification_loss {{\n"
            f"weighted_softmax {{\n{WEIGHTS}\n}} }}\n"
            "second_stage_localization_class_weights: [1, 5]\n",
        ),
        ["sqrt", None],
    ),
}  # fmt: skip


@pytest.mark.parametrize("text, schemes", SPEAKS.values(), ids=SPEAKS.keys())
def test_a_marker_speaks_for_what_came_with_it(text: str, schemes: list[str | None]) -> None:
    assert _schemes(text) == schemes


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("text", [ONE_LINE, ONE_LINE.replace("} }", "}\n}"), ONE_LINE + "\n"])
def test_markers_above_one_line(text: str, newline: str) -> None:
    weights = class_weights({1: 10, 2: 90})
    of_sampling = class_weights({1: 10, 2: 90}, scheme="inverse")
    sampling = ClassSampling(class_weights=tuple(of_sampling.values))
    text = text.replace("\n", newline)
    patched = patch_text(text, weights, sampling=NewSampling(sampling, of_sampling)).text
    assert _schemes(patched) == ["sqrt", "sqrt", "inverse"]
    after = without_sampling(PipelineConfig(patched, "p.config")).text
    assert after == patch_text(text, weights).text


def test_repeat_factors_are_no_recipe_for_weights() -> None:
    sampling = ClassSampling(repeat_factor_threshold=0.5)
    patched = patch_text(ONE_LINE, None, losses="none", sampling=sampling).text
    text = patched.replace("weighted_l2 {", f"weighted_l2 {{ {WEIGHTS}")
    assert _schemes(text) == [None, "repeat-factor"]


@pytest.mark.parametrize("value", ["a b", 'a "b"', "é ☃", "bad\udcff.record", "a\\b c"])
def test_a_marker_says_what_it_was_given(value: str) -> None:
    text = marker({"scheme": "given", "source": value})
    assert parse_marker(text) == {"scheme": "given", "source": value}
    assert text.encode("utf-8")
