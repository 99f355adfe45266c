"""The files for CI: each against its schema, and each run as its program runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.checking.making import config
from tests.conftest import REPOSITORY

yaml = pytest.importorskip("yaml", reason="PyYAML comes with pre-commit")

ACTION = yaml.safe_load((REPOSITORY / "action.yml").read_text())
HOOKS = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())
DOCUMENT = (REPOSITORY / "docs" / "ci.md").read_text()
NO_NETWORK = re.compile(r"Could not find a version|No matching distribution|ConnectionError")


def example(name: str) -> Any:
    """The example in docs/ci.md whose first line is a comment with that file name."""
    match = re.search(rf"```yaml\n# {re.escape(name)}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert match
    return yaml.safe_load(match.group(1))


def vendored(name: str) -> Any:
    """A schema that check-jsonschema ships."""
    reason = "check-jsonschema ships the schemas, for Python 3.11 and later"
    pytest.importorskip("check_jsonschema", reason=reason)
    folder = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def test_the_action_is_what_github_expects() -> None:
    jsonschema.validate(ACTION, vendored("github-actions"))


def test_the_example_workflow_is_what_github_expects() -> None:
    workflow = example(".github/workflows/check.yml")
    workflow["on"] = workflow.pop(True)  # YAML 1.1 takes `on` for true
    jsonschema.validate(workflow, vendored("github-workflows"))
    step = next(s for s in workflow["jobs"]["check"]["steps"] if "/tfod-weights@" in s["uses"])
    assert set(step["with"]) <= set(ACTION["inputs"])


def test_the_example_pipeline_is_what_gitlab_expects() -> None:
    schema = vendored("gitlab-ci")
    jsonschema.validators.validator_for(schema)(schema).validate(example(".gitlab-ci.yml"))


def test_every_input_of_the_action_is_used() -> None:
    steps = json.dumps(ACTION["runs"]["steps"])
    assert set(re.findall(r"\$\{\{ inputs\.(\w+) \}\}", steps)) == set(ACTION["inputs"])
    for step in ACTION["runs"]["steps"]:  # what users write must not become part of a script
        assert "${{" not in step["run"]


def test_examples_use_options_that_there_are() -> None:
    from tfod_weights.cli.main import parser

    commands = re.findall(r"tfod-weights (check .*)$", DOCUMENT, re.MULTILINE)
    assert len(commands) >= 3
    for command in commands:
        words = command.replace("&&", ";").split(";")[0].split()
        parser().parse_args(words)
    known = vars(parser().parse_args(["check", "pipeline.config"]))
    options = re.findall(r"^\| `--([a-z]+)", DOCUMENT, re.MULTILINE)
    assert options and set(options) <= set(known)


FILES = {
    "pipeline.config": True,
    "models/ssd/pipeline.config": True,
    "ssd_pipeline.config": True,
    "web.config": False,
    "pipeline.config.bak": False,
    "mypipeline.config": False,
}


@pytest.mark.parametrize("name", FILES)
def test_which_files_the_hook_takes(name: str) -> None:
    assert bool(re.search(HOOKS[0]["files"], name)) == FILES[name]


@pytest.fixture
def repository(demo_folder: Path) -> Path:
    """A git repository with the demonstration data; the current folder."""
    subprocess.run(["git", "init", "-q", "."], check=True)
    subprocess.run(["git", "add", "."], check=True)
    return Path.cwd()


def _installed(output: str) -> str:
    """The output, unless the packages could not be had."""
    if NO_NETWORK.search(output):
        pytest.skip("no package registry can be reached")
    return output


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """What CI would fetch: a clone of what is committed here."""
    clone = tmp_path / "source"
    subprocess.run(["git", "clone", "-q", str(REPOSITORY), str(clone)], check=True)
    return clone


def test_the_hook_in_pre_commit(repository: Path, source: Path, tmp_path: Path) -> None:
    program = shutil.which("pre-commit", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("pre-commit is not installed")
    git = ["git", "-C", str(source), "rev-parse", "HEAD"]
    revision = subprocess.run(git, check=True, capture_output=True, text=True).stdout.strip()
    hook = {"repo": str(source), "rev": revision, "hooks": [{"id": "tfod-weights-check"}]}
    Path(".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [hook]}))
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}

    def run_hook() -> tuple[int, str]:
        command = [program, "run", "--all-files", "--verbose"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        return done.returncode, _installed(done.stdout + done.stderr)

    code, output = run_hook()
    assert code == 0, output
    assert "no findings" in output
    config("num_classes: 3", "num_classes: 2")()
    code, output = run_hook()
    assert code == 1, output
    assert "[label-map-above-num-classes]" in output


def test_the_steps_of_the_action(repository: Path, source: Path, tmp_path: Path) -> None:
    inputs = {name: row["default"] for name, row in ACTION["inputs"].items()}
    inputs.update(configs="demo/*.config", report="check.sarif", options="--strict --replicas 3")
    config("num_classes: 3", "num_classes: 2")()
    codes, output = [], ""
    for step in ACTION["runs"]["steps"]:
        done = _run_step(step, inputs, source, tmp_path)
        output += _installed(done.stdout + done.stderr)
        codes.append(done.returncode)
    assert codes == [0, 1], output
    assert "::error file=demo/data/label_map.pbtxt,line=9," in output
    assert "title=batch-size-replicas" in output
    results = json.loads(Path("check.sarif").read_text())["runs"][0]["results"]
    assert {result["ruleId"] for result in results} >= {"label-map-above-num-classes"}


def _run_step(
    step: dict[str, Any], inputs: dict[str, str], source: Path, tmp_path: Path
) -> subprocess.CompletedProcess[str]:
    """One step of the action, as a runner on Linux runs it."""
    values = {"github.action_path": str(source)}
    values.update({f"inputs.{name}": value for name, value in inputs.items()})
    environment = {**os.environ, "RUNNER_TEMP": str(tmp_path)}
    for name, value in step["env"].items():
        environment[name] = re.sub(r"\$\{\{ (.*?) \}\}", lambda m: values[m.group(1)], value)
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(shell, env=environment, capture_output=True, text=True)
