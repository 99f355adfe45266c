"""What patch refuses, with the reason, and what it says beside the change."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY
from tfod_weights.errors import ConfigError, TfodWeightsError, UsageError, WeightsError
from tfod_weights.pipeline import PipelineConfig, patch_text, strip_text
from tfod_weights.pipeline.weights_fields import float32_text
from tfod_weights.weighting import class_weights

SSD = """\
model {
  ssd {
    num_classes: 2
    loss {
      classification_loss {
        weighted_softmax {
        }
      }
      localization_loss {
        weighted_smooth_l1 {
        }
      }
    }
  }
}
"""

REFUSED = {
    "no model": ("train_config { }", 1, "the config names no model"),
    "experimental": ("model { experimental_model { } }", 1, "is not an architecture"),
    "no num_classes": (SSD.replace("num_classes: 2", ""), 2, "ssd has no num_classes"),
    "zero classes": (SSD.replace("es: 2", "es: 0"), 3, "num_classes is 0"),
    "unknown field": (SSD.replace("weighted_smooth_l1", "weighted_huber"), 10, "has no field"),
    "no loss": (SSD.replace("weighted_softmax {\n        }", ""), 5, "names no loss"),
    "no loss block": ("model { ssd { num_classes: 2 } }", 1, "ssd.loss.classification_loss names"),
    "rpn only": (
        "model { faster_rcnn { num_classes: 2\nnumber_of_stages: 1 } }",
        2,
        "the region proposal network, which knows no classes",
    ),
    "ignored loss": (
        "model { faster_rcnn { num_classes: 2 second_stage_classification_loss {\n"
        "bootstrapped_sigmoid { } } } }",
        2,
        "does not build bootstrapped_sigmoid: TFOD ignores it",
    ),
    "deepmac only": (
        "model { center_net { num_classes: 2 deepmac_mask_estimation { } } }",
        1,
        "classifies nothing (DeepMAC's mask loss knows no classes)",
    ),
    "center_net without loss": (
        "model { center_net { num_classes: 2 object_center_params {\n} } }",
        1,
        "center_net.object_center_params.classification_loss names no loss",
    ),
    "swallowed by a comment": ("# all\rmodel { ssd { num_classes: 2 } }", 1, "names no model"),
}


@pytest.mark.parametrize("text, line, says", REFUSED.values(), ids=REFUSED.keys())
def test_refused(text: str, line: int, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        patch_text(text, [1, 2], path="p.config")
    assert says in caught.value.problem
    assert (caught.value.place.path, caught.value.place.line) == ("p.config", line)


def test_a_comment_without_its_line_end_is_explained() -> None:
    with pytest.raises(ConfigError) as caught:
        patch_text("# all\rmodel { ssd { num_classes: 2 } }", [1, 2])
    assert "the comment on line 1 goes on to the next LF" in str(caught.value.help)


def test_endless_nesting_is_an_error() -> None:
    text = SSD + "[x.y] {" + "a {" * 50_000 + "}" * 50_001
    with pytest.raises(ConfigError, match="nested too deeply"):
        patch_text(text, [1, 2])


@pytest.mark.parametrize("weights", [[1], [1, 2, 3]])
def test_one_weight_per_class(weights: list[float]) -> None:
    with pytest.raises(WeightsError, match=f"{len(weights)} weights for num_classes: 2") as caught:
        patch_text(SSD, weights, path="p.config")
    assert str(caught.value.place) == "p.config:3:5"


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf"), 1e39, 1e-50])
def test_weights_are_finite_and_positive_as_32_bit_floats(weight: float) -> None:
    with pytest.raises(WeightsError):
        patch_text(SSD, [1, weight])


@pytest.mark.parametrize("mode", ["POSITIVE_LOGIT", "CLASS_COLUMN"])
def test_modes_that_a_softmax_cannot_have(mode: str) -> None:
    with pytest.raises(UsageError, match="a softmax couples them"):
        patch_text(SSD, [1, 2], mode=mode)
    assert mode in patch_text(SSD.replace("softmax", "sigmoid"), [1, 2], mode=mode).text


@pytest.mark.parametrize(
    "options",
    [{"losses": "all"}, {"mode": "BOTH"}, {"losses": "localization", "mode": "MATCHED_CLASS"}],
)
def test_unknown_options(options: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        patch_text(SSD, [1, 2], **options)


def test_a_center_net_without_boxes_gets_no_localization_weights() -> None:
    text = (
        "model { center_net { num_classes: 2 object_center_params { classification_loss { "
        "penalty_reduced_logistic_focal_loss { } } } } }"
    )
    patched = patch_text(text, [1, 2])
    assert patched.losses == ("classification: penalty_reduced_logistic_focal_loss",)
    assert patched.notes == ("this center_net has no localization loss; none was weighted",)
    with pytest.raises(ConfigError, match="has no localization loss"):
        patch_text(text, [1, 2], losses="localization")


def test_dead_blocks_are_reported_and_left() -> None:
    text = SSD.replace(
        "weighted_softmax {", "weighted_sigmoid { } # old\n        weighted_softmax {"
    )
    patched = patch_text(text, [1, 2])
    assert "weighted_sigmoid { } # old" in patched.text
    assert patched.notes == (
        "line 6: nothing reads weighted_sigmoid, a later member replaces it; left as it is",
    )


BY_HAND = {
    "two on a line": (
        "\n          class_weights: [1, 5] background_weight: 2\n        ", "\n        ",
    ),
    "one weight each": ("\n  class_weights: 1 class_weights: 5\n", "\n"),
    "commas": ("\n  class_weights: 1,  class_weights: 5 ; background_weight: 2;\n", "\n"),
    "behind another": (" logit_scale: 2 class_weights: 1\tclass_weights: 5 ", " logit_scale: 2 "),
    "before another": ("\n  class_weights: 1 class_weights: 5 logit_scale: 2\n",
                       "\n  logit_scale: 2\n"),
    "no blank behind": (" a: 2 class_weights: [1, 5]b: 2 ", " a: 2 b: 2 "),
    "no blanks": ("class_weights:[1,5]", ""),
    "no blank before a comment": (" a: 2 class_weights: [1, 5]# mine\n", " a: 2# mine\n"),
    "a marker inside": ("\n class_weights: [1,\n # tfod-weights: scheme=given\n 5]\n", "\n"),
}  # fmt: skip


@pytest.mark.parametrize("written, left", BY_HAND.values(), ids=BY_HAND.keys())
def test_weights_written_by_hand(written: str, left: str) -> None:
    before = SSD.replace("weighted_softmax {\n        ", "weighted_softmax {" + written)
    after = SSD.replace("weighted_softmax {\n        ", "weighted_softmax {" + left)
    assert strip_text(before) == after
    if "a: 2" not in written:
        patched = patch_text(before, [1, 2]).text
        assert patched == patch_text(after, [1, 2]).text
        assert strip_text(patched) == after


DEAD = {
    "one line": "weighted_softmax { class_weights: [1, 5] } weighted_sigmoid { }",
    "marked": "\n# tfod-weights: scheme=sqrt\n"
    "weighted_softmax { class_weights: [1, 5] } weighted_sigmoid { }",
    "a list on lines": "weighted_softmax { class_weights: [1,\n5] } weighted_sigmoid { }",
    "a bracket between": "weighted_softmax {\n class_weights: [1, 5]\n} weighted_sigmoid { }",
    "marked, on lines": "weighted_softmax {\n# tfod-weights: scheme=sqrt\nclass_weights: [1, 5]\n}"
    "\nweighted_sigmoid { }",
}


@pytest.mark.parametrize("members", DEAD.values(), ids=DEAD.keys())
def test_dead_weights_stay_and_patching_twice_is_patching_once(members: str) -> None:
    text = SSD.replace("weighted_softmax {\n        }", members)
    once = patch_text(text, [1, 2]).text
    assert patch_text(once, [1, 2]).text == once
    assert members.partition("weighted_sigmoid")[0].partition("\nweighted_softmax")[2] in once
    assert strip_text(once) == strip_text(text)
    assert "class_weights" not in strip_text(text)


def test_a_loss_written_beside_an_added_one_stays() -> None:
    text = "model { faster_rcnn { num_classes: 2 second_stage_classification_loss { } } }"
    patched = patch_text(text, [1, 2]).text
    mine = patched.replace("_loss {", "_loss { weighted_sigmoid { class_weights: [1, 5] }")
    assert "weighted_sigmoid { } weighted_softmax { }" in strip_text(mine)
    once = patch_text(mine, [1, 2]).text
    assert patch_text(once, [1, 2]).text == once
    assert strip_text(once) == strip_text(mine)


def test_extensions_that_the_schema_does_not_know_stay() -> None:
    text = SSD + "[my.company.extension] { a: [1, 2] b { c: 'x' } }  # ours\n"
    patched = patch_text(text, [1, 2]).text
    assert patched.endswith(text[len(SSD) :])
    assert strip_text(patched) == text


def test_what_is_written_in_a_class_name_stays_in_its_comment() -> None:
    from tfod_weights.counting import ClassCount, ClassCounts

    names = ["cat\nmodel { }", "a # b", *map(str, range(3, 10))]
    rows = tuple(ClassCount(i, name, 5 + i, 1, 5.0 + i) for i, name in enumerate(names, 1))
    counts = ClassCounts(images=1, classes=rows, num_classes=9)
    text = SSD.replace("num_classes: 2", "num_classes: 9")
    patched = patch_text(text, class_weights(counts)).text
    assert "# 1 cat?model { }: 6 objects\n" in patched
    assert strip_text(patched) == text


def test_the_diff_is_that_of_the_file() -> None:
    patched = patch_text(SSD, [1, 2], path="p.config")
    assert patched.diff().splitlines()[:4] == [
        "--- p.config",
        "+++ p.config",
        "@@ -4,10 +4,14 @@",
        "     loss {",
    ]
    assert patch_text(patched.text, [1, 2]).diff() == ""


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch(1)")
@pytest.mark.parametrize("separator", ["\x0c", "\x85", "\u2028", "\x1c", "\r"])
def test_the_lines_of_a_diff_end_at_lf_only(separator: str, tmp_path) -> None:
    text = SSD.replace("weighted_softmax {", f"weighted_softmax {{{separator}# mine{separator}")
    patched = patch_text(text, [1, 2], path="p.config")
    (tmp_path / "p.config").write_bytes(text.encode())
    (tmp_path / "p.patch").write_bytes(patched.diff().encode())
    command = ["patch", "--binary", "-s", "p.config", "p.patch"]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert (tmp_path / "p.config").read_bytes() == patched.text.encode()


@pytest.mark.parametrize("protobuf", ["python", "upb"])
def test_nan_is_a_number_like_others(protobuf: str) -> None:
    text = SSD.replace("weighted_softmax {", "weighted_sigmoid_focal { gamma: nan")
    program = (
        "import sys; from tfod_weights import patch_text; "
        "print(patch_text(sys.argv[1], [1, 2]).text, end='')"
    )
    environment = {
        **os.environ,
        "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION": protobuf,
        "PYTHONPATH": str(REPOSITORY),
    }
    command = [sys.executable, "-c", program, text]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == patch_text(text, [1, 2]).text


def test_weights_go_where_protobuf_would_look() -> None:
    config = PipelineConfig(patch_text(SSD, [1, 2.5]).text, "p.config")
    losses = config.model.message("loss")
    for wrapper, member in (
        ("classification_loss", "weighted_softmax"),
        ("localization_loss", "weighted_smooth_l1"),
    ):
        assert losses.message(wrapper).message(member).scalars("class_weights") == [1, 2.5]


def test_numbers_are_short_and_exact() -> None:
    import struct

    assert [float32_text(x) for x in (1, 0.5, 1 / 3, 1e20, 123456789)] == [
        "1.0", "0.5", "0.33333333", "1e+20", "1.2345679e+08",
    ]  # fmt: skip
    for value in (2 / 3, 1e-38, 3.4e38, 11.397129186602871, 0.10574037232601415):
        single = struct.unpack("f", struct.pack("f", value))[0]
        assert struct.unpack("f", struct.pack("f", float(float32_text(value))))[0] == single


def test_every_error_is_ours() -> None:
    assert issubclass(ConfigError, TfodWeightsError)


def test_nothing_is_written_before_write(tmp_path) -> None:
    from tfod_weights import patch_config

    path = tmp_path / "p.config"
    path.write_text(SSD)
    patched = patch_config(path, [1, 2])
    assert path.read_text() == SSD
    patched.write(tmp_path / "other")
    assert path.read_text() == SSD
    patched.write()
    assert path.read_text() == patched.text == (tmp_path / "other").read_text()
