"""The pages in docs/findings: one for every finding, alike, with a true example.

The examples are made by `UPDATE_EXPECTED=1 python -m pytest tests/checking/test_pages.py`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.checking.cases import CASES, EXAMPLES
from tests.conftest import REPOSITORY
from tfod_weights.checking import FINDINGS
from tfod_weights.checking.pages import SECTIONS, page
from tfod_weights.errors import UsageError
from tfod_weights.schema.installed import protos_folder

PAGES = REPOSITORY / "docs" / "findings"
_SOURCE = re.compile(r"`(object_detection/[\w/]+\.py)`,? \(?`(\w+)`")


def text_of(id: str) -> str:
    return (PAGES / f"{id}.md").read_text(encoding="utf-8")


def test_every_finding_has_a_page_and_every_page_a_finding() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(FINDINGS)


@pytest.mark.parametrize("id", FINDINGS)
def test_the_pages_are_alike(id: str) -> None:
    title, summary, rest = text_of(id).split("\n\n", 2)
    kind = FINDINGS[id]
    assert title == f"# {id}"
    assert summary == f"{kind.severity}: {kind.summary}"
    parts = re.split(r"^## (.*)\n\n", rest, flags=re.MULTILINE)[1:]
    assert tuple(parts[::2]) == SECTIONS
    assert all(len(body.split()) >= 4 for body in parts[1::2])
    assert all(len(line) <= 80 for line in rest.partition("## Example")[0].splitlines())


@pytest.mark.parametrize("id", FINDINGS)
@pytest.mark.usefixtures("demo_folder")
def test_the_example_is_what_check_says(id: str) -> None:
    finding = next(f for f in CASES[EXAMPLES[id]].report() if f.id == id)
    start, marker, _ = text_of(id).partition("## Example\n\n")
    shown = str(finding).replace(str(Path.cwd()), "/home/me/project")
    made = f"{start}{marker}```\n{shown}\n```\n"
    if os.environ.get("UPDATE_EXPECTED"):
        (PAGES / f"{id}.md").write_text(made, encoding="utf-8")
    assert text_of(id) == made


@pytest.mark.parametrize("id", FINDINGS)
def test_what_tfod_does_names_the_place(id: str) -> None:
    does = text_of(id).partition("## What TFOD does")[2].partition("## How to mend it")[0]
    sources = _SOURCE.findall(" ".join(does.split()))
    assert sources
    folder = protos_folder()
    if folder is None:
        pytest.skip("object_detection is not installed")
    for path, name in sources:
        source = (Path(folder).parent.parent / path).read_text()
        assert re.search(rf"^\s*(def|class) {name}\b", source, re.MULTILINE), (path, name)


@pytest.mark.parametrize("id", FINDINGS)
def test_messages_quoted_from_tfod_are_in_its_source(id: str) -> None:
    folder = protos_folder()
    if folder is None:
        pytest.skip("object_detection is not installed")
    does = " ".join(text_of(id).partition("## What TFOD does")[2].split())
    quoted = re.findall(r"(?:stops with|: |or) `([A-Z][^`…]{20,})`", does.partition("## How")[0])
    for message in quoted:
        if not message.startswith(_OF_TENSORFLOW):
            assert _is_in_source(message, Path(folder).parent), message


_OF_TENSORFLOW = ("Cannot batch", "Unknown image file")


def _is_in_source(message: str, folder: Path) -> bool:
    """Whether a message is there, perhaps split over several literals and with a value in it."""
    words = [r"\S+" if word == "None" else re.escape(word) for word in message.split()[:4]]
    pattern = re.compile(r"[\s'\"\\`]+".join(words))
    files = (path for path in folder.rglob("*.py") if "_test" not in path.name)
    return any(pattern.search(path.read_text(errors="replace")) for path in files)


def test_the_package_holds_the_pages() -> None:
    assert page("syntax") == text_of("syntax")


def test_a_mistyped_id() -> None:
    with pytest.raises(UsageError, match="there is no finding 'checkpoint-mising'") as caught:
        page("checkpoint-mising")
    assert caught.value.help is not None
    assert caught.value.help.startswith("did you mean checkpoint-missing?")


def test_pages_say_what_is_wrong_in_plain_words() -> None:
    """No page may promise what nobody has measured."""
    for id in FINDINGS:
        assert not re.search(r"\b(simply|just|easily|powerful|seamless)\b", text_of(id)), id
