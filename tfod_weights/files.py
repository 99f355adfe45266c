"""Reading and writing files without changing a byte more than asked."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, ContextManager, Iterator, Union

from tfod_weights.errors import SourcePlace, TextFormatError, TfodWeightsError, UsageError
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

StrPath = Union[str, "os.PathLike[str]"]


def read_text(path: StrPath, error: type[TfodWeightsError] = TfodWeightsError) -> str:
    """The text of a UTF-8 file, line ends and BOM as they are.

    Raises:
        error: the file cannot be read.
        TextFormatError: it is not UTF-8; with line and column.
    """
    name = os.fspath(path)
    try:
        content = _content(name)
    except (OSError, ValueError) as reason:
        help = way_past(reason, name)
        if help is None and not is_remote(name):
            help = _nearby(Path(path))
        raise error(reason_of(reason), place=SourcePlace(shown(name)), help=help) from reason
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as reason:
        before = content[: reason.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise TextFormatError(
            f"byte 0x{content[reason.start]:02x} is not UTF-8",
            place=SourcePlace(name, line, column),
            help="protobuf reads UTF-8 only; save the file as UTF-8",
        ) from reason


def _content(path: str) -> bytes:
    if not is_remote(path):
        return Path(path).read_bytes()
    from tfod_weights.storage.stores import read_all

    return read_all(path)


def exists(path: StrPath) -> bool:
    """Whether there is such a file; on another machine, one that can be asked for."""
    name = os.fspath(path)
    if not is_remote(name):
        return is_file(name) or is_folder(name)
    from tfod_weights.storage import stores

    try:
        return stores.exists(name)
    except StoreError:
        return False


def read_json(path: StrPath, error: type[TfodWeightsError] = TfodWeightsError) -> Any:
    """What a JSON file says, as JSON types.

    Raises:
        error: the file cannot be read, or is not JSON; with line and column.
        TextFormatError: it is not UTF-8.
    """
    import json  # milliseconds that most commands need not spend

    text = read_text(path, error)
    try:
        return json.loads(text)
    except json.JSONDecodeError as reason:
        place = SourcePlace(os.fspath(path), reason.lineno, reason.colno)
        raise error(f"not JSON: {reason.msg}", place=place) from None
    except (ValueError, RecursionError) as reason:  # a number of thousands of digits
        problem = "nested too deeply" if isinstance(reason, RecursionError) else "a number too long"
        raise error(
            f"cannot read this JSON: {problem}", place=SourcePlace(os.fspath(path))
        ) from None


def _nearby(path: Path) -> str:
    """What the user may have meant by a path that cannot be read."""
    if not is_folder(str(path.parent)):
        return f"there is no folder {path.parent}; the current folder is {Path.cwd()}"
    names = names_in(str(path.parent))
    guess = closest(path.name, (name for name in names if name != path.name))
    if guess:
        return f"did you mean {path.parent / guess}?"
    return unlisted(str(path.parent)) or f"the current folder is {Path.cwd()}"


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
        raise _unwritable(path, reason)
    if not is_folder(parent):
        raise TfodWeightsError(f"there is no folder {parent}", place=place, help="make it first")
    _require_writable(parent, place)


def _require_writable(folder: str, place: SourcePlace) -> None:
    effective = os.access in os.supports_effective_ids
    if not os.access(folder, os.W_OK | os.X_OK, effective_ids=effective):
        help = f"check the permissions of the folder {folder}, or name another"
        raise TfodWeightsError("cannot write: permission denied", place=place, help=help)


def require_local(path: StrPath) -> None:
    """Refuse to write many or large files to another machine.

    Raises:
        TfodWeightsError: the path is there.
    """
    if is_remote(os.fspath(path)):
        problem = "this would be written to another machine"
        help = "name a folder on this machine, and copy it there"
        raise TfodWeightsError(problem, place=SourcePlace(os.fspath(path)), help=help)


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


def write_atomically(path: StrPath, text: str) -> None:
    """Replace a file's content in one step; a reader sees the old text or the new one.

    The new file is written beside the old one, synced and renamed over it. Permissions and, as
    far as we may, the owner stay; a symbolic link stays one and its target changes. Nothing is
    written if nothing changes. On another machine the store itself replaces the file in one step.
    A pipe or a device stays what it is: it takes the text.

    Raises:
        TfodWeightsError: the file cannot be written; the old one is untouched.
    """
    # A file name that is not UTF-8 is not lost, and JSON that holds it stays JSON.
    name, content = os.fspath(path), text.encode("utf-8", "backslashreplace")
    try:
        if is_remote(name):
            _write_remote(name, content)
        elif _is_stream(name) or not is_file(name) or Path(path).read_bytes() != content:
            with _opened(name) as file:
                file.write(content)
    except OSError as reason:
        raise _unwritable(path, reason) from reason


def _write_remote(path: str, content: bytes) -> None:
    from tfod_weights.storage.stores import write_all

    write_all(path, content)


@contextmanager
def replacing(path: StrPath) -> Iterator[BinaryIO]:
    """A file to write into, which stands at `path` in one step once all is written.

    Raises:
        TfodWeightsError: the file cannot be written; what was there is untouched.
    """
    require_local(path)
    try:
        with _opened(os.fspath(path)) as file:
            yield file
    except OSError as reason:
        raise _unwritable(path, reason) from reason


def _opened(path: str) -> ContextManager[BinaryIO]:
    return Path(path).open("wb") if _is_stream(path) else _beside(Path(os.path.realpath(path)))


def _is_stream(path: str) -> bool:
    """Whether this is a pipe or a device, such as /dev/stdout: nothing to read or replace."""
    if not os.path.exists(path):  # noqa: PTH110
        return False
    mode = Path(path).stat().st_mode
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _unwritable(path: StrPath, reason: Exception) -> TfodWeightsError:
    help = reason.help if isinstance(reason, StoreError) else None
    problem = f"cannot write: {reason_of(reason)}"
    return TfodWeightsError(problem, place=SourcePlace(os.fspath(path)), help=help)


@contextmanager
def _beside(target: Path) -> Iterator[BinaryIO]:
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _keep_owner(temporary, target)
        Path(temporary).chmod(_mode_for(target))
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink()
        raise


def _keep_owner(temporary: str, target: Path) -> None:
    """As root in a container we write files of others, who have to read them afterwards."""
    if hasattr(os, "chown") and target.exists():
        status = target.stat()
        with suppress(OSError):
            os.chown(temporary, status.st_uid, status.st_gid)


def _mode_for(target: Path) -> int:
    """The permissions of the file that is replaced, else what `open` would give."""
    if target.exists():
        return target.stat().st_mode & 0o7777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
