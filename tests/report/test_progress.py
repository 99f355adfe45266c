"""The progress bar: only on a terminal, late, and gone afterwards."""

import io
import sys

import pytest

from tfod_weights.report import progress, progress_bar


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Call it in the test: pytest sets stderr anew after the fixtures."""

    def make(term="xterm"):
        monkeypatch.setenv("TERM", term)
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.setattr(sys, "stderr", Terminal())
        return sys.stderr

    return make


def test_no_terminal_no_bar(capsys):
    with progress_bar("Counting") as update:
        assert update is None
    assert capsys.readouterr().err == ""


def test_no_bar_on_a_dumb_terminal(terminal):
    terminal("dumb")
    with progress_bar("Counting") as update:
        assert update is None


def test_quick_work_shows_nothing(terminal):
    stderr = terminal()
    with progress_bar("Counting") as update:
        update(1, 2)
    assert stderr.getvalue() == ""


def test_slow_work_shows_how_far_it_is(terminal, monkeypatch, capsys):
    stderr = terminal()
    monkeypatch.setattr(progress, "DELAY_S", 0)
    monkeypatch.setattr(progress, "INTERVAL_S", 0)
    with progress_bar("Counting [a]") as update:
        update(1_000_000, 4_000_000)
        print("data", flush=True)
        update(2_000_000, 4_000_000)
    assert "Counting [a]" in stderr.getvalue()
    assert "2.0/4.0 MB" in stderr.getvalue()
    assert stderr.getvalue().endswith("\x1b[1A\x1b[2K")
    assert capsys.readouterr().out == "data\n"


def test_the_bar_goes_when_work_fails(terminal, monkeypatch):
    stderr = terminal()
    monkeypatch.setattr(progress, "DELAY_S", 0)
    with pytest.raises(KeyError), progress_bar("Counting") as update:
        update(1, 2)
        raise KeyError
    assert stderr.getvalue().endswith("\x1b[1A\x1b[2K")
