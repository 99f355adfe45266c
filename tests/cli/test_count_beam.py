"""`tfod-weights count --beam`: the same output, one clear error, and nothing of Beam's log."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.conftest import REPOSITORY
from tests.counting.records import example, image, write_records
from tests.interrupting import CLEAN_END, interrupted, start_counting, write_long_work
from tfod_weights.cli import count

needs_beam = pytest.mark.skipif(
    importlib.util.find_spec("apache_beam") is None, reason="pip install 'tfod-weights[beam]'"
)

DIRECT = ("--runner", "DirectRunner")
TWO_PROCESSES = (*DIRECT, "--direct_num_workers", "2", "--direct_running_mode=multi_processing")
LABEL_MAP = "item { id: 1 name: 'red' } item { id: 2 name: 'white' } item { id: 4 name: 'blue' }"


@pytest.fixture(autouse=True)
def shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Twelve files that differ, below the current folder, and nothing left by others."""
    monkeypatch.chdir(tmp_path)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    Path("labels.pbtxt").write_text(LABEL_MAP)
    return [
        write_records(
            f"train-{number:05d}-of-00012",
            *(
                example(image([b"red", b"white", b"none"][: boxes % 4], [1, 2, 7][: boxes % 4]))
                for boxes in range(1, 2 + number)
            ),
        )
        for number in range(12)
    ]


def damage(path: str) -> None:
    """Cut the last record off in its data."""
    content = Path(path).read_bytes()
    Path(path).write_bytes(content[:-6])


# -- the result -----------------------------------------------------------------------------


@needs_beam
@pytest.mark.parametrize(
    "options",
    [[], ["--label-map", "labels.pbtxt", "--merge-multiple-label-boxes"], ["--max-boxes", "1"]],
)
@pytest.mark.parametrize("format", ["table", "json", "csv"])
def test_the_output_is_that_of_one_process(capsys, format: str, options: list[str]) -> None:
    command = ("count", "train-*", *options, "--format", format)
    alone = run(capsys, *command)
    assert alone[0] == 0 and alone[1]
    assert run(capsys, *command, "--beam") == alone
    assert list(Path("tmp").iterdir()) == []


@needs_beam
def test_two_worker_processes(capsys) -> None:
    """They write to the descriptors of the command, not to its streams."""
    command = ("count", "train-*", "--label-map", "labels.pbtxt", "--format", "json")
    alone = run(capsys, *command)
    program = [sys.executable, "-m", "tfod_weights", *command, "--beam", *TWO_PROCESSES]
    done = subprocess.run(
        program,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == alone
    assert list(Path("tmp").iterdir()) == []


@needs_beam
def test_a_job_server(capsys, shards) -> None:
    """As Flink and Spark have one; this is Beam's own, in Python."""
    from apache_beam.runners.portability.local_job_service import LocalJobServicer

    server = LocalJobServicer(staging_dir="staging")
    endpoint = f"localhost:{server.start_grpc_server()}"
    flags = ("--runner", "PortableRunner", "--job_endpoint", endpoint)
    command = ("count", "train-*", "--beam", *flags, "--environment_type", "LOOPBACK")
    try:
        assert run(capsys, *command) == run(capsys, "count", "train-*")
        damage(shards[5])
        assert run(capsys, *command) == run(capsys, "count", "train-*")
    finally:
        server.stop()
    assert list(Path("tmp").glob("tfod-weights-*")) == []


@needs_beam
def test_no_job_server(capsys) -> None:
    flags = ("--runner=PortableRunner", "--job_endpoint=localhost:1", "--job_server_timeout=1")
    temporary = ("--temp_location", "tmp")
    assert run(capsys, "count", "train-*", "--beam", *flags, *temporary) == (
        2,
        "",
        "error: no job server answers at localhost:1\nhelp: start it, or correct --job_endpoint\n",
    )


@needs_beam
def test_options_of_count_may_follow_beam(capsys) -> None:
    alone = run(capsys, "count", "train-*", "--label-map", "labels.pbtxt", "--format", "csv")
    following = ("--label-map", "labels.pbtxt", *DIRECT, "--label", "team=cells", "--format=csv")
    assert run(capsys, "count", "train-*", "--beam", *following) == alone


@needs_beam
def test_the_result_comes_through_temp_location(capsys, monkeypatch) -> None:
    from apache_beam.io.filesystems import FileSystems

    written: list[str] = []
    create = FileSystems.create

    def noting(path: str, *rest):
        written.append(path)
        return create(path, *rest)

    monkeypatch.setattr(FileSystems, "create", noting)
    Path("shared").mkdir()
    alone = run(capsys, "count", "train-*")
    assert run(capsys, "count", "train-*", "--beam", "--temp_location", "shared") == alone
    assert [str(Path(path).parent) for path in written] == ["shared"]
    assert list(Path("shared").iterdir()) == []


# -- damaged files --------------------------------------------------------------------------


@needs_beam
@pytest.mark.parametrize("flags", [DIRECT, (*DIRECT, "--direct_running_mode=multi_threading")])
def test_a_damaged_file_is_the_same_error(capsys, shards, flags) -> None:
    damage(shards[5])
    alone = run(capsys, "count", "train-*")
    assert alone[0] == 2
    assert alone[2].startswith(f"{shards[5]}: byte ")
    assert "\nhelp: " in alone[2]
    assert run(capsys, "count", "train-*", "--beam", *flags) == alone
    assert list(Path("tmp").iterdir()) == []


@needs_beam
def test_skipped_files_are_warned_of(capsys, shards) -> None:
    damage(shards[2])
    damage(shards[7])
    sound = [path for path in shards if path not in (shards[2], shards[7])]
    table = run(capsys, "count", *sound)[1]
    command = ("count", "train-*", "--beam", "--skip-corrupt")
    code, out, err = run(capsys, *command)
    warning = "warning: 2 damaged files or parts of files are not counted:\n"
    before, _, after = out.partition(warning)
    first, second, *notes = after.splitlines()
    assert (code, err) == (0, "")
    assert before + "".join(f"{line}\n" for line in notes) == table
    assert first.startswith(f"  {shards[2]}: byte ")
    assert second.startswith(f"  {shards[7]}: byte ")
    found = json.loads(run(capsys, *command, "--format", "json")[1])
    assert found["skipped"] == [first.strip(), second.strip()]
    code, out, err = run(capsys, *command, "--format", "csv")
    assert (code, out) == (0, run(capsys, "count", *sound, "--format", "csv")[1])
    assert err == f"{warning}{first}\n{second}\n"


# -- wrong usage ----------------------------------------------------------------------------

USAGE = {
    "unknown without beam": (
        ("train-*", *DIRECT),
        "tfod-weights: error: unrecognized arguments: --runner DirectRunner\n",
    ),
    "skip without beam": (
        ("train-*", "--skip-corrupt"),
        "error: --skip-corrupt belongs to --beam: otherwise a damaged file stops the count\n"
        "help: add --beam, after the INPUTs\n",
    ),
    "jobs": (
        ("train-*", "--jobs", "2", "--beam"),
        "error: --jobs and --beam exclude each other: Beam's runner starts the workers\n"
        "help: for processes of this machine leave out --beam\n",
    ),
    "jobs behind": (("train-*", "--beam", "--jobs", "2"), "--jobs and --beam exclude each other"),
    "no input": (
        ("--beam", *DIRECT, "train-*"),
        "error: INPUT is missing, or stands after --beam: write it before\n",
    ),
    "own value": (("train-*", "--beam", "--format", "xml"), "invalid choice: 'xml'"),
}

BEAM_USAGE = {
    "unknown flag": (
        ("--runer", "DirectRunner"),
        "error: Beam does not know the flag --runer\nhelp: did you mean --runner?\n",
    ),
    "unknown flag, =": (("--nothing-like-it=1",), "error: Beam does not know the flag --nothing-"),
    "stray value": (
        (*DIRECT, "train-*"),
        "error: Beam has no use for 'train-*'\n"
        "help: inputs come before --beam, and a value comes right after its flag\n",
    ),
    "wrong value": (
        ("--direct_num_workers", "two"),
        "error: Beam's flags: argument --direct_num_workers: invalid int value: 'two'\n",
    ),
    "workers without a mode": (
        ("--direct_num_workers", "4"),
        "error: --direct_num_workers has no effect without --direct_running_mode\n"
        "help: add --direct_running_mode multi_processing\n",
    ),
    "unknown runner": (
        ("--runner", "DirectRuner"),
        "error: Beam has no runner 'DirectRuner'\nhelp: did you mean DirectRunner?\n",
    ),
    "remote runner": (
        ("--runner", "FlinkRunner", "--parallelism", "4"),
        "error: FlinkRunner needs --temp_location: its workers leave the counts there\n"
        "help: a folder that they and this machine reach, such as gs://BUCKET/temp\n",
    ),
}


@pytest.mark.parametrize("arguments, says", USAGE.values(), ids=USAGE.keys())
def test_wrong_usage(capsys, arguments: tuple[str, ...], says: str) -> None:
    code, out, err = run(capsys, "count", *arguments)
    assert (code, out) == (2, "")
    assert says in err


@needs_beam
@pytest.mark.parametrize("flags, says", BEAM_USAGE.values(), ids=BEAM_USAGE.keys())
def test_wrong_flags(capsys, flags: tuple[str, ...], says: str) -> None:
    code, out, err = run(capsys, "count", "train-*", "--beam", *flags)
    assert (code, out) == (2, "")
    assert err.startswith(says)
    assert list(Path("tmp").iterdir()) == []


@needs_beam
def test_a_pattern_without_files_is_the_same_error(capsys) -> None:
    assert run(capsys, "count", "tarin-*", "--beam") == run(capsys, "count", "tarin-*")


def test_help_after_beam_is_that_of_count(capsys) -> None:
    code, out, _ = run(capsys, "count", "train-*", "--beam", *DIRECT, "--help")
    assert (code, out) == run(capsys, "count", "--help")[:2]


def test_without_beam_installed(capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apache_beam", None)
    assert run(capsys, "count", "train-*", "--beam", *DIRECT) == (
        2,
        "",
        "error: --beam needs Apache Beam, which is not installed\n"
        "help: pip install 'tfod-weights[beam]'\n",
    )
    assert list(Path("tmp").iterdir()) == []


@needs_beam
def test_what_else_fails_names_a_file_with_the_log(capsys) -> None:
    flags = ("--temp_location", "nowhere://bucket/temp")
    code, out, err = run(capsys, "count", "train-*", "--beam", *flags)
    (log,) = Path("tmp").iterdir()
    assert (code, out) == (2, "")
    assert err.startswith("error: Beam: Unable to get filesystem from specified path")
    assert err.endswith(f"help: Beam's log has more: {log.resolve()}\n")
    assert "Traceback" in log.read_text() and "Traceback" not in err


@needs_beam
def test_count_and_beam_share_no_option() -> None:
    from apache_beam.options.pipeline_options import PipelineOptions, _BeamArgumentParser

    ours = argparse.ArgumentParser()
    count.add_arguments(ours)
    theirs = _BeamArgumentParser(allow_abbrev=False, add_help=False)
    for options in {str(one): one for one in PipelineOptions.__subclasses__()}.values():
        options._add_argparse_args(theirs)
    assert not set(ours._option_string_actions) & set(theirs._option_string_actions)


# -- Ctrl-C ---------------------------------------------------------------------------------


@needs_beam
def test_interrupting_ends_it_cleanly() -> None:
    """As Ctrl-C does: the signal goes to all processes of the terminal."""
    write_long_work(Path(), files=20, records=40_000)
    process = start_counting(Path(), "--beam")
    while not list(Path("tmp").glob("tfod-weights-*/")) and process.poll() is None:
        time.sleep(0.05)  # the folder of the result is made when the pipeline is
    time.sleep(1)
    assert interrupted(process) == CLEAN_END
    assert list(Path("tmp").iterdir()) == []
