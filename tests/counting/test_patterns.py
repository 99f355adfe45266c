"""Patterns match as tf.io.gfile.glob matches them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.locking import locked
from tfod_weights.counting import expand_patterns, literal_pattern
from tfod_weights.counting.patterns import name_regex
from tfod_weights.errors import NoMatchError, UsageError

FILES = [
    "train.record-00000-of-00002",
    "train.record-00001-of-00002",
    "val.record",
    ".hidden.record",
    "odd[1].record",
    "back\\slash.record",
    "a/x.record",
    "a/b/x.record",
    "b/x.record",
    "b/^.record",
]

MATCHES = {
    "val.record": ["val.record"],
    "train.record-?????-of-00002": FILES[:2],
    "train.record-0000[1-9]*": FILES[1:2],
    "train.record-0000[!1]*": FILES[:1],
    "train.record-0000[^1]*": FILES[:1],
    "*.record": [".hidden.record", "back\\slash.record", "odd[1].record", "val.record"],
    "*/x.record": ["a/x.record", "b/x.record"],
    "**/x.record": ["a/x.record", "b/x.record"],
    "[ab]/?.record": ["a/x.record", "b/^.record", "b/x.record"],
    "[b-]/[\\^].record": ["b/^.record"],
    "odd[[]1].record": ["odd[1].record"],
    "odd\\[1].record": ["odd[1].record"],
    "back\\\\slash.record": ["back\\slash.record"],
    "odd[1].record*": None,
    "val.record[": None,
    "train.record-0000[9-0]*": None,
    "*/missing": None,
    "": None,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.skipif(os.sep != "/", reason="a backslash separates folders here")
@pytest.mark.parametrize("pattern", MATCHES)
@pytest.mark.parametrize("absolute", [False, True], ids=["relative", "absolute"])
def test_matches(folder: Path, pattern: str, absolute: bool) -> None:
    prefix = f"{folder}/" if absolute and pattern else ""
    matches = MATCHES[pattern]
    if matches is None:
        with pytest.raises(NoMatchError):
            expand_patterns(prefix + pattern)
    else:
        assert expand_patterns(prefix + pattern) == [[prefix + match for match in matches]]


def test_one_list_per_pattern_and_overlaps_twice(folder: Path) -> None:
    found = expand_patterns([Path("val.record"), "v*", "a/*.record"])
    assert found == [["val.record"], ["val.record"], ["a/x.record"]]


def test_no_paths() -> None:
    with pytest.raises(UsageError, match="no record files to count"):
        expand_patterns([])


ESCAPED = r"in text format a backslash begins an escape: write / or \\ in a Windows path"
LONG = "x" * 300

HELP = {
    "train.record": (
        "train.record: no such file",
        "the folder . has 6 files, e.g. train.record-00000-of-00002 (relative to {folder})",
    ),
    "a/*.tfrecord": (
        "a/*.tfrecord: no file matches this pattern",
        "the folder a has 1 file, e.g. x.record (relative to {folder})",
    ),
    "a/c/*.record": (
        "a/c/*.record: no file matches this pattern",
        "there is no folder a/c; the nearest one that exists is a (relative to {folder})",
    ),
    "{folder}/c/x.record": (
        "{folder}/c/x.record: no such file",
        "there is no folder {folder}/c; the nearest one that exists is {folder}",
    ),
    "empty/*": (
        "empty/*: no file matches this pattern",
        "the folder empty holds no files (relative to {folder})",
    ),
    "{folder}/train.record@2": (
        "{folder}/train.record@2: no such file",
        "TFOD takes patterns only: {folder}/train.record-?????-of-00002",
    ),
    "data\0train.record": (
        "data\\0train.record: a path cannot hold such a character",
        ESCAPED,
    ),
    "data\0x/train*": ("data\\0x/train*: a path cannot hold such a character", ESCAPED),
    "data\train*": ("data\train*: no file matches this pattern", ESCAPED),
    LONG: (
        f"{LONG}: file name too long",
        "the folder . has 6 files, e.g. .hidden.record (relative to {folder})",
    ),
    "odd[1].record": (
        "odd[1].record: no file matches this pattern",
        "a file has exactly this name; in a pattern write [[] for [",
    ),
}


@pytest.mark.skipif(os.sep != "/", reason="messages name paths with a slash")
@pytest.mark.parametrize("pattern", HELP)
def test_help(folder: Path, pattern: str) -> None:
    (folder / "empty").mkdir()
    problem, help = (text.format(folder=folder) for text in HELP[pattern])
    with pytest.raises(NoMatchError) as caught:
        expand_patterns(pattern.format(folder=folder))
    assert str(caught.value) == f"{problem}\nhelp: {help}"


LOCKED = {  # pattern -> mode of the folder, problem, help
    "a/x.record": (0, "permission denied", "check the permissions of the file"),
    "a/b/x.record": (0, "permission denied", "check the permissions of the file"),
    "a/*.record": (0, "permission denied", "check the permissions of the file"),
    "a/*/x*": (0, "permission denied", "check the permissions of the file"),
    "a/b/*.record": (0, "permission denied", "check the permissions of the file"),
    "a/y.record": (0o111, "no such file", "the folder a cannot be listed: permission denied"),
}


@pytest.mark.skipif(os.sep != "/", reason="permissions of another kind")
@pytest.mark.parametrize("pattern", LOCKED)
def test_folders_that_may_not_be_looked_into(folder: Path, pattern: str) -> None:
    mode, problem, help = LOCKED[pattern]
    with locked("a", mode), pytest.raises(NoMatchError) as caught:
        expand_patterns(pattern)
    assert str(caught.value).startswith(f"{pattern}: {problem}\nhelp: {help}")


def test_what_may_be_looked_at_is_found_beside_what_may_not(folder: Path) -> None:
    with locked("a"):
        assert expand_patterns("*/x.record") == [["b/x.record"]]


@given(st.text(st.sampled_from("ab[]*?!^-\\."), min_size=1), st.text(st.sampled_from("ab[]*?!\\")))
def test_a_literal_pattern_matches_itself_only(name: str, other: str) -> None:
    matches = name_regex(literal_pattern(name)).fullmatch
    assert matches(name)
    assert bool(matches(other)) == (name == other)
