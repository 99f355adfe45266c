"""Reading and writing files without changing a byte more than asked."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, ContextManager, Iterator, Union

from tfod_weights.errors import SourcePlace, TextFormatError, TfodWeightsError
from tfod_weights.storage import StoreError, is_remote
from tfod_weights.suggestions import closest
from tfod_weights.unreadable import (
    is_file,
    is_folder,
    names_in,
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


def _nearby(path: Path) -> str:
    """What the user may have meant by a path that cannot be read."""
    if not is_folder(str(path.parent)):
        return f"there is no folder {path.parent}; the current folder is {Path.cwd()}"
    names = names_in(str(path.parent))
    guess = closest(path.name, (name for name in names if name != path.name))
    if guess:
        return f"did you mean {path.parent / guess}?"
    return unlisted(str(path.parent)) or f"the current folder is {Path.cwd()}"


def require_local(path: StrPath) -> None:
    """Refuse to write many or large files to another machine.

    Raises:
        TfodWeightsError: the path is there.
    """
    if is_remote(os.fspath(path)):
        problem = "this would be written to another machine"
        help = "name a folder on this machine, and copy it there"
        raise TfodWeightsError(problem, place=SourcePlace(os.fspath(path)), help=help)


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
        raise unwritable(path, reason) from reason


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
        raise unwritable(path, reason) from reason


def _opened(path: str) -> ContextManager[BinaryIO]:
    return Path(path).open("wb") if _is_stream(path) else _beside(Path(os.path.realpath(path)))


def _is_stream(path: str) -> bool:
    """Whether this is a pipe or a device, such as /dev/stdout: nothing to read or replace."""
    if not os.path.exists(path):  # noqa: PTH110
        return False
    mode = Path(path).stat().st_mode
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def unwritable(path: StrPath, reason: Exception) -> TfodWeightsError:
    """The error that says why a file cannot be written."""
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
