"""Reading and writing: bytes, permissions, links, and nothing half-written."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable

import pytest

from tests.locking import locked
from tfod_weights.errors import ConfigError, TextFormatError, TfodWeightsError
from tfod_weights.files import (
    exists,
    read_text,
    replacing,
    write_atomically,
)
from tfod_weights.folders import require_folder, require_possible_folder
from tfod_weights.json_files import read_json

TEXT = "a: 1\r\nb: 2\rc: \tü\n\n"


def write_in_pieces(path: Path, text: str) -> None:
    with replacing(path) as file:
        file.write(text.encode())


def test_line_ends_survive(tmp_path: Path) -> None:
    path = tmp_path / "f"
    write_atomically(path, TEXT)
    assert path.read_bytes() == TEXT.encode()
    assert read_text(path) == TEXT


def test_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("old")
    path.chmod(0o640)
    write_atomically(path, "new")
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="root's work")
def test_the_owner_stays(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("old")
    os.chown(path, 1234, 4321)
    write_atomically(path, "new")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX's pipes")
@pytest.mark.parametrize("write", [write_atomically, write_in_pieces])
def test_a_pipe_takes_the_text(tmp_path: Path, write: Callable[[Path, str], None]) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(path.read_bytes)
        write(path, TEXT)
        assert read.result(timeout=10) == TEXT.encode()
    assert path.is_fifo()


def test_a_new_file_gets_the_usual_permissions(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.write_text("")
    write_atomically(tmp_path / "f", "new")
    assert (tmp_path / "f").stat().st_mode == usual.stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to("target")
    write_atomically(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"


def test_an_unchanged_file_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text("same")
    inode = path.stat().st_ino
    write_atomically(path, "same")
    assert path.stat().st_ino == inode


def test_a_failed_write_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f"
    path.write_text("old")

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(TfodWeightsError, match="cannot write: no space left on device"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "pipeline.config").write_text("")
    with pytest.raises(ConfigError) as caught:
        read_text(tmp_path / "pipelne.config", ConfigError)
    assert caught.value.problem == "no such file"
    assert caught.value.help == f"did you mean {tmp_path / 'pipeline.config'}?"


def test_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"a: 1\nb: '\xff'")
    with pytest.raises(TextFormatError, match="byte 0xff is not UTF-8") as caught:
        read_text(path)
    assert (caught.value.place.line, caught.value.place.column) == (2, 5)


UNREADABLE = {  # path -> mode of the folder, problem, help
    "a/f": (0, "permission denied", "check the permissions of the file and of the folders"),
    "a/b/f": (0, "permission denied", "check the permissions of the file and of the folders"),
    "a/g": (0o111, "no such file", "the folder a cannot be listed: permission denied"),
    "x" * 300: (0o755, "file name too long", "the current folder is"),
    "x" * 5000 + "/f": (0o755, "file name too long", "there is no folder xxx"),
    "a\0b": (0o755, "a path cannot hold such a character", "in text format a backslash begins"),
    "a\tb": (0o755, "no such file", "in text format a backslash begins an escape"),
}


@pytest.mark.skipif(os.sep != "/", reason="permissions of another kind")
@pytest.mark.parametrize("path", UNREADABLE, ids=lambda path: path[:9])
def test_paths_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a/b").mkdir(parents=True)
    Path("a/f").touch()
    mode, problem, help = UNREADABLE[path]
    with locked("a", mode):
        assert not exists(path) or mode == 0o755
        with pytest.raises(ConfigError) as caught:
            read_text(path, ConfigError)
    assert (caught.value.problem, str(caught.value.place)) == (problem, path.replace("\0", "\\0"))
    assert (caught.value.help or "").startswith(help)


BAD_JSON = {"[" * 100_000: "nested too deeply", "9" * 5000: "too many digits", "{1": "not JSON"}


@pytest.mark.parametrize("text", BAD_JSON, ids=lambda text: text[:3])
def test_json_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "f").write_text(text)
    if text.isdecimal() and not hasattr(sys, "get_int_max_str_digits"):
        pytest.skip("this Python reads numbers of any length")
    with pytest.raises(ConfigError, match=BAD_JSON[text]):
        read_json(tmp_path / "f", ConfigError)


BAD_FOLDERS = {
    "": "the folder to write into has no name",
    "file": "file: this is a file",
    "file/x/y": "file/x/y: file is a file",
    "gs://bucket/x": "gs://bucket/x: this would be written to another machine",
    "a": "a: cannot write: permission denied",
    "a/x/y": "a/x/y: cannot write: permission denied",
}


@pytest.mark.skipif(os.sep != "/", reason="permissions of another kind")
@pytest.mark.parametrize("mode", [0, 0o555])
@pytest.mark.parametrize("folder", BAD_FOLDERS)
def test_folders_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, mode: int
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    Path("a").mkdir()
    with locked("a", mode):
        with pytest.raises(TfodWeightsError) as caught:
            require_possible_folder(folder)
        with pytest.raises(TfodWeightsError, match="cannot write: permission denied"):
            require_folder("a/file")
    assert str(caught.value).split("\nhelp: ")[0] == BAD_FOLDERS[folder]


def test_folders_that_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in (".", "x/y/z", tmp_path, tmp_path / "x"):
        require_possible_folder(folder)
    assert not Path("x").exists()
