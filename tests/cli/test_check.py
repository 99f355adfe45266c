"""`check` and `explain` as one types them: exit code, stdout, stderr, and what they write."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from tests.checking.cases.inputs import changed
from tests.checking.making import CONFIG, TRAIN, Make, config, record, weighted
from tests.cli.test_commands import run
from tfod_weights.checking import FINDINGS

pytestmark = pytest.mark.usefixtures("demo_folder")

HUBER = config("weighted_smooth_l1", "weighted_huber")


def other(name: str, make: Make) -> None:
    """A copy of the config with something made wrong in it."""
    original = Path(CONFIG).read_text()
    make()
    Path(name).write_text(Path(CONFIG).read_text())
    Path(CONFIG).write_text(original)


def test_several_configs_make_one_report(capsys: pytest.CaptureFixture[str]) -> None:
    other("bad.config", HUBER)
    code, out, err = run(capsys, "check", CONFIG, "bad.config")
    assert (code, err) == (1, "")
    assert out.startswith(
        "demo/pipeline.config: no findings\nbad.config: 1 error\n\nbad.config:65:"
    )
    assert out.endswith("\n2 configs: 1 error\n")


def test_the_worst_exit_code_wins(capsys: pytest.CaptureFixture[str]) -> None:
    other("bad.config", HUBER)
    code, out, err = run(capsys, "check", "bad.config", "demo/pipelne.config", CONFIG)
    assert code == 2
    assert "2 configs: 1 error\n" in out
    assert err == ("demo/pipelne.config: no such file\nhelp: did you mean demo/pipeline.config?\n")
    assert run(capsys, "check", CONFIG, "bad.config")[0] == 1
    assert run(capsys, "check", CONFIG, CONFIG)[0] == 0


def test_reports_are_written_beside_the_annotations(capsys: pytest.CaptureFixture[str]) -> None:
    HUBER()
    reports = ("--report", "check.sarif", "--report", "check.json")
    code, out, _ = run(capsys, "check", CONFIG, "--format", "github", *reports)
    assert code == 1
    assert out.startswith("::error file=demo/pipeline.config,line=65,")
    assert json.loads(Path("check.json").read_text())["configs"][0]["errors"] == 1
    results = json.loads(Path("check.sarif").read_text())["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["unknown-field"]


def test_sarif_and_json_are_data_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", CONFIG, "--format", "sarif")
    assert (code, err) == (0, "")
    assert json.loads(out)["version"] == "2.1.0"
    code, out, err = run(capsys, "check", "missing.config", "--format", "json")
    assert code == 2
    assert json.loads(out)["configs"][0]["failure"].startswith("missing.config: no such file")


def test_findings_can_be_ignored(capsys: pytest.CaptureFixture[str]) -> None:
    weighted("[1, 50, 1]")()
    assert run(capsys, "check", CONFIG, "--strict")[0] == 1
    ignored = ("--ignore", "weights-extreme", "--ignore", "weights-need-runtime")
    assert run(capsys, "check", CONFIG, "--strict", *ignored) == (0, "no findings\n", "")


def test_images_and_replicas(capsys: pytest.CaptureFixture[str]) -> None:
    record(encoded=[b""])()
    assert run(capsys, "check", CONFIG)[0] == 0
    code, out, _ = run(capsys, "check", CONFIG, "--images", "--replicas", "3")
    assert code == 1
    assert "[image-missing]" in out and "[batch-size-replicas]" in out


def test_checksums(capsys: pytest.CaptureFixture[str]) -> None:
    changed(TRAIN)()
    assert run(capsys, "check", CONFIG)[0] == 0
    code, out, _ = run(capsys, "check", CONFIG, "--verify")
    assert code == 1
    assert "its data does not match its checksum" in out


BAD = {
    "mistyped id": (["--ignore", "gaps"], "there is no finding 'gaps'"),
    "no replicas": (["--replicas", "0"], "0 replicas: there must be at least one"),
    "negative tolerance": (["--tolerance", "-1"], "a tolerance of -1 is no difference"),
    "tolerance of nothing": (["--tolerance", "nan"], "a tolerance of nan is no difference"),
    "unknown ending": (["--report", "check.xml"], "name it FILE.json or FILE.sarif"),
    "no folder": (["--report", "no/such/check.json"], "no/such\nhelp: make it first"),
    "a file for a folder": (["--report", f"{CONFIG}/check.json"], "there is no folder"),
    "unknown format": (["--format", "xml"], "invalid choice: 'xml'"),
}


@pytest.mark.parametrize("options, says", BAD.values(), ids=BAD.keys())
def test_wrong_usage(capsys: pytest.CaptureFixture[str], options: list[str], says: str) -> None:
    code, out, err = run(capsys, "check", CONFIG, *options)
    assert (code, out) == (2, ""), "nothing is checked before"
    assert says in err and "Traceback" not in err


def test_a_path_that_is_no_utf8(capsys: pytest.CaptureFixture[str]) -> None:
    name = os.fsdecode(b"c\xff.config")
    other(name, HUBER)
    code, _, err = run(capsys, "check", name, "--report", "r.json", "--report", "r.sarif")
    assert (code, err) == (1, "")
    assert json.loads(Path("r.json").read_text(encoding="utf-8"))["configs"][0]["path"] == name
    results = json.loads(Path("r.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    location = results[0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == "c%FF.config"


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("no_color", ["", "1"])
def test_a_terminal_gets_colour_unless_it_wants_none(
    monkeypatch: pytest.MonkeyPatch, no_color: str
) -> None:
    from tfod_weights.cli import main

    HUBER()
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert main(["check", CONFIG]) == 1
    out = sys.stdout.getvalue()  # type: ignore[attr-defined]
    assert ("\x1b[" in out) == (not no_color)
    if no_color:
        assert max(map(len, out.splitlines())) <= 80


# -- explain ------------------------------------------------------------------------------


@pytest.mark.parametrize("id", ["checkpoint-file", "[checkpoint-file]"])
def test_explain(capsys: pytest.CaptureFixture[str], id: str) -> None:
    code, out, err = run(capsys, "explain", id)
    assert (code, err) == (0, "")
    assert out.startswith("# checkpoint-file\n\nerror: ")
    assert "## How to mend it" in out


def test_explain_lists_all(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(FINDINGS)
    assert all(line.split()[1] in ("error", "warning", "note") for line in out.splitlines())
    code, out, _ = run(capsys, "explain", "--format", "json")
    assert [row["id"] for row in json.loads(out)] == list(FINDINGS)


def test_explain_nothing_that_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "explain", "checkpont-file")
    assert (code, out) == (2, "")
    assert "did you mean checkpoint-file?" in err
    assert run(capsys, "explain", "syntax", "--format", "json")[0] == 2
