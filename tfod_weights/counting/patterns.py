"""Input patterns → record files, as tf.io.gfile.glob matches them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Iterator, Optional, Sequence, Union

from tfod_weights.counting.sources import store_record_error
from tfod_weights.errors import NoMatchError, RecordPlace, UsageError
from tfod_weights.storage import StoreError, is_remote
from tfod_weights.suggestions import closest
from tfod_weights.unreadable import (
    is_file,
    is_folder,
    names_in,
    obstacle,
    reason_of,
    shown,
    unlisted,
    way_past,
)

PathLike = Union[str, "os.PathLike[str]"]

# A backslash escapes the next character, except where it separates folders.
_ESCAPE = "\\" if os.sep == "/" else ""
_MAGIC = frozenset("*?[" + _ESCAPE)
# How other tools name the shards of a file: train.record@4.
_SHARDED = re.compile(r"(.+)@0*(\d{1,5})", re.DOTALL)


def expand_patterns(paths: Union[PathLike, Sequence[PathLike]]) -> list[list[str]]:
    """The record files of every pattern, one sorted list per pattern.

    `*`, `?` and `[...]` do not cross a `/`, hidden files match like any other, and a path
    without them is taken as it is. A file that two patterns match is in both lists: TFOD
    reads it twice too (object_detection/builders/dataset_builder.py, `tf.gfile.Glob`). On
    another machine files match as fsspec's `glob` says.

    Args:
        paths: A path or pattern, or a sequence of them; each is one TFOD `input_path`.

    Raises:
        UsageError: no paths at all.
        NoMatchError: a pattern matches nothing.
        RecordError: a pattern for another machine, which cannot be asked.
    """
    patterns = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    if not patterns:
        raise UsageError("no record files to count", help="name at least one file or pattern")
    return [_files(os.fspath(pattern)) for pattern in patterns]


def _files(pattern: str) -> list[str]:
    files = _remote_matches(pattern) if is_remote(pattern) else _matches(pattern)
    if not files:
        raise _no_match(pattern)
    return files


def _no_match(pattern: str) -> NoMatchError:
    problem = "no file matches this pattern" if _is_magic(pattern) else "no such file"
    reason = None if is_remote(pattern) else _obstacle(pattern)
    if reason:
        problem = reason_of(reason)
    help = way_past(reason, pattern) or _next_step(pattern)
    return NoMatchError(problem, place=RecordPlace(shown(pattern)), help=help)


def _obstacle(pattern: str) -> Optional[Exception]:
    """What keeps us from looking for the file, or into the folder that the pattern begins with."""
    if not _is_magic(pattern):
        return obstacle(pattern)
    while _is_magic(pattern):
        pattern = os.path.dirname(pattern)  # noqa: PTH120
    return obstacle(pattern or os.curdir, os.listdir)


def literal_pattern(path: str) -> str:
    """The pattern that matches this path and no other.

    >>> literal_pattern("out[1]/train.record")
    'out[[]1]/train.record'
    """
    return "".join(
        f"[{character}]" if character in "*?[" else character * (1 + (character == _ESCAPE))
        for character in path
    )


def _remote_matches(pattern: str) -> list[str]:
    from tfod_weights.storage.stores import matches

    try:
        return matches(pattern)
    except StoreError as reason:
        raise store_record_error(pattern, reason) from reason


def _is_magic(path: str) -> bool:
    return not _MAGIC.isdisjoint(path)


def _matches(pattern: str) -> list[str]:
    """Existing paths that match, sorted."""
    if not _is_magic(pattern):
        return [pattern] if os.path.lexists(pattern) else []
    parent, name = os.path.split(pattern)
    folders = _matches(parent) if _is_magic(parent) else [parent]
    is_match = name_regex(name).fullmatch
    entries = ((folder, entry) for folder in folders for entry in names_in(folder or os.curdir))
    return sorted(str(Path(folder, entry)) for folder, entry in entries if is_match(entry))


def name_regex(pattern: str) -> re.Pattern[str]:
    """fnmatch(3) for one path segment.

    >>> bool(name_regex("*.record-0000[0-3]-of-*").fullmatch(".record-00002-of-00004"))
    True
    """
    try:
        return re.compile("".join(_regex_parts(pattern)), re.DOTALL)
    except re.error:  # a reversed range such as [9-0] matches nothing
        return re.compile("(?!)")


def _regex_parts(pattern: str) -> Iterator[str]:
    position = 0
    while position < len(pattern):
        character = pattern[position]
        position += 1
        end = _bracket_end(pattern, position) if character == "[" else -1
        if character == "*":
            yield ".*"
        elif character == "?":
            yield "."
        elif end >= 0:
            yield _bracket_regex(pattern[position:end])
            position = end + 1
        elif character == _ESCAPE and position < len(pattern):
            yield re.escape(pattern[position])
            position += 1
        else:
            yield re.escape(character)


def _bracket_end(pattern: str, start: int) -> int:
    """The index of the `]` that closes a bracket expression, or -1: `[` is then itself."""
    first = start + (pattern[start : start + 1] in ("!", "^"))
    return pattern.find("]", first + 1)


def _bracket_regex(content: str) -> str:
    negated = content[0] in "!^"
    members = re.sub(r"[\\\[\]^&~|]", r"\\\g<0>", content[negated:])
    return f"[{'^' if negated else ''}{members}]"


def _next_step(pattern: str) -> str:
    """What the user may have meant by a pattern that matches nothing."""
    sharded = _SHARDED.fullmatch(pattern)
    if sharded:
        return f"TFOD takes patterns only: {sharded[1]}-?????-of-{sharded[2]:>05}"
    if is_remote(pattern):
        return "see what is there, and whether the whole path is as it should be"
    if _is_magic(pattern) and os.path.lexists(pattern):
        return "a file has exactly this name; in a pattern write [[] for ["
    parent, name = os.path.split(pattern)
    folder = Path(parent or os.curdir)
    if _is_magic(parent) or not is_folder(str(folder)):
        return f"there is no folder {parent}; {_nearest_folder(folder)}"
    names = [entry for entry in names_in(str(folder)) if is_file(str(folder / entry))]
    if not names:
        return unlisted(str(folder)) or f"the folder {folder} holds no files{_relative_to(parent)}"
    beginning = re.split(r"[*?\[\\]", name)[0]
    alike = [entry for entry in names if beginning and entry.startswith(beginning)]
    example = alike[0] if alike else closest(name, names) or names[0]
    files = "1 file" if len(names) == 1 else f"{len(names)} files"
    return f"the folder {folder} has {files}, e.g. {example}{_relative_to(parent)}"


def _nearest_folder(folder: Path) -> str:
    nearest = next((parent for parent in folder.parents if is_folder(str(parent))), Path())
    return f"the nearest one that exists is {nearest}{_relative_to(str(folder))}"


def _relative_to(path: str) -> str:
    return "" if Path(path).is_absolute() else f" (relative to {Path.cwd()})"
