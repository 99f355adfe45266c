"""Folders to write into: looked at before long work, made after it."""

from __future__ import annotations

import os
from pathlib import Path

from tfod_weights.errors import SourcePlace, TfodWeightsError, UsageError
from tfod_weights.files import StrPath, require_local, unwritable
from tfod_weights.storage import is_remote
from tfod_weights.unreadable import is_file, is_folder, obstacle, reason_of


def require_folder(path: StrPath) -> None:
    """Check, before long work, that there is a folder for the file that it ends with.

    Raises:
        TfodWeightsError: there is none, or we may not write into it.
    """
    if is_remote(os.fspath(path)):
        return
    place, parent = SourcePlace(os.fspath(path)), str(Path(os.path.realpath(path)).parent)
    reason = obstacle(parent)
    if reason:
        raise unwritable(path, reason)
    if not is_folder(parent):
        raise TfodWeightsError(f"there is no folder {parent}", place=place, help="make it first")
    _require_writable(parent, place)


def _require_writable(folder: str, place: SourcePlace) -> None:
    effective = os.access in os.supports_effective_ids
    if not os.access(folder, os.W_OK | os.X_OK, effective_ids=effective):
        help = f"check the permissions of the folder {folder}, or name another"
        raise TfodWeightsError("cannot write: permission denied", place=place, help=help)


def require_possible_folder(path: StrPath) -> None:
    """Check, before long work, that there is a folder to write into, or that it can be made.

    Raises:
        UsageError: the path is empty.
        TfodWeightsError: it is on another machine, a file stands where it or a folder above it
            is to be, or we may not write there.
    """
    name = os.fspath(path)
    if not name:
        raise UsageError("the folder to write into has no name", help="the current folder is .")
    require_local(path)
    above = (name, *map(str, Path(name).parents))
    nearest = next((one for one in above if os.path.lexists(one)), os.curdir)
    if is_file(nearest):
        problem = "this is a file" if nearest == name else f"{nearest} is a file"
        help = "name a folder to write into"
        raise TfodWeightsError(problem, place=SourcePlace(name), help=help)
    _require_writable(nearest, SourcePlace(name))


def make_folder(path: StrPath) -> Path:
    """A folder to write into, made if it is missing.

    Raises:
        TfodWeightsError: it cannot be made, or is a file.
    """
    require_local(path)
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        problem = f"cannot make the folder: {reason_of(reason)}"
        raise TfodWeightsError(problem, place=SourcePlace(os.fspath(path))) from reason
    return Path(path)
