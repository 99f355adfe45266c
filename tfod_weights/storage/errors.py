"""What goes wrong with files on other machines, in words of our own.

The libraries of the stores raise errors of many families; what can be told apart is whether
something is not installed, not there, not allowed, or failed on the way.
"""

from __future__ import annotations

from typing import Optional

from tfod_weights.storage.paths import protocol_of

INSTALL = "pip install 'tfod-weights[remote]'"

# What reads a protocol, where the extra does not bring it.
_OTHER_PACKAGES = {
    "hdfs": f"{INSTALL} pyarrow, and set HADOOP_HOME, JAVA_HOME and CLASSPATH for Hadoop's libhdfs",
    "abfs": f"{INSTALL} adlfs",
    "abfss": f"{INSTALL} adlfs",
    "az": f"{INSTALL} adlfs",
}
_CREDENTIALS = {
    "gs": "gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS",
    "s3": "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; "
    "for a public bucket FSSPEC_S3_ANON=true",
}
_ALIASES = {"gcs": "gs", "s3a": "s3"}
_REFUSED = (401, 403)
_MISSING = (404, 410)


class StoreError(OSError):
    """A file on another machine cannot be read or written.

    Attributes:
        problem: What is wrong, in one sentence without a full stop.
        help: The next step for the user.
        may_pass: Whether trying again may help.
    """

    def __init__(self, problem: str, help: Optional[str] = None, *, may_pass: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.help = help
        self.may_pass = may_pass


class MissingError(StoreError, FileNotFoundError):
    """There is no such file."""


class NoRangesError(Exception):
    """The server sends whole files only."""


def translated(path: str, error: BaseException) -> StoreError:
    """What an error of fsspec, or of a store's library, says about a path."""
    protocol = _ALIASES.get(protocol_of(path), protocol_of(path))
    cause = _cause(error)
    if isinstance(cause, StoreError):
        return cause
    if isinstance(cause, ImportError) or "Unable to load lib" in str(cause):
        help = _OTHER_PACKAGES.get(protocol, INSTALL)
        return StoreError(f"nothing is installed that reads {protocol}://", help)
    if isinstance(cause, ValueError) and "Protocol not known" in str(cause):
        known = "there are gs://, s3://, hdfs://, https:// and all others of fsspec"
        return StoreError(f"{protocol}:// is no kind of file system that is known", known)
    status = _status(cause)
    if status in _MISSING or (isinstance(cause, FileNotFoundError) and status is None):
        return MissingError("no such file")
    if status in _REFUSED or _is_refusal(cause):
        help = _CREDENTIALS.get(protocol, "see whether you may read it, and with which account")
        return StoreError(f"access is refused: {_first_line(cause)}", help)
    if isinstance(cause, (NotImplementedError, ValueError, IsADirectoryError)):
        return StoreError(f"cannot be used: {_first_line(cause)}")
    help = "see whether the network and the server are there; then try again"
    return StoreError(f"the connection failed: {_first_line(cause)}", help, may_pass=True)


def _cause(error: BaseException) -> BaseException:
    """What lies behind an error: for fsspec's HTTP all is FileNotFoundError, with a cause."""
    if isinstance(error, FileNotFoundError) and error.__cause__ is not None:
        return error.__cause__
    return error


def _status(error: BaseException) -> Optional[int]:
    """The HTTP status that an error carries; None for none."""
    found = getattr(error, "status", None) or getattr(error, "code", None)
    return found if isinstance(found, int) else None


def _is_refusal(error: BaseException) -> bool:
    names = " ".join(kind.__name__ for kind in type(error).__mro__)
    return (
        isinstance(error, PermissionError)
        or "Credential" in names
        or str(error).startswith("Forbidden")
    )


def _first_line(error: BaseException) -> str:
    text = str(error).strip().split("\n")[0]
    return text or type(error).__name__
