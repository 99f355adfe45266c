"""Reading and writing: bytes, permissions, links, and nothing half-written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tfod_weights.errors import ConfigError, TextFormatError, TfodWeightsError
from tfod_weights.files import read_text, write_atomically

TEXT = "a: 1\r\nb: 2\rc: \tü\n\n"


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
