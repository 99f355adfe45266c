"""`generate_config`: what every template gives on real records, and what it refuses."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tfod_weights
from tests.masked_records import write_masked_records
from tfod_weights import GeneratedConfig, check_config, generate_config, strip_text
from tfod_weights.errors import LabelMapError, RecordError, TfodWeightsError, UsageError
from tfod_weights.generating.library import templates
from tfod_weights.generating.rendering import placeholders
from tfod_weights.generating.template import Template
from tfod_weights.generating.values import OPTIONAL, REQUIRED
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.weighting.normalization import NORMALIZATIONS
from tfod_weights.weighting.schemes import SCHEMES

TRAIN, VAL = "demo/data/train.record-*", "demo/data/val.record-*"
MASKED = ("demo/data/masked_train.record", "demo/data/masked_val.record")
LABEL_MAP = "demo/data/label_map.pbtxt"
ALL = list(templates().values())

pytestmark = pytest.mark.usefixtures("demo_folder")


def generated(template: str, **options: Any) -> GeneratedConfig:
    """A template on the demonstration data, or with masks where it needs them."""
    data = {"label_map": LABEL_MAP, "train": TRAIN, "val": VAL}
    if templates()[template].needs_feature:
        for path in MASKED:
            write_masked_records(Path(path))
        data.update(train=MASKED[0], val=MASKED[1])
    return generate_config(template, **{**data, **options})


def each(argument: str = "template") -> pytest.MarkDecorator:
    return pytest.mark.parametrize(argument, ALL, ids=lambda template: template.name)


# -- every template -------------------------------------------------------------------------


@each()
def test_every_placeholder_is_known_and_used(template: Template) -> None:
    used = placeholders(template.body)
    assert used >= REQUIRED
    own = used - REQUIRED - OPTIONAL - {"max_proposals"}
    assert own <= set(template.values)
    header = "".join(line for line in _header(template) if line.startswith("#: "))
    assert set(template.values) <= used | placeholders(header)


def _header(template: Template) -> list[str]:
    from tests.conftest import REPOSITORY

    return (REPOSITORY / template.path).read_text().splitlines()


@each()
def test_check_finds_nothing_to_mend(template: Template) -> None:
    result = generated(template.name)
    result.write("pipeline.config")
    assert [finding.severity for finding in check_config("pipeline.config")] == ["note"]
    generated(template.name, weighted=False).write("plain.config")
    assert check_config("plain.config") == []


@each()
def test_the_text_is_neat(template: Template) -> None:
    text = generated(template.name, weighted=False).text
    assert text.endswith("}\n") and not text.endswith("\n\n")
    for line in text.splitlines():
        assert line == line.rstrip() and line.isprintable()
        assert len(line) <= 88
        assert (len(line) - len(line.lstrip(" "))) % 2 == 0
    depth = 0
    for line in text.splitlines():
        code = line.partition("#")[0].strip()
        depth -= code.startswith("}")
        assert not code or line.startswith("  " * depth + code[0]), line
        depth += code.endswith("{")


@each()
def test_both_losses_get_weights(template: Template) -> None:
    result = generated(template.name)
    assert [loss.partition(":")[0] for loss in result.losses] == ["classification", "localization"]
    assert len(re.findall(r"^ +\w*class_weights: \[", result.text, re.MULTILINE)) == 2
    assert result.weights is not None and len(result.weights) == 3


@each()
def test_the_config_says_what_the_result_says(template: Template) -> None:
    size = 2 * template.image_size_multiple * template.image_size_minimum
    options = {"image_size": size, "batch_size": 3, "steps": 70, "learning_rate": 0.25}
    result = generated(template.name, **options)
    config = PipelineConfig(result.text, "x")
    train_config = config.root.message("train_config")
    assert config.num_classes == result.num_classes == 3
    assert train_config.scalar("batch_size") == 3
    assert train_config.scalar("num_steps") == 70
    assert re.findall(r"(?:learning_rate_base|total_steps): (\S+)", result.text) == ["0.25", "70"]
    sizes = set(re.findall(r"(?<!mask_)(?:height|width|mension|output_size): (\d\d+)", result.text))
    assert sizes == {str(size)}


# -- strip and schemes ----------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    template=st.sampled_from([one.name for one in ALL if not one.needs_feature]),
    scheme=st.sampled_from(list(SCHEMES)),
    normalize=st.sampled_from(list(NORMALIZATIONS)),
    max_ratio=st.none() | st.floats(1, 100),
    steps=st.none() | st.integers(1, 10**6),
)
def test_stripping_gives_what_no_weights_gives(template: str, steps: Any, **scheme: Any) -> None:
    plain = generated(template, steps=steps, weighted=False)
    weighted = generated(template, steps=steps, **scheme)
    assert strip_text(weighted.text) == plain.text
    assert weighted.text != plain.text
    assert plain.weights is None and plain.losses == ()


def test_weights_are_those_of_patch() -> None:
    result = generated("ssd-tiny", scheme="inverse", normalize="min", max_ratio=10)
    result.write("pipeline.config")
    counts = tfod_weights.count_classes(TRAIN, label_map=LABEL_MAP)
    weights = tfod_weights.class_weights(counts, scheme="inverse", normalize="min", max_ratio=10)
    assert result.weights.values == weights.values
    assert "scheme=inverse normalize=min max_ratio=10 source=train_input_reader" in result.text


# -- paths ----------------------------------------------------------------------------------

ODD = ['a "quoted" name', "größe ☃", "back\\slash", "a $name", "it's # no comment"]


@pytest.mark.parametrize("name", ODD)
def test_paths_stand_in_the_config_as_they_were_given(name: str, demo_folder: Path) -> None:
    if os.sep == "\\" and "\\" in name:
        pytest.skip("a backslash separates folders here")
    Path("demo/data").rename(f"demo/{name}")
    folder = f"demo/{name}".replace("\\", "\\\\")  # in a pattern, a backslash escapes
    result = generate_config(
        "ssd-tiny",
        label_map=f"demo/{name}/label_map.pbtxt",
        train=[f"{folder}/train.record-0000{i}-of-00002" for i in range(2)],
        val=Path(f"{folder}/val.record-*"),
    )
    config = PipelineConfig(result.text, "x")
    assert config.train_input.label_map_path == f"demo/{name}/label_map.pbtxt"
    assert config.train_input.input_path == tuple(
        f"{folder}/train.record-0000{i}-of-00002" for i in range(2)
    )
    assert config.eval_inputs[0].input_path == (f"{folder}/val.record-*",)
    result.write("pipeline.config")
    assert [finding.severity for finding in check_config("pipeline.config")] == ["note"]


# -- data -----------------------------------------------------------------------------------


def test_num_classes_is_the_highest_id() -> None:
    text = Path(LABEL_MAP).read_text().replace("id: 3", "id: 7")
    Path(LABEL_MAP).write_text(text)
    result = generated("ssd-tiny")
    assert result.num_classes == 7
    assert result.weights.values[3:6] == (1, 1, 1)


def test_crowded_images_raise_the_maximum_of_boxes() -> None:
    write_crowd(Path("crowd.record"), 250)
    result = generated("retinanet-resnet50", train="crowd.record")
    assert "max_number_of_boxes: 400" in result.text
    assert "max_total_detections: 400" in result.text
    assert "max_number_of_boxes is 400" in result.notes[0]
    result.write("pipeline.config")
    findings = {finding.id for finding in check_config("pipeline.config")}
    assert "boxes-over-maximum" not in findings


def write_crowd(path: Path, boxes: int) -> None:
    from tfod_weights.demo.records import encode_example, write_records

    sides = {f"image/object/bbox/{side}": [0.1] * boxes for side in ("xmin", "ymin")}
    sides.update({f"image/object/bbox/{side}": [0.2] * boxes for side in ("xmax", "ymax")})
    names = [(b"circle", b"square", b"triangle")[i % 3] for i in range(boxes)]
    write_records(path, [encode_example({**sides, "image/object/class/text": names})])


def test_evaluating_on_training_images_is_a_warning() -> None:
    assert generated("ssd-tiny").warnings == ()
    Path("demo/data/valid.record").symlink_to("train.record-00001-of-00002")
    (warning,) = generated("ssd-tiny", val=["demo/data/valid.record", VAL]).warnings
    assert warning.startswith("1 of the validation files are training files, too")


@pytest.mark.parametrize("template", ["mask-rcnn-resnet50", "mask-rcnn-inception"])
def test_masks_are_asked_for(template: str) -> None:
    with pytest.raises(RecordError, match="have no image/object/mask") as error:
        generated(template, train=TRAIN, val=VAL)
    assert "masks" in error.value.help


# -- the checkpoint -------------------------------------------------------------------------


def test_a_checkpoint() -> None:
    assert "fine_tune_checkpoint" not in _fields(generated("ssd-mobilenet-v2").text)
    Path("ckpt-0.index").touch()
    result = generated("ssd-mobilenet-v2", fine_tune_checkpoint="ckpt-0")
    fields = _fields(result.text)
    assert fields["fine_tune_checkpoint"] == '"ckpt-0"'
    assert fields["fine_tune_checkpoint_type"] == '"detection"'
    assert fields["fine_tune_checkpoint_version"] == "V2"
    assert result.notes == ()


def _fields(text: str) -> dict[str, str]:
    return dict(re.findall(r"^ *(fine_\w+): (.*)$", text, re.MULTILINE))


def test_a_checkpoint_elsewhere_is_taken_on_trust() -> None:
    result = generated("ssd-tiny", fine_tune_checkpoint="gs://bucket/ckpt-0")
    assert _fields(result.text)["fine_tune_checkpoint"] == '"gs://bucket/ckpt-0"'


@pytest.mark.parametrize("meant", ["model/ckpt-7.index", "model/ckpt-6", "model", "model/"])
def test_a_checkpoint_that_is_not_there(meant: str) -> None:
    Path("model").mkdir()
    Path("model/ckpt-7.index").touch()
    with pytest.raises(UsageError) as error:
        generated("ssd-tiny", fine_tune_checkpoint=meant)
    assert error.value.help == f"did you mean {Path('model/ckpt-7')}?"


def test_an_hourglass_restores_no_classifier() -> None:
    """TFOD's Hourglass has no classification_backbone."""
    with pytest.raises(UsageError, match="no checkpoint of type 'classification'") as error:
        generated(
            "centernet-hourglass104",
            fine_tune_checkpoint="x",
            fine_tune_checkpoint_type="classification",
        )
    assert error.value.help == "it restores detection, full"


# -- what is refused ------------------------------------------------------------------------

EMPTY, BACKGROUND, TWICE = (
    "# nothing\n",
    "item { id: 0 name: 'background' }\n",
    "item { id: 1 name: 'a' }\nitem { id: 1 name: 'b' }\n",
)
HUGE = "item { id: 2147483647 name: 'a' }\n"
REFUSED: dict[str, tuple[dict[str, Any], type[TfodWeightsError], str]] = {
    "template": ({"template": "ssd"}, UsageError, "no template 'ssd'"),
    "label map": ({"label_map": "demo/label_map.pbtxt"}, LabelMapError, "no such file"),
    "train": ({"train": "demo/data/trian*"}, RecordError, "no file matches this pattern"),
    "val": ({"val": "demo/data/vall.record"}, RecordError, "no such file"),
    "one of several": ({"train": [TRAIN, "x"]}, RecordError, "no such file"),
    "none": ({"train": []}, UsageError, "no record files"),
    "no record": ({"train": LABEL_MAP}, RecordError, "no TFRecord file"),
    "small image": ({"image_size": 32}, UsageError, "images of 32 pixels"),
    "no image": ({"image_size": 0}, UsageError, "from 33 on, such as 33"),
    "negative image": ({"image_size": -64}, UsageError, "images of -64 pixels"),
    "huge image": ({"image_size": 2**40}, UsageError, "from 1 to"),
    "batch of 0": ({"batch_size": 0}, UsageError, "batch size is 0"),
    "negative batch": ({"batch_size": -8}, UsageError, "batch size is -8"),
    "no steps": ({"steps": 0}, UsageError, "number of steps is 0"),
    "many steps": ({"steps": 2**31}, UsageError, "number of steps is 2147483648"),
    "rate of 0": ({"learning_rate": 0.0}, UsageError, "learning rate is 0.0"),
    "negative rate": ({"learning_rate": -0.1}, UsageError, "learning rate is -0.1"),
    "rate NaN": ({"learning_rate": float("nan")}, UsageError, "learning rate is nan"),
    "infinite rate": ({"learning_rate": float("inf")}, UsageError, "learning rate is inf"),
    "rate beyond floats": ({"learning_rate": 1e39}, UsageError, "learning rate is 1e+39"),
    "rate below floats": ({"learning_rate": 1e-50}, UsageError, "learning rate is 1e-50"),
    "scheme": ({"scheme": "sqr"}, UsageError, "sqr"),
}


@pytest.mark.parametrize("options, kind, says", REFUSED.values(), ids=REFUSED.keys())
def test_refused(options: dict[str, Any], kind: type[TfodWeightsError], says: str) -> None:
    with pytest.raises(kind) as error:
        generate_config(
            **{
                "template": "ssd-tiny",
                "label_map": LABEL_MAP,
                "train": TRAIN,
                "val": VAL,
                **options,
            }
        )
    assert says in str(error.value)


@pytest.mark.parametrize(
    "text, says",
    [
        (EMPTY, "has no item"),
        (BACKGROUND, "no class but the background"),
        (TWICE, "the id 1 is used by an item above"),
        (HUGE, "the highest id is 2147483647"),
    ],
)
def test_label_maps_that_cannot_be_used(text: str, says: str) -> None:
    Path(LABEL_MAP).write_text(text)
    with pytest.raises(LabelMapError, match=says) as error:
        generated("ssd-tiny")
    assert str(error.value).startswith(LABEL_MAP) and error.value.help


def test_records_without_images() -> None:
    Path("empty.record").touch()
    with pytest.raises(RecordError, match="hold no images"):
        generated("ssd-tiny", train="empty.record", weighted=False)


SIZES = [
    ("efficientdet-d3", 500, "multiples of 128 from 256 on, such as 384 or 512"),
    ("efficientdet-d0", 128, "multiples of 128 from 256 on, such as 256"),
    ("ssd-mobilenet-v2-fpnlite", 300, "multiples of 32 from 64 on, such as 288 or 320"),
    ("centernet-resnet50", 500, "multiples of 32 from 32 on, such as 480 or 512"),
    ("centernet-hourglass104", 64, "multiples of 128 from 128 on, such as 128"),
    ("faster-rcnn-resnet50", 10, "sizes from 33 on, such as 33"),
]


@pytest.mark.parametrize("template, size, help", SIZES)
def test_image_sizes_that_do_not_fit(template: str, size: int, help: str) -> None:
    with pytest.raises(UsageError, match=f"{template} cannot take images of {size} pix") as error:
        generated(template, image_size=size)
    assert error.value.help == f"it takes {help}"


# -- writing --------------------------------------------------------------------------------


def test_nothing_is_overwritten_unasked() -> None:
    result = generated("ssd-tiny")
    assert not Path("pipeline.config").exists()
    result.write("pipeline.config")
    assert Path("pipeline.config").read_text(encoding="utf-8") == result.text
    Path("pipeline.config").write_text("mine")
    Path("pipeline.config").chmod(0o640)
    with pytest.raises(UsageError, match="exists already"):
        result.write("pipeline.config")
    assert Path("pipeline.config").read_text() == "mine"
    result.write("pipeline.config", overwrite=True)
    assert Path("pipeline.config").read_text(encoding="utf-8") == result.text
    assert stat.S_IMODE(Path("pipeline.config").stat().st_mode) == 0o640


def test_a_dangling_link_is_something_too() -> None:
    Path("pipeline.config").symlink_to("nowhere")
    with pytest.raises(UsageError, match="exists already"):
        generated("ssd-tiny").write("pipeline.config")


def test_the_same_every_time() -> None:
    assert generated("efficientdet-d0").text == generated("efficientdet-d0").text
