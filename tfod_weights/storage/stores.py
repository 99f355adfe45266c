"""What is asked of the stores, whichever they are. Every error is a StoreError."""

from __future__ import annotations

import logging
import re
import time
from contextlib import contextmanager
from typing import Any, BinaryIO, Callable, Iterator, NamedTuple, Optional, TypeVar

from tfod_weights.storage.errors import MissingError, NoRangesError, StoreError, translated
from tfod_weights.storage.paths import protocol_of

_HTTP = ("http", "https")
_WAITS = (0.5, 1.0, 2.0)  # seconds before another try; the libraries of other stores try again
_LOGGERS = ("fsspec", "gcsfs", "s3fs", "aiobotocore")
# Where a file is replaced in one step: a reader sees the old one or the new one.
_REPLACING = ("gs", "gcs", "s3", "s3a", "az", "abfs", "abfss", "memory")

_T = TypeVar("_T")


class Remote(NamedTuple):
    """A file on another machine.

    Attributes:
        path: Its URL, as the user wrote it.
        fs: The fsspec file system.
        name: What `fs` calls it.
    """

    path: str
    fs: Any
    name: str


def remote(path: str) -> Remote:
    """A file on another machine, which may not exist.

    Raises:
        StoreError: nothing is installed that reads such files.
    """
    with _translating(path):
        import fsspec

        _say_nothing()
        fs, name = fsspec.core.url_to_fs(path)
    return Remote(path, fs, name)


def _say_nothing() -> None:
    """Keep the libraries from printing to stderr, where no handler is set, what is raised too."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())


def matches(pattern: str) -> list[str]:
    """The URLs of the files that match, sorted; of a plain URL itself, if it exists.

    Raises:
        StoreError: the store cannot be asked.
    """
    one = remote(pattern)
    _look_again(one)
    magic = "*[" if protocol_of(pattern) in _HTTP else "*?["  # in a web address ? asks
    if not any(character in pattern for character in magic):
        return [pattern] if _is_there(one) else []
    found = _trying(one.path, lambda: one.fs.glob(one.name, detail=True))
    files = [name for name, info in found.items() if info.get("type") != "directory"]
    return sorted(str(one.fs.unstrip_protocol(name)) for name in files)


def _look_again(one: Remote) -> None:
    """Forget what was listed before in this process; the folder may have changed."""
    folder = re.split(r"[*?\[]", one.name)[0].rpartition("/")[0]
    one.fs.invalidate_cache(folder)


def _is_there(one: Remote) -> bool:
    try:  # not fs.exists: a web server would begin to send the whole file
        _trying(one.path, lambda: one.fs.info(one.name))
    except MissingError:
        return False
    return True


def exists(path: str) -> bool:
    """Whether there is such a file.

    Raises:
        StoreError: the store cannot be asked.
    """
    return bool(matches(path))


def size_of(one: Remote) -> Optional[int]:
    """Bytes of a file; None if the server does not say.

    Raises:
        StoreError: it is not there, or the store cannot be asked.
    """
    info = _trying(one.path, lambda: one.fs.info(one.name))
    if info.get("type") == "directory":
        raise StoreError("this is a folder", f"name the record files in it: {one.path}/*.record*")
    size = info.get("size")
    return None if size is None else int(size)


def read_range(one: Remote, start: int, stop: int, size: int) -> bytes:
    """The bytes of a range that lies in the file.

    Args:
        one: The file.
        start: Its first byte.
        stop: The byte after its last.
        size: Bytes of the file.

    Raises:
        NoRangesError: the server sends whole files only.
        StoreError: it cannot be read, also after several tries.
    """

    def read() -> bytes:
        data = _read_range(one, start, stop, size)
        if len(data) != stop - start:
            problem = f"the connection ended {stop - start - len(data):,} bytes early"
            raise StoreError(problem, "see whether the file is changed meanwhile", may_pass=True)
        return data

    return _trying(one.path, read)


def _read_range(one: Remote, start: int, stop: int, size: int) -> bytes:
    if protocol_of(one.path) not in _HTTP:
        data: bytes = one.fs.cat_file(one.name, start=start, end=stop)
        return data
    # Not cat_file: from a server without ranges it takes the whole file into memory.
    with one.fs.open(one.name, "rb", size=size, cache_type="none") as file:
        file.seek(start)
        try:
            data = file.read(stop - start)
        except ValueError as error:
            raise NoRangesError from error
    return data


def read_all(path: str) -> bytes:
    """The content of a small file.

    Raises:
        StoreError: it cannot be read, also after several tries.
    """
    one = remote(path)
    data: bytes = _trying(path, lambda: one.fs.cat_file(one.name))
    return data


def download(one: Remote, target: BinaryIO) -> None:
    """Copy a file into an open file on this machine.

    Raises:
        StoreError: it cannot be read, also after several tries.
    """

    def copy() -> None:
        target.seek(0)
        target.truncate()
        one.fs.get_file(one.name, target)

    _trying(one.path, copy)


def write_all(path: str, content: bytes) -> None:
    """Replace a file in one step, if that changes it.

    Raises:
        StoreError: it cannot be written, or not in one step.
    """
    if protocol_of(path) not in _REPLACING:
        problem = f"{protocol_of(path)}:// does not replace a file in one step"
        raise StoreError(problem, "write a file on this machine with -o, and copy it there")
    one = remote(path)
    if not _is_there(one) or read_all(path) != content:
        _trying(path, lambda: one.fs.pipe_file(one.name, content))


def _trying(path: str, act: Callable[[], _T]) -> _T:
    """Do it, again if it failed on the way, but not for ever."""
    waits = _WAITS if protocol_of(path) in _HTTP else ()
    for wait in waits:
        try:
            with _translating(path):
                return act()
        except StoreError as error:
            if not error.may_pass:
                raise
        time.sleep(wait)
    with _translating(path, tries=len(waits) + 1):
        return act()


@contextmanager
def _translating(path: str, tries: int = 1) -> Iterator[None]:
    try:
        yield
    except NoRangesError:
        raise
    except Exception as error:
        found = translated(path, error)
        if tries > 1:
            found.problem += f" ({tries} tries)"
        raise found from error
