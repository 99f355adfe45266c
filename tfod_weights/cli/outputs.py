"""-o of the commands that write a file after long work."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from tfod_weights.errors import SourcePlace, TfodWeightsError, UsageError


def require_output(path: Optional[str]) -> None:
    """Check, before the work, that a file can be written there.

    Args:
        path: What -o names; -: standard output; None: nothing is to be written.

    Raises:
        TfodWeightsError: there is no folder for it, or it is one.
        UsageError: it is empty.
    """
    from tfod_weights.folders import require_folder

    if path in (None, "-"):
        return
    if not path:
        raise UsageError("-o names no file", help="name one, or leave -o out")
    require_folder(path)
    if Path(path).is_dir():
        raise TfodWeightsError("this is a folder", place=SourcePlace(path), help="name a file")
