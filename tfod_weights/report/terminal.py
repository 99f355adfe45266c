"""The one place that makes rich consoles."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Iterator, TextIO

if TYPE_CHECKING:
    from rich.console import Console

PIPE_WIDTH = 10_000
"""Columns of a console that is no terminal: tables keep their natural width there."""


def console(*, stderr: bool = False) -> Console:
    """A console on stdout or stderr that adds nothing to what it prints.

    Colour only on a terminal and only without NO_COLOR. Text is neither wrapped nor cut, and
    `[brackets]`, numbers and `:colons:` have no meaning; tables fit the width of a terminal.
    Characters that the encoding cannot show become backslash escapes. What nobody reads
    (`… | head`) is dropped.

    Args:
        stderr: For messages; data goes to stdout.
    """
    stream = sys.stderr if stderr else sys.stdout
    escape_unencodable(stream)
    is_terminal = stream.isatty()
    return _console_type()(
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


@cache
def _console_type() -> type[Console]:
    from rich.console import Console

    class PipeConsole(Console):
        """rich's ends the program when nobody reads on, with an exit code of its own."""

        def on_broken_pipe(self) -> None:
            drop(self.file)

    return PipeConsole


def print_text(text: str) -> None:
    """Print text as it is to stdout, at once; what nobody reads is dropped."""
    with dropping_unread(sys.stdout):
        print(text, end="", flush=True)


def print_file(text: str) -> None:
    """Print the text of a file to stdout byte for byte, whatever stdout's encoding is."""
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:  # as in notebooks
        print_text(text)
        return
    with dropping_unread(sys.stdout):
        sys.stdout.flush()
        binary.write(text.encode("utf-8"))
        binary.flush()


def say(text: str) -> None:
    """Print a line to stderr; what nobody reads is dropped."""
    with dropping_unread(sys.stderr):
        print(text, file=sys.stderr, flush=True)


@contextmanager
def dropping_unread(stream: TextIO) -> Iterator[None]:
    """A stream that nobody reads any more (`… | head`) leads nowhere from then on."""
    try:
        yield
    except BrokenPipeError:
        drop(stream)


def drop(stream: Any) -> None:
    """Let a stream lead nowhere, or Python complains at exit of what the stream still holds."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)


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
