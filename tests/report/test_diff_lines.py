"""Diffs: exact in a pipe, coloured on a terminal."""

import io

import pytest
from rich.console import Console

from tfod_weights.report import console, diff_lines

DIFF = (
    "--- pipeline.config\n"
    "+++ pipeline.config\n"
    "@@ -1,3 +1,4 @@\n"
    " loss {\n"
    "-\tweight: 1  # [bold] :smile:\n"
    "+\tweight: 2\r\n"
    f"+ {'x' * 20_000}\n"
    "\\ No newline at end of file\n"
)


@pytest.mark.parametrize("diff", [DIFF, "", "+no line end", "+a\x0cb\u2028c\n", "\n\n"])
def test_a_pipe_gets_every_character(diff, capsys):
    console().print(diff_lines(diff))
    assert capsys.readouterr().out == diff


def test_colours_end_with_their_line():
    file = io.StringIO(newline="")
    terminal = Console(
        file=file, width=20, force_terminal=True, color_system="standard", soft_wrap=True
    )
    terminal.print(diff_lines(DIFF))
    lines = file.getvalue().split("\n")
    assert lines[0] == "\x1b[1m--- pipeline.config\x1b[0m"
    assert lines[2] == "\x1b[36m@@ -1,3 +1,4 @@\x1b[0m"
    assert lines[3] == " loss {"
    assert lines[4] == "\x1b[31m-\tweight: 1  # [bold] :smile:\x1b[0m"
    assert lines[5] == "\x1b[32m+\tweight: 2\r\x1b[0m"
    assert len(lines[6]) > 20_000
