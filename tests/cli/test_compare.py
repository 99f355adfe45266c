"""`compare` on made-up metrics: exit code, stdout, stderr, and what it wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.evaluation.making import require_pycocotools, write_runs
from tfod_weights.evaluation.comparison import METRICS

require_pycocotools()

FEW = ("--resamples", "100")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture(autouse=True)
def _in_their_folder(written, monkeypatch):
    monkeypatch.chdir(written)


def test_a_table_with_classes_groups_and_what_intervals_are_over(capsys):
    code, out, err = run(capsys, "compare", "stock/seed0.json", "weighted/seed0.json", *FEW)
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == "weighted/seed0.json (1 seed) against stock/seed0.json (1 seed)"
    first_words = [line.split()[0] for line in lines if line.strip()]
    assert [first_words[place] for place in (1, 3, 4, 5, 6)] == [
        "class",
        "circle",
        "square",
        "triangle",
        "group",
    ]
    assert first_words[8:12] == [
        "all",
        "rare",
        "common",
        "head",
    ]
    assert "intervals: 100 resamples of 80 images (seed 0)" in lines
    assert "precision, recall and F1 at a score of 0.5, IoU 0.5" in lines
    assert lines[-1].startswith("note: one training each")


def test_seeds(capsys):
    out = run(capsys, "compare", "stock", "weighted/seed*.json", *FEW)[1]
    assert out.startswith("weighted/seed*.json (3 seeds) against stock (3 seeds)\n")
    assert "intervals: 100 resamples of 80 images (seed 0) and the spread of 6 seeds\n" in out
    assert "note: " not in out
    out = run(capsys, "compare", "stock", "weighted/seed1.json", *FEW)[1]
    assert "note: the run of 1 seed is taken to vary as the other does\n" in out


def test_another_metric(capsys):
    out = run(capsys, "compare", "stock", "weighted", "--metric", "recall", *FEW)[1]
    assert "recall before" in out
    assert "+/- AP " in out
    assert "+/- recall" not in out


def test_the_metrics_to_choose_from_are_all_there_are(capsys):
    assert f"--metric {{{','.join(METRICS)}}}" in run(capsys, "compare", "--help")[1]


def test_json_has_everything_and_o_writes_it(capsys):
    command = ("compare", "stock", "weighted", "weighted/seed0.json", "--seed", "7", *FEW)
    gates = ("--fail-if", "rare.AP.low > 0", "--fail-if", "all.F1 < -0.5")
    code, out, err = run(capsys, *command, *gates, "--format", "json", "-o", "comparison.json")
    found = json.loads(out)
    assert code == 1
    assert err.splitlines()[0].startswith("gate failed: rare.AP.low > 0 (it is +0.")
    assert json.loads(Path("comparison.json").read_text()) == found
    assert (found["version"], found["images"], found["resamples"], found["seed"]) == (1, 80, 100, 7)
    assert (found["confidence"], found["iou"], found["score_threshold"]) == (0.95, 0.5, 0.5)
    assert found["baseline"]["files"] == [f"stock/seed{i}.json" for i in range(3)]
    assert [one["name"] for one in found["candidates"]] == ["weighted", "weighted/seed0.json"]
    first = found["candidates"][0]
    assert [row["name"] for row in first["groups"]] == ["all", "rare", "common", "head"]
    assert [row["id"] for row in first["classes"]] == [1, 2, 3]
    for row in (*first["groups"], *first["classes"]):
        assert set(row["changes"]) == {"AP", "AP50", "AP75", "precision", "recall", "F1"}
        change = row["changes"]["AP"]
        assert set(change) == {"before", "after", "change", "low", "high", "verdict"}
        assert change["change"] == pytest.approx(change["after"] - change["before"], abs=1e-12)
        assert row["verdict"] == change["verdict"]
    assert [(gate["condition"], gate["candidate"]) for gate in found["gates"]] == [
        (condition, one) for condition in gates[1::2] for one in ("weighted", "weighted/seed0.json")
    ]
    assert found["gates"][0]["holds"] is True
    assert found["failed"] is True


@pytest.mark.parametrize(
    ("gates", "code"),
    [
        ((), 0),
        (("head.AP < -0.5",), 0),
        (("rare.AP > 0.01",), 1),
        (("head.AP < -0.5", "triangle.AP > 0.01"), 1),
        (("triangle.AP > 0.01", "head.AP < -0.5"), 1),
    ],
)
def test_gates_decide_the_exit_code(capsys, gates, code):
    options = [word for gate in gates for word in ("--fail-if", gate)]
    found, out, err = run(capsys, "compare", "stock", "weighted", *FEW, *options)
    assert (found, err) == (code, "")
    verdicts = [line.split(":")[0] for line in out.splitlines() if line.startswith("gate ")]
    assert len(verdicts) == len(gates)
    assert ("gate failed" in verdicts) == bool(code)


def test_one_bad_candidate_is_enough(capsys):
    command = ("compare", "stock", *FEW, "--fail-if", "triangle.AP > 0.01")
    assert run(capsys, *command, "stock")[0] == 0
    assert run(capsys, *command, "stock", "weighted")[0] == 1
    assert run(capsys, *command, "weighted", "stock")[0] == 1


def test_the_same_candidate_twice_has_its_gates_once_in_each_table(capsys):
    gates = ("--fail-if", "head.AP < -0.5", "--fail-if", "all.AP < -0.5")
    out = run(capsys, "compare", "stock", "weighted", "weighted", *FEW, *gates)[1]
    assert out.count("gate passed: head.AP < -0.5") == 2
    assert out.count("gate passed: ") == 4


def test_names_cannot_change_the_terminal(capsys):
    text = Path("stock/seed0.json").read_text().replace('"circle"', '"circ\\u001b[31mle"')
    Path("control.json").write_text(text)
    code, _, err = run(
        capsys, "compare", "control.json", "control.json", *FEW, "--format", "json",
        "--fail-if", "circ\x1b[31mle.AP < 0.5",
    )  # fmt: skip
    assert (code, err) == (1, "gate failed: circ\\x1b[31mle.AP < 0.5 (it is +0.0000)\n")


def test_a_name_that_utf_8_cannot_hold_is_written_as_json_can(capsys):
    text = Path("stock/seed0.json").read_text().replace('"circle"', '"\\ud800"')
    Path("half.json").write_text(text)
    assert run(capsys, "compare", "half.json", "half.json", *FEW, "-o", "out.json")[0] == 0
    content = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert content["candidates"][0]["classes"][0]["name"] == "\ud800"


WRONG = [
    (("stock",), "the following arguments are required: CANDIDATE"),
    (("stock", "wieghted"), "wieghted: no such file\nhelp: did you mean weighted?"),
    (("stock", "other.json"), "stock/seed0.json and other.json are not evaluations of the same"),
    (("stock", "empty.json"), "empty.json:1:1: not JSON"),
    (("stock", "weighted", "--fail-if", "haed.AP<0"), "help: did you mean head?"),
    (("stock", "weighted", "--fail-if", "head.AP"), "error: 'head.AP' is no condition"),
    (("stock", "weighted", "--confidence", "95"), "error: 95 is no confidence"),
    (("stock", "weighted", "--resamples", "5"), "error: 5 resamples are too few"),
    (("stock", "weighted", "-o", "no/where.json"), "help: make it first"),
    (("stock", "weighted", "-o", ""), "error: -o names no file"),
    (("stock", "weighted", "-o", "stock"), "stock: this is a folder"),
]


@pytest.mark.parametrize(("words", "problem"), WRONG)
def test_wrong_usage(capsys, words, problem):
    code, out, err = run(capsys, "compare", *words)
    assert (code, out) == (2, "")
    assert problem in err


def test_groups_of_other_training_records_are_pointed_out(capsys):
    content = json.loads(Path("weighted/seed0.json").read_text())
    content["groups"] = content["groups"][:1]
    Path("regrouped.json").write_text(json.dumps(content))
    out = run(capsys, "compare", "stock", "regrouped.json", *FEW)[1]
    assert "note: groups are those of stock; regrouped.json was trained on other counts\n" in out
