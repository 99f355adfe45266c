"""Which paths are on other machines."""

from __future__ import annotations


def is_remote(path: str) -> bool:
    """Whether a path names a file by URL, such as gs://bucket/file.

    >>> is_remote("gs://bucket/train.record"), is_remote("/data/train.record")
    (True, False)
    """
    return "://" in path


def protocol_of(path: str) -> str:
    """What stands before ://.

    >>> protocol_of("s3://bucket/train.record")
    's3'
    """
    return path.partition("://")[0]
