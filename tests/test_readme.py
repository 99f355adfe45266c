"""What the README shows is what the program prints: run, compare, or rewrite it."""

from __future__ import annotations

import code
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY

README = REPOSITORY / "README.md"
COPIED = REPOSITORY / "tests" / "migration" / "data" / "readme.in.config"
BLOCK = re.compile(r"```(console|python)\n(.*?)```\n", re.DOTALL)


def _run_console(block: str) -> str:
    """The block with the output of its `$` lines made anew."""
    parts = []
    for command in re.findall(r"^\$ (.*)$", block, re.MULTILINE):
        words = command.replace("tfod-weights", f"{sys.executable} -m tfod_weights", 1)
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            words,
            shell=True,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        parts.append(f"$ {command}\n{done.stdout}")
    return "".join(line.rstrip() + "\n" for line in "".join(parts).splitlines())


def _run_python(block: str) -> str:
    """The block with the output of its `>>>` lines made anew."""
    console, lines = code.InteractiveConsole(), []
    for line in block.splitlines():
        if line.startswith((">>> ", "... ")):
            output = io.StringIO()
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
                more = console.push(line[4:])
                more = console.push("") if more and line == "... )" else more
            lines += [line, *output.getvalue().splitlines()]
    return "".join(f"{line}\n" for line in lines)


def made_anew(text: str) -> str:
    """The text of a document with the output in its blocks made anew."""
    runners = {"console": _run_console, "python": _run_python}

    def anew(match: re.Match[str]) -> str:
        return f"```{match.group(1)}\n{runners[match.group(1)](match.group(2))}```\n"

    return BLOCK.sub(anew, text)


@pytest.mark.usefixtures("demo_folder")
def test_the_readme_shows_what_happens() -> None:
    shutil.copy(COPIED, "copied.config")
    shown = README.read_text(encoding="utf-8")
    made = made_anew(shown)
    if os.environ.get("UPDATE_README"):
        README.write_text(made, encoding="utf-8")
    assert "Traceback" not in made
    assert shown == made or os.environ.get("UPDATE_README")


def test_the_first_sentence_is_short() -> None:
    sentence = README.read_text(encoding="utf-8").split("\n\n")[1]
    assert len(sentence.split()) <= 40
