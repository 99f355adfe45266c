"""Runs: what names the files of a run, and what is not taken for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.evaluation.making import made_evaluation, require_pycocotools
from tfod_weights.errors import EvaluationError, UsageError
from tfod_weights.evaluation import load_run, metrics_text

require_pycocotools()


BRACKETS = ("e[1].json", "e1.json", "f[1]/seed2.json", "f1/seed1.json")
LONG = [f"{'x' * 40}{number}.json" for number in range(10)]


@pytest.fixture(scope="module")
def text():
    return metrics_text(made_evaluation(6))


@pytest.fixture
def folder(text, tmp_path, monkeypatch):
    """Two runs, one file of which has a comma in its name, and JSON of another kind."""
    monkeypatch.chdir(tmp_path)
    written = ("a/seed1.json", "a/seed0.json", "b,c.json", "d/deep/seed0.json", *BRACKETS)
    for name in written:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)
    Path("a/other.json").write_text("[1, 2]")
    Path("a/notes.txt").write_text("no JSON")


NAMES = [
    ("a/seed0.json", ["a/seed0.json"]),
    ("a", ["a/seed0.json", "a/seed1.json"]),
    ("a/", ["a/seed0.json", "a/seed1.json"]),
    ("a/seed*.json", ["a/seed0.json", "a/seed1.json"]),
    ("**/seed0.json", ["a/seed0.json", "d/deep/seed0.json"]),
    ("d/*", ["d/deep/seed0.json"]),
    ("a/seed1.json,a/seed0.json", ["a/seed1.json", "a/seed0.json"]),
    ("a/seed1.json,d/deep,", ["a/seed1.json", "d/deep/seed0.json"]),
    ("b,c.json", ["b,c.json"]),
    ("e[1].json", ["e[1].json"]),
    ("e[1].json,e1.json", ["e[1].json", "e1.json"]),
    ("e[12].json", ["e1.json"]),
    ("f[1]", ["f[1]/seed2.json"]),
    ("f[1]/seed2.json", ["f[1]/seed2.json"]),
    ("f[[]1]/*.json", ["f[1]/seed2.json"]),
]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("name", "files"), NAMES)
def test_names_of_runs(name, files):
    run = load_run(name)
    assert run.name == name
    assert list(run.seeds) == files
    assert {one.images for one in run.seeds.values()} == {6}


@pytest.mark.usefixtures("folder")
def test_a_list_may_be_longer_than_a_file_name(text):
    for name in LONG:
        Path(name).write_text(text)
    assert list(load_run(",".join(LONG)).seeds) == LONG


@pytest.mark.usefixtures("folder")
def test_a_file_alone_must_not_contradict_itself(text):
    content = json.loads(text)
    content["classes"][0]["objects"] += 1
    Path("a/seed0.json").write_text(json.dumps(content))
    with pytest.raises(EvaluationError, match=r"a/seed0\.json: .* but others in its matches"):
        load_run("a/seed0.json")


PROBLEMS = [
    ("a/seed9.json", EvaluationError, "a/seed9.json: no such file\nhelp: did you mean a/seed"),
    ("a/*.jsn", EvaluationError, "no file matches"),
    ("f[2]/*.json", EvaluationError, "[[] stands for a ["),
    ("x" * 300, EvaluationError, "file name too long"),
    ("d", EvaluationError, "d: no *.json in this folder holds metrics"),
    ("a/other.json", EvaluationError, "a/other.json: this is no metrics.json"),
    ("a,a/seed0.json", UsageError, "a/seed0.json is in the run a,a/seed0.json twice"),
    ("a,./a/seed1.json", UsageError, "twice"),
    ("", UsageError, "'' names no file"),
    (",", UsageError, "',' names no file"),
]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("name", "kind", "problem"), PROBLEMS)
def test_what_is_no_run(name, kind, problem):
    with pytest.raises(kind) as error:
        load_run(name)
    assert problem in str(error.value)


@pytest.mark.usefixtures("folder")
def test_a_broken_file_in_a_folder_is_not_left_out(text):
    Path("a/seed2.json").write_text(text[:-50])
    with pytest.raises(EvaluationError, match=r"a/seed2\.json:\d+:\d+: not JSON"):
        load_run("a")


@pytest.mark.usefixtures("folder")
def test_metrics_of_another_version_in_a_folder_are_not_left_out(text):
    Path("a/seed2.json").write_text(json.dumps({**json.loads(text), "version": 2}))
    with pytest.raises(EvaluationError, match="metrics of version 2"):
        load_run("a")
