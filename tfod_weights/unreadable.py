"""Why a path cannot be looked at, and what to do about it. Nothing here raises."""

from __future__ import annotations

import os
import re
from typing import Callable, Optional

from tfod_weights.storage import StoreError

_CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")


def obstacle(path: str, look: Callable[[str], object] = os.lstat) -> Optional[Exception]:
    r"""What keeps us from knowing whether there is such a file, or what is in a folder.

    Args:
        path: The file or folder.
        look: `os.lstat` for a file, `os.listdir` for what is in a folder.

    Returns:
        None if nothing does: also where there is no such file or folder.

    >>> obstacle("no/such/file"), obstacle("a\0b")
    (None, ValueError('embedded null byte'))
    """
    try:
        look(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as reason:  # ValueError: of a NUL in the path
        return reason
    return None


def is_file(path: str) -> bool:
    """Whether we see such a file; `Path.is_file` raises where we may not look."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: str) -> bool:
    """Whether we see such a folder; `Path.is_dir` raises where we may not look."""
    return os.path.isdir(path)  # noqa: PTH112


def names_in(folder: str) -> list[str]:
    """What is in a folder, sorted; nothing where it cannot be listed."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208
    except (OSError, ValueError):
        return []


def unlisted(folder: str) -> Optional[str]:
    """Why we do not know what is in a folder; None if we do, or if there is none."""
    reason = obstacle(folder, os.listdir)
    return f"the folder {folder} cannot be listed: {reason_of(reason)}" if reason else None


def reason_of(error: Exception) -> str:
    """What was wrong, in words."""
    if isinstance(error, StoreError):
        return error.problem
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return "a path cannot hold such a character"


def way_past(error: Optional[Exception], path: str) -> Optional[str]:
    """The next step after an error, if it does not depend on what else there is."""
    if isinstance(error, StoreError):
        return error.help
    if _CONTROL_CHARACTER.search(path):
        return r"in text format a backslash begins an escape: write / or \\ in a Windows path"
    if isinstance(error, PermissionError):
        return "check the permissions of the file and of the folders that it is in"
    return None


def shown(path: str) -> str:
    r"""A path as a message can name it: a NUL would end it for many who read it.

    >>> print(shown("data\0labels"))
    data\0labels
    """
    return path.replace("\0", r"\0")
