"""`tfod-weights migrate`: exit code, stdout, stderr, and what it wrote."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.conftest import REPOSITORY

COPIED = """\
model {
  ssd {
    numClasses: “2” // cats, dogs
    loss {
      box_loss { weighted_huber { } }
      normalize_loss_by_num_matches: true
    }
  }
}
"""
MENDED = """\
model {
  ssd {
    num_classes: 2 # cats, dogs
    loss {
      localization_loss { weighted_smooth_l1 { } }
    }
    normalize_loss_by_num_matches: true
  }
}
"""
EDITS = """\
3: numClasses → num_classes  (TFOD's name for it, certain)
3: “2” → "2"  (typographic quotes, certain)
3: "2" → 2  (numbers have no quotes, certain)
3: // cats, dogs → # cats, dogs  (comments start with #, certain)
5: box_loss → localization_loss  (TFOD's name for it, certain)
5: weighted_huber → weighted_smooth_l1  (TFOD's name for it, certain)
6: loss.normalize_loss_by_num_matches → ssd.normalize_loss_by_num_matches
   (ssd has such a field, loss has not, likely)
"""
LEFTOVER = """\
a.config:4:5: error: Ssd has no field named num_clases
      num_clases: 2
      ^
help: did you mean num_classes?
"""


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.config").write_text(COPIED, encoding="utf-8")
    return Path("a.config")


def test_in_place(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    config.chmod(0o600)
    summary = "7 edits (6 certain, 1 likely)\nwrote a.config\n"
    assert run(capsys, "migrate", "a.config") == (0, EDITS, summary)
    assert config.read_text() == MENDED
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    unchanged = "nothing to migrate\nunchanged: a.config\n"
    assert run(capsys, "migrate", "a.config") == (0, "", unchanged)


def test_dry_run(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    code, out, err = run(capsys, "migrate", "a.config", "--dry-run")
    assert code == 0
    assert out.startswith(f"{EDITS}\n--- a.config\n+++ a.config\n@@ -1,9 +1,9 @@\n model {{\n")
    assert out.endswith("   }\n }\n")
    assert err == "7 edits (6 certain, 1 likely)\nwould write a.config\n"
    assert config.read_text() == COPIED


def test_elsewhere(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    code, _, err = run(capsys, "migrate", "a.config", "-o", "b.config")
    assert code == 0 and err.endswith("wrote b.config\n")
    assert (config.read_text(), Path("b.config").read_text()) == (COPIED, MENDED)


def test_standard_output(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    code, out, err = run(capsys, "migrate", "a.config", "-o", "-")
    assert (code, out, err) == (0, MENDED, f"{EDITS}7 edits (6 certain, 1 likely)\n")
    assert config.read_text() == COPIED


def test_standard_output_has_one_meaning(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    code, out, err = run(capsys, "migrate", "a.config", "-o", "-", "--format", "json")
    assert (code, out) == (2, "")
    assert err.startswith("error: -o - prints the config, --format json something else\n")


def test_what_is_left_is_listed_and_the_rest_written(
    capsys: pytest.CaptureFixture[str], config: Path
) -> None:
    config.write_text("model {\n  // one\n  ssd {\n    num_clases: 2\n  }\n}\n")
    code, out, err = run(capsys, "migrate", "a.config")
    assert code == 1
    assert out == f"2: // one → # one  (comments start with #, certain)\n\n{LEFTOVER}"
    assert err == "1 edit (1 certain); 1 error left for you\nwrote a.config\n"
    assert "# one" in config.read_text()
    assert run(capsys, "migrate", "a.config")[:2] == (1, LEFTOVER)


def test_notes(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    config.write_text(
        "feature_extractor { type: 'ssd_inception_v2' }\n".join(["model { ssd {", "} }"])
    )
    code, _, err = run(capsys, "migrate", "a.config", "--dry-run")
    assert code == 0
    assert "note: line 1: only TensorFlow 1 builds ssd_inception_v2; choose another" in err


def test_json(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    code, out, _ = run(capsys, "migrate", "a.config", "--dry-run", "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["changed"] and found["leftovers"] == [] and found["notes"] == []
    assert found["diff"].startswith("--- a.config\n")
    assert found["edits"][0] == {
        "line": 3, "column": 5, "before": "numClasses", "after": "num_classes",
        "reason": "TFOD's name for it", "certainty": "certain",
    }  # fmt: skip
    config.write_text("model { foo: 1 }")
    code, out, _ = run(capsys, "migrate", "a.config", "--format", "json")
    (leftover,) = json.loads(out)["leftovers"]
    assert code == 1
    assert (leftover["line"], leftover["column"]) == (1, 9)
    assert leftover["problem"] == "DetectionModel has no field named foo"
    assert leftover["help"].startswith("it has: faster_rcnn, ssd")


UNUSABLE = {
    "open block": (b"// x\nmodel {\n", 'a.config:3:1: expected a field name or the "}" that'),
    "latin-1": (b"# caf\xe9\n", "a.config:1:6: byte 0xe9 is not UTF-8"),
}


@pytest.mark.parametrize("content, says", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_unusable(
    capsys: pytest.CaptureFixture[str], config: Path, content: bytes, says: str
) -> None:
    config.write_bytes(content)
    code, out, err = run(capsys, "migrate", "a.config", "-o", "b.config")
    assert (code, out) == (2, "")
    assert err.startswith(says)
    assert config.read_bytes() == content and not Path("b.config").exists()


def test_a_mistyped_path(capsys: pytest.CaptureFixture[str]) -> None:
    says = "b.config: no such file\nhelp: did you mean a.config?\n"
    assert run(capsys, "migrate", "b.config") == (2, "", says)


@pytest.mark.parametrize("command", [["patch", "--weights", "1,2"], ["strip"]])
def test_other_commands_name_migrate_where_it_helps(
    capsys: pytest.CaptureFixture[str], config: Path, command: list[str]
) -> None:
    code, _, err = run(capsys, *command, "a.config")
    assert code == 2
    assert err.endswith("; `tfod-weights migrate a.config` mends it\n")
    config.write_text("model { ssd { ,\n")
    code, _, err = run(capsys, *command, "a.config")
    assert code == 2
    assert "migrate" not in err


def test_patch_names_migrate_only_for_what_it_mends(
    capsys: pytest.CaptureFixture[str], config: Path
) -> None:
    config.write_text("model { ssd { foo: 1 numClasses: 2 } }")
    err = run(capsys, "patch", "a.config", "--weights", "1,2")[2]
    assert err.endswith("help: `tfod-weights check a.config` lists every fault\n")
    config.write_text("model { ssd { numClasses: 2 } }")
    err = run(capsys, "patch", "a.config", "--weights", "1,2")[2]
    assert err.endswith("every fault; `tfod-weights migrate a.config` mends it\n")


def test_check_names_migrate_for_every_fault_that_it_mends(
    capsys: pytest.CaptureFixture[str], config: Path
) -> None:
    config.write_text("model { ssd {\nfoo: 1\nnumClasses: 2\nloss { box_loss { huber { } } } } }")
    code, out, _ = run(capsys, "check", "a.config", "--format", "json")
    helps = {row["line"]: row["help"] for row in json.loads(out)["findings"]}
    assert code == 1
    assert helps[2] is None
    assert helps[3] == "did you mean num_classes? `tfod-weights migrate a.config` mends it"
    assert helps[4] == "did you mean weighted_smooth_l1? `tfod-weights migrate a.config` mends it"


def test_edits_fit_80_columns(capsys: pytest.CaptureFixture[str], config: Path) -> None:
    long = "/data/" + "very/" * 30 + "long.record"
    config.write_text(
        f"train_input_reader {{ label_map_path: {long} // {long}\n}}\n"
        "model { ssd { feature_extractor { type: 'ssd_mobilenet_v1' } } }\n"
        f"/* {long} */ eval_config {{ }}"
    )
    _, out, _ = run(capsys, "migrate", "a.config")
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "…" in out


def test_ascii_output(config: Path) -> None:
    command = [sys.executable, "-m", "tfod_weights", "migrate", "a.config", "--dry-run"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert b"3: numClasses -> num_classes  (TFOD's name for it, certain)\n" in done.stdout
    assert done.stdout.isascii()
