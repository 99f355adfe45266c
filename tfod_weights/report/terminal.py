"""The one place that makes rich consoles."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console

PIPE_WIDTH = 10_000
"""Columns of a console that is no terminal: tables keep their natural width there."""


def console(*, stderr: bool = False) -> Console:
    """A console on stdout or stderr that adds nothing to what it prints.

    Colour only on a terminal and only without NO_COLOR. Text is neither wrapped nor cut, and
    `[brackets]`, numbers and `:colons:` have no meaning; tables fit the width of a terminal.
    Characters that the encoding cannot show become backslash escapes.

    Args:
        stderr: For messages; data goes to stdout.
    """
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    escape_unencodable(stream)
    is_terminal = stream.isatty()
    return Console(
        stderr=stderr,
        force_terminal=is_terminal,
        force_jupyter=False,
        color_system="auto" if is_terminal and not os.environ.get("NO_COLOR") else None,
        width=None if is_terminal else PIPE_WIDTH,
        height=None if is_terminal else 25,
        soft_wrap=True,
        markup=False,
        emoji=False,
        highlight=False,
    )


def escape_unencodable(stream: TextIO) -> None:
    """Make a stream print an escape where its encoding lacks a character, instead of raising."""
    if getattr(stream, "errors", None) == "strict" and hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")


def printable(text: str, encoding: str = "utf-8") -> str:
    r"""The text with escapes for control characters and for what the encoding lacks.

    Class names come from files, which can hold anything.

    >>> printable("red\x1b[31m"), printable("café", "ascii")
    ('red\\x1b[31m', 'caf\\xe9')
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    return text.encode(encoding, "backslashreplace").decode(encoding)
