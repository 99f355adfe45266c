"""Every command on the demonstration data: exit code, stdout, stderr, and what it wrote."""

from __future__ import annotations

import json
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from tests.counting.records import example, image, write_records
from tests.locking import locked
from tfod_weights.cli import main

pytestmark = pytest.mark.usefixtures("demo_folder")

CONFIG, RECORDS, LABEL_MAP = (
    "demo/pipeline.config",
    "demo/data/train.record-?????-of-00002",
    "demo/data/label_map.pbtxt",
)


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line."""
    try:
        code = main(argv)
    except SystemExit as exit:  # argparse
        code = int(exit.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


# -- count and weights ----------------------------------------------------------------------


def test_count_json(capsys: pytest.CaptureFixture[str]) -> None:
    command = ("count", RECORDS, "--label-map", LABEL_MAP, "--format", "json")
    code, out, err = run(capsys, *command)
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["images"] == 60
    assert [row["name"] for row in found["classes"]] == ["circle", "square", "triangle"]
    assert found["objects"] == sum(row["objects"] for row in found["classes"])
    assert set(found["classes"][0]) >= {"id", "name", "objects", "images"}
    assert sum(found["dropped"].values()) == 0


def test_inputs_are_patterns_lists_or_both(capsys: pytest.CaptureFixture[str]) -> None:
    shards = [f"demo/data/train.record-0000{i}-of-00002" for i in range(2)]
    outputs = [
        run(capsys, "count", *inputs, "--format", "csv")[1]
        for inputs in ([RECORDS], shards, [",".join(shards)], ["demo/data/train.record*"])
    ]
    assert len(set(outputs)) == 1


@pytest.mark.parametrize(
    ("options", "objects"),
    [
        ([], [0, 2, 1]),
        (["--expand-labels-hierarchy"], [3, 2, 1]),
        (["--merge-multiple-label-boxes"], [0, 1, 1]),
    ],
)
def test_records_are_counted_as_a_config_would_say(
    capsys: pytest.CaptureFixture[str], options: list[str], objects: list[int]
) -> None:
    write_records("a.record", example(image([b"square", b"square", b"triangle"])))
    label_map = Path(LABEL_MAP).read_text(encoding="utf-8")
    for class_id in (2, 3):
        label_map = label_map.replace(f"id: {class_id}", f"id: {class_id} ancestor_ids: 1")
    Path("labels.pbtxt").write_text(label_map, encoding="utf-8")
    for command, key in (("count", "classes"), ("weights", "weights")):
        arguments = ("a.record", "--label-map", "labels.pbtxt", "--format", "json", *options)
        code, out, _ = run(capsys, command, *arguments)
        assert (code, [row["objects"] for row in json.loads(out)[key]]) == (0, objects)


def test_weights_json(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--scheme", "inverse", "--normalize", "min", "--format", "json")
    code, out, _ = run(capsys, "weights", RECORDS, "--label-map", LABEL_MAP, *options)
    found = json.loads(out)
    assert code == 0
    assert (found["scheme"], found["normalize"]) == ("inverse", "min")
    rows = {row["name"]: row for row in found["weights"]}
    assert set(rows["circle"]) >= {"id", "name", "objects", "weight"}
    assert rows["circle"]["weight"] == 1
    ratio = rows["circle"]["objects"] / rows["triangle"]["objects"]
    assert rows["triangle"]["weight"] == pytest.approx(ratio, rel=1e-12)


def test_weights_of_a_file_are_what_weights_prints(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "weights", RECORDS, "--label-map", LABEL_MAP, "--format", "json")[1]
    Path("weights.json").write_text(out)
    given = run(capsys, "patch", CONFIG, "--weights-file", "weights.json", "-o", "-")[1]
    computed = run(capsys, "patch", CONFIG, "-o", "-")[1]
    values = [line for line in computed.splitlines() if "class_weights" in line]
    assert values
    assert [line for line in given.splitlines() if "class_weights" in line] == values


# -- patch and strip ------------------------------------------------------------------------


def test_patch_writes_in_place_and_strip_takes_it_back(capsys: pytest.CaptureFixture[str]) -> None:
    original = Path(CONFIG).read_bytes()
    code, out, err = run(capsys, "patch", CONFIG)
    assert code == 0
    assert "triangle" in out and "+          class_weights: [" in out
    assert err.startswith(f"wrote {CONFIG}\n")
    patched = Path(CONFIG).read_bytes()
    assert patched != original
    assert run(capsys, "patch", CONFIG)[0] == 0
    assert Path(CONFIG).read_bytes() == patched
    assert run(capsys, "strip", CONFIG)[0] == 0
    assert Path(CONFIG).read_bytes() == original


def test_dry_run_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    original = Path(CONFIG).read_bytes()
    assert run(capsys, "patch", CONFIG, "--dry-run")[0] == 0
    assert run(capsys, "patch", CONFIG, "--dry-run", "--exit-code")[0] == 1
    assert run(capsys, "strip", CONFIG, "--dry-run")[0] == 0
    assert Path(CONFIG).read_bytes() == original


def test_exit_code_tells_whether_the_config_changes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "patch", CONFIG, "--exit-code")[0] == 1
    assert run(capsys, "patch", CONFIG, "--exit-code")[0] == 0
    assert run(capsys, "patch", CONFIG, "--dry-run", "--exit-code")[0] == 0


def test_output_elsewhere_leaves_the_config(capsys: pytest.CaptureFixture[str]) -> None:
    original = Path(CONFIG).read_bytes()
    assert run(capsys, "patch", CONFIG, "-o", "out.config")[0] == 0
    assert Path(CONFIG).read_bytes() == original
    assert b"class_weights" in Path("out.config").read_bytes()
    assert run(capsys, "strip", "out.config", "-o", "back.config")[0] == 0
    assert Path("back.config").read_bytes() == original


def test_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    original = Path(CONFIG).read_bytes()
    code, out, err = run(capsys, "patch", CONFIG, "--weights", "1,2,100", "-o", "-", "--exit-code")
    assert code == 1 and "class_weights: [1.0, 2.0, 100.0]" in out
    assert err.startswith("warning: ") and "100" in err
    assert Path(CONFIG).read_bytes() == original
    Path(CONFIG).write_text(out)
    options = ("--weights", "1,2,100", "-o", "-", "--exit-code")
    assert run(capsys, "patch", CONFIG, *options)[:2] == (0, out)
    assert run(capsys, "patch", CONFIG, "-o", "-")[2] == ""


def test_notes_of_what_is_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    text = Path(CONFIG).read_text()
    member = "weighted_sigmoid_focal {"
    Path(CONFIG).write_text(text.replace(member, f"weighted_sigmoid {{ }}\n{member}"))
    err = run(capsys, "patch", CONFIG, "-o", "-")[2]
    assert err.startswith("note: line ") and "nothing reads weighted_sigmoid" in err


def test_strip_says_what_became_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "patch", CONFIG)
    assert run(capsys, "strip", CONFIG, "--dry-run")[2] == f"would write {CONFIG}\n"
    assert run(capsys, "strip", CONFIG, "-o", "a.config")[2] == "wrote a.config\n"
    assert run(capsys, "strip", CONFIG)[2] == f"wrote {CONFIG}\n"
    assert run(capsys, "strip", CONFIG)[2] == "no class weights in it\n"
    assert run(capsys, "strip", CONFIG, "--dry-run")[2] == "no class weights in it\n"
    written = run(capsys, "strip", CONFIG, "-o", "b.config")[2]
    assert written == "no class weights in it\nwrote b.config\n"


@pytest.mark.skipif(os.name == "nt", reason="POSIX's pipes")
@pytest.mark.parametrize("command", [["strip"], ["patch", "--start-step", "60%"]])
def test_a_config_is_read_once(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    content = Path(CONFIG).read_bytes()
    os.mkfifo("pipe")
    thread = threading.Thread(target=Path("pipe").write_bytes, args=(content,))
    thread.start()
    name, *options = command
    code, out, _ = run(capsys, name, "pipe", *options, "-o", "out.config")
    thread.join()
    run(capsys, name, CONFIG, *options)
    assert code == 0 and Path("out.config").read_bytes() == Path(CONFIG).read_bytes()
    assert ("class_weights_start_step" in out) == (name == "patch")


def test_too_many_classes(capsys: pytest.CaptureFixture[str]) -> None:
    text = Path(CONFIG).read_text().replace("num_classes: 3", "num_classes: 2000000000")
    Path(CONFIG).write_text(text)
    code, _, err = run(capsys, "patch", CONFIG)
    assert code == 2
    assert "num_classes is 2000000000; more than 100,000 are a mistake" in err
    assert "help: " in err


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes")
def test_file_names_of_any_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    records, weights = "bad\udcff.record", "w\udcff.txt"
    shard = Path(RECORDS.replace("?????", "00000"))
    Path(records).write_bytes(shard.read_bytes())
    Path(weights).write_text("circle: 1\nsquare: 2\ntriangle: 3\n")
    for options in (("--records", records), ("--weights-file", weights)):
        assert run(capsys, "patch", CONFIG, *options)[0] == 0
        assert "xff" in Path(CONFIG).read_text() or "udcff" in Path(CONFIG).read_text()
    assert run(capsys, "check", CONFIG)[0] == 0


def test_patch_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "patch", CONFIG, "--dry-run", "--format", "json")
    found = json.loads(out)
    assert code == 0 and found["changed"]
    assert found["losses"] == [
        "classification: weighted_sigmoid_focal",
        "localization: weighted_smooth_l1",
    ]
    assert len(found["weights"]) == 3 and found["diff"].startswith("--- ")


def test_placement_options(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--loss", "classification", "--mode", "CLASS_COLUMN", "--background-weight", "0.5")
    _, out, _ = run(capsys, "patch", CONFIG, "--weights", "1,2,3", *options, "-o", "-")
    assert out.count("class_weights: [1.0, 2.0, 3.0]") == 1
    assert "background_weight: 0.5" in out and "class_weight_mode: CLASS_COLUMN" in out


def test_permissions_and_links_stay(capsys: pytest.CaptureFixture[str]) -> None:
    Path(CONFIG).chmod(0o600)
    Path("link.config").symlink_to(CONFIG)
    assert run(capsys, "patch", "link.config")[0] == 0
    assert Path("link.config").is_symlink()
    assert stat.S_IMODE(os.stat(CONFIG).st_mode) == 0o600  # noqa: PTH116
    assert "class_weights" in Path(CONFIG).read_text()


# -- check ----------------------------------------------------------------------------------


def test_check_is_silent_about_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check", CONFIG) == (0, "no findings\n", "")


def test_check_formats(capsys: pytest.CaptureFixture[str]) -> None:
    text = Path(CONFIG).read_text().replace("weighted_smooth_l1", "weighted_huber")
    Path(CONFIG).write_text(text)
    code, out, _ = run(capsys, "check", CONFIG)
    assert code == 1
    assert out == (
        "demo/pipeline.config:65:9: error: LocalizationLoss has no field named weighted_huber "
        "[unknown-field]\n"
        "          weighted_huber {\n"
        "          ^\n"
        "help: did you mean weighted_smooth_l1? `tfod-weights migrate demo/pipeline.config` "
        "mends it\n\n"
        "1 error\n"
    )
    code, out, _ = run(capsys, "check", CONFIG, "--format", "github")
    assert code == 1
    assert out == (
        "::error file=demo/pipeline.config,line=65,col=9,title=unknown-field::LocalizationLoss "
        "has no field named weighted_huber. did you mean weighted_smooth_l1? "
        "`tfod-weights migrate demo/pipeline.config` mends it\n"
    )
    code, out, _ = run(capsys, "check", CONFIG, "--format", "json")
    (finding,) = json.loads(out)["findings"]
    assert code == 1
    assert (finding["id"], finding["line"], finding["column"]) == ("unknown-field", 65, 9)


def test_strict_turns_warnings_into_failures(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "patch", CONFIG, "--weights", "1,1,99")
    assert run(capsys, "check", CONFIG)[0] == 0
    assert run(capsys, "check", CONFIG, "--strict")[0] == 1


# -- bad input ------------------------------------------------------------------------------

BAD = {
    "no command": ([], "the following arguments are required: COMMAND"),
    "unknown command": (["ptach", CONFIG], "invalid choice: 'ptach'"),
    "missing config": (["patch", "demo/pipelne.config"], "did you mean demo/pipeline.config?"),
    "folder": (["patch", "demo"], "demo: is a directory"),
    "few weights": (["patch", CONFIG, "--weights", "1,5"], "there are 2 weights for num_classes 3"),
    "no number": (["patch", CONFIG, "--weights", "1,x,3"], "could not convert string to float"),
    "an empty weight": (["patch", CONFIG, "--weights", "1,,2,3"], "a weight is missing"),
    "a comma too many": (["patch", CONFIG, "--weights", "1,2,3,"], "a weight is missing"),
    "nan": (["patch", CONFIG, "--weights", "1,nan,3"], "class_id 2"),
    "negative": (["patch", CONFIG, "--weights", "1,2,-3"], "class_id 3"),
    "zero": (["patch", CONFIG, "--weights", "1,2,0"], "class_id 3"),
    "huge": (["patch", CONFIG, "--weights", "1,2,1e39"], "finite"),
    "both": (["patch", CONFIG, "--weights", "1,2,3", "--records", "x"], "not allowed with"),
    "given and computed": (
        ["patch", CONFIG, "--weights", "1,2,3", "--max-ratio", "5", "--scheme", "log"],
        "--scheme, --max-ratio would do nothing: the weights are given",
    ),
    "of another scheme": (
        ["weights", RECORDS, "--beta", "0.9"],
        "--beta belongs to --scheme effective-number",
    ),
    "no such records": (["patch", CONFIG, "--records", "demo/data/trian*"], "demo/data/trian*"),
    "wrong label map": (["count", RECORDS, "--label-map", CONFIG], "no field named model"),
    "missing label map": (["count", RECORDS, "--label-map", "x"], "x: no such file"),
    "no match": (["count", "demo/data/*.tfrecord"], "demo/data/*.tfrecord"),
    "no record file": (["count", CONFIG], "demo/pipeline.config"),
    "unknown scheme": (["weights", RECORDS, "--scheme", "sqr"], "invalid choice: 'sqr'"),
    "bad parameter": (["weights", RECORDS, "--max-ratio", "0.5"], "max_ratio"),
    "bad background": (
        ["patch", CONFIG, "--weights", "1,2,3", "--background-weight", "-1"],
        "background weight",
    ),
    "background of 0": (
        ["patch", CONFIG, "--weights", "1,2,3", "--background-weight", "0"],
        "the background weight is 0.0; it must be finite and greater than 0",
    ),
    "background without classification": (
        ["patch", CONFIG, "--loss", "localization", "--background-weight", "2"],
        "belong to the classification loss",
    ),
    "unwritable": (["patch", CONFIG, "-o", "demo/data"], "demo/data: this is a folder"),
    "no folder, seen before the records": (
        ["patch", CONFIG, "--records", "x", "-o", "no/such/folder/x"],
        "no/such/folder/x: there is no folder",
    ),
    "config and JSON on stdout": (
        ["patch", CONFIG, "-o", "-", "--format", "json"],
        "-o - prints the config, --format json something else",
    ),
    "weights of each batch of no loss": (
        ["patch", CONFIG, "--loss", "none", "--per-batch", "--augment", "light"],
        "--per-batch would do nothing: --loss none writes no class weights",
    ),
    "weights beside repeat factors": (
        ["patch", CONFIG, "--loss", "none", "--sampling", "repeat-factor", "--weights", "1,2,3"],
        "--weights would do nothing: --loss none writes no class weights",
    ),
    "records beside repeat factors": (
        ["patch", CONFIG, "--loss", "none", "--sampling", "repeat-factor", "--records", "x"],
        "--records would do nothing: --loss none writes no class weights",
    ),
    "a seed of no draws": (
        ["patch", CONFIG, "--sampling-seed", "0"],
        "--sampling-seed belongs to --sampling",
    ),
    "a seed that is too large": (
        ["patch", CONFIG, "--sampling", "mean", "--sampling-seed", "4294967296"],
        "--sampling-seed is 4294967296, not from 0 to 4294967295",
    ),
    "strip into no name": (["strip", CONFIG, "-o", ""], "cannot write"),
}


@pytest.mark.parametrize("argv, says", BAD.values(), ids=BAD.keys())
def test_bad_input(capsys: pytest.CaptureFixture[str], argv: list[str], says: str) -> None:
    before = {path: path.read_bytes() for path in Path("demo").rglob("*") if path.is_file()}
    code, out, err = run(capsys, *argv)
    assert code == 2
    assert says in err
    assert out == ""
    assert "Traceback" not in err
    assert {path: path.read_bytes() for path in Path("demo").rglob("*") if path.is_file()} == before


_DATA = ("--label-map", LABEL_MAP, "--train", RECORDS, "--val", RECORDS, "-o", "new.config")
_START = ("generate", "ssd-tiny", *_DATA, "--fine-tune-checkpoint")

LOCKED = {
    "count": ("count", "zoo/x.record"),
    "count by a label map": ("count", RECORDS, "--label-map", "zoo/map.pbtxt"),
    "patch": ("patch", "zoo/pipeline.config"),
    "patch by other records": ("patch", CONFIG, "--records", "zoo/*"),
    "patch into": ("patch", CONFIG, "-o", "zoo/new.config"),
    "generate": (*_START, "zoo/ckpt-0"),
    "compare": ("compare", "zoo/a.json", "zoo/b.json"),
    "report into": ("report", CONFIG, "-o", "zoo/a/report.html"),
    "plot into": ("plot", CONFIG, "-o", "zoo/figures"),
    "resample into": ("resample", CONFIG, "--sampling", "sum", "-o", "zoo/new"),
    "evaluate": ("evaluate", CONFIG, "--checkpoint", "zoo/ckpt-0"),
    "demo into": ("demo", "zoo/demo"),
}


@pytest.mark.skipif(os.sep != "/", reason="permissions of another kind")
@pytest.mark.parametrize("argv", LOCKED.values(), ids=LOCKED.keys())
def test_folders_that_may_not_be_looked_into(
    capsys: pytest.CaptureFixture[str], argv: tuple[str, ...]
) -> None:
    Path("zoo").mkdir()
    with locked("zoo"):
        code, out, err = run(capsys, *argv)
    assert (code, out) == (2, "")
    assert "permission denied" in err and "zoo" in err


def test_label_map_ids_are_checked_against_num_classes(capsys: pytest.CaptureFixture[str]) -> None:
    with Path(LABEL_MAP).open("a") as file:
        file.write("item {\n  id: 4\n  name: 'star'\n}\n")
    code, _, err = run(capsys, "patch", CONFIG)
    assert code == 2
    assert err.startswith(f"{LABEL_MAP}:13:6: class 'star' has the id 4, but the config has")
    assert "set num_classes" in err or "follows the highest id of the label map: 4" in err


def test_demo_runs_everything(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "demo", "again")
    assert code == 0
    assert "stripped = original, byte for byte: True" in out
    for command in ("count", "patch", "check", "strip"):
        assert f"$ tfod-weights {command}" in out
    assert "class_weights" in Path("again/pipeline.config").read_text()
