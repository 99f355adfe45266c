"""What a command does with an output that is not read, full, closed, or in another encoding."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

pytestmark = [
    pytest.mark.usefixtures("demo_folder"),
    pytest.mark.skipif(os.name == "nt", reason="POSIX's pipes and devices"),
]

CONFIG, RECORDS = "demo/pipeline.config", "demo/data/train.record*"
FAULTY = CONFIG.replace("pipeline", "faulty")


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A line of sh, `tw` being the command; stdout is buffered as it is for users."""
    line = f'tw() {{ "{sys.executable}" -m tfod_weights "$@"; }}; {line}'
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    environment = {**inherited, "PYTHONPATH": str(REPOSITORY), **environment}
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, env=environment)


@pytest.fixture(autouse=True)
def faulty(demo_folder: Path) -> None:
    """A config in which `check` finds an error."""
    text = Path(CONFIG).read_text()
    Path(FAULTY).write_text(text.replace("num_classes: 3", "num_classes: 2"))


# command → its exit code, which stays when nobody reads what it prints
UNREAD = {
    f"tw check {CONFIG}": 0,
    f"tw check {CONFIG} --format sarif": 0,
    f"tw check {FAULTY}": 1,
    f"tw check {FAULTY} --format json": 1,
    f"tw check {FAULTY} --format github": 1,
    "tw check missing.config 2>&1": 2,
    f"tw count '{RECORDS}' --format csv": 0,
    f"tw patch {CONFIG} -o -": 0,
    "tw explain": 0,
    "tw explain --format json": 0,
    "tw --help": 0,
}


@pytest.mark.parametrize("command", UNREAD)
def test_nobody_reads(command: str) -> None:
    done = shell(f"( sleep 0.2; {command}; echo $? >&3 ) 3>code | true; cat code")
    assert (done.stdout, done.stderr) == (f"{UNREAD[command]}\n", "")


@pytest.mark.parametrize("format", ["text", "json"])
def test_a_full_disk(format: str) -> None:
    done = shell(f"tw check {CONFIG} --format {format} > /dev/full")
    error = "error: cannot write the output: no space left on device\n"
    assert (done.returncode, done.stderr) == (2, error)


def test_closed_streams() -> None:
    done = shell(f"tw check {FAULTY} >&- 2>&-; echo $?; tw check missing.config >&- 2>&-; echo $?")
    assert (done.stdout, done.stderr) == ("1\n2\n", "")


def test_json_is_ascii() -> None:
    label_map = Path("other.pbtxt")
    label_map.write_text("item { id: 1 name: 'café 😀' }", encoding="utf-8")
    command = f"tw count '{RECORDS}' --label-map {label_map} --format json"
    done = shell(command, PYTHONIOENCODING="cp1252")
    assert json.loads(done.stdout)["classes"][0]["name"] == "café 😀"


def test_a_config_keeps_its_bytes() -> None:
    content = Path(CONFIG).read_bytes().replace(b"#", "# größe ".encode(), 1)
    Path(CONFIG).write_bytes(content)
    line = f"tw strip {CONFIG} -o - > out.config"
    assert shell(line, PYTHONIOENCODING="ascii").returncode == 0
    assert Path("out.config").read_bytes() == content
