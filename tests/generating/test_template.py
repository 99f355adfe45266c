"""Template files: what a header may say, and that a file is all that a template takes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tfod_weights.errors import TemplateError, UsageError
from tfod_weights.generating.header import parse_templates
from tfod_weights.generating.library import find_template, templates
from tfod_weights.generating.template import Template

HEADER = """\
#: description: a model
#: source: a_config
#: checkpoint: none
#: checkpoint_types: detection full
#: image_size: 64
#: image_size_multiple: 32
#: image_size_minimum: 64
#: batch_size: 8
#: learning_rate: 0.1
#: warmup_learning_rate: 0
#: reference_batch_size: 16
#: warmup_share: 0.1
#: warmup_steps_maximum: 100
#: epochs: 10
#: steps_minimum: 50
"""
BODY = "# $name\nmodel { }\n"


def parsed(text: str) -> list[Template]:
    return parse_templates(text, "templates/mine.config", "mine")


def test_a_file_holds_a_template_of_its_name() -> None:
    (template,) = parsed(HEADER + BODY)
    assert (template.name, template.description) == ("mine", "a model")
    assert (template.image_size, template.learning_rate, template.warmup_share) == (64, 0.1, 0.1)
    assert (template.checkpoint, template.checkpoint_types) == (None, ("detection", "full"))
    assert (template.needs_feature, template.values, template.body) == (None, {}, BODY)


def test_a_table_holds_several() -> None:
    table = """\
#: name: mine-$depth
#: | depth | image_size | width |
#: | 1     | 64         | a     |
#: | 2     | 96         | b     |
"""
    header = HEADER.replace("a model", "$depth layers of $width").replace("#: image_size: 64\n", "")
    first, second = parsed(header + table + BODY)
    assert [first.name, second.name] == ["mine-1", "mine-2"]
    assert [first.image_size, second.image_size] == [64, 96]
    assert second.description == "2 layers of b"
    assert second.values == {"depth": "2", "width": "b"}


def changed(old: str, new: str) -> str:
    assert old in HEADER
    return HEADER.replace(old, new)


MISTAKES = {
    "no header": ("model { }", 1, "begins with its header"),
    "a comment above": ("# mine\n" + HEADER, 1, "begins with its header"),
    "a line of it below": (HEADER + "model { }\n#: epochs: 3\n", 1, "begins with its header"),
    "an unknown key": (changed("epochs", "epoch"), 14, "'epoch' is no key"),
    "a missing key": (changed("#: epochs: 10\n", ""), 1, "lacks epochs"),
    "a key twice": (HEADER + "#: epochs: 3\n", 16, "'epochs' is there already"),
    "no key at all": (HEADER + "#: hello\n", 16, "'hello' is no key"),
    "no number": (changed("epochs: 10", "epochs: ten"), 14, "a whole number"),
    "a float": (changed("epochs: 10", "epochs: 1.5"), 14, "a whole number"),
    "zero": (changed("batch_size: 8", "batch_size: 0"), 8, "at least 1"),
    "an infinite rate": (changed("rate: 0.1", "rate: inf"), 9, "greater than 0"),
    "a rate that is NaN": (changed("rate: 0.1", "rate: nan"), 9, "greater than 0"),
    "a negative warm-up": (changed("rate: 0\n", "rate: -1\n"), 10, "at least 0"),
    "a warm-up above the rate": (changed("rate: 0\n", "rate: 0.2\n"), 10, "above learning_rate"),
    "a share of 1": (changed("share: 0.1", "share: 1"), 12, "below 1"),
    "an odd size": (changed("size: 64", "size: 65"), 5, "65 is none of the multiples of 32"),
    "a small size": (changed("size: 64", "size: 32"), 5, "from 64 on"),
    "an unknown type": (changed("full", "partial"), 4, "detection classification full"),
    "a long description": (changed("a model", "a" * 40), 1, "40 characters"),
    "no description": (changed("a model", ""), 1, "a text is needed"),
    "a short row": (HEADER + "#: | name | x |\n#: | y |\n", 17, "1 cells for 2"),
    "a column twice": (HEADER + "#: | x | x |\n#: | y | y |\n", 17, "2 cells for 1"),
    "an unknown placeholder": (changed("a model", "a $model"), 1, "$model has no value"),
}


@pytest.mark.parametrize("text, line, says", MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes(text: str, line: int, says: str) -> None:
    with pytest.raises(TemplateError) as error:
        parsed(text + BODY)
    assert str(error.value).startswith(f"templates/mine.config:{line}: ")
    assert says in error.value.problem


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the folder with the templates, where the package finds it."""
    copy = tmp_path / f"templates_of_{tmp_path.name}"  # a module of its own for every test
    shutil.copytree(REPOSITORY / "templates", copy)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("tfod_weights.generating.library.PACKAGE", copy.name)
    templates.cache_clear()
    yield copy
    templates.cache_clear()


def test_a_file_in_the_folder_is_a_template(folder: Path) -> None:
    before = set(templates())
    templates.cache_clear()
    (folder / "mine.config").write_text(HEADER + BODY)
    assert set(templates()) == before | {"mine"}
    assert find_template("mine").body == BODY


def test_a_name_is_used_once(folder: Path) -> None:
    templates.cache_clear()
    (folder / "other.config").write_text("#: name: ssd-tiny\n" + HEADER + BODY)
    with pytest.raises(TemplateError, match="both have a template ssd-tiny"):
        templates()


@pytest.mark.parametrize(
    "name, meant",
    [
        ("ssd-tinny", "ssd-tiny"),
        ("efficientdet-D3", "efficientdet-d3"),
        ("retina-net-resnet50", "retinanet-resnet50"),
        ("ssd_mobilenet_v2", "ssd-mobilenet-v2"),
    ],
)
def test_did_you_mean(name: str, meant: str) -> None:
    with pytest.raises(UsageError) as error:
        find_template(name)
    assert error.value.help.startswith(f"did you mean {meant}?")


def test_a_family_is_no_template() -> None:
    with pytest.raises(UsageError) as error:
        find_template("faster-rcnn")
    assert error.value.help == "there are faster-rcnn-resnet50, faster-rcnn-resnet101"


def test_nothing_near() -> None:
    with pytest.raises(UsageError) as error:
        find_template("yolo")
    assert error.value.help == "`tfod-weights generate --list` shows all templates"
