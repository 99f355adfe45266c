"""`enable()`: class weights and compatibility for the TFOD of this process."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Iterable

from tfod_weights.errors import TfodWeightsError

if TYPE_CHECKING:
    from tfod_weights.runtime.compat import Mend

_active: set[str] = set()


def enable(*, verbose: bool = False) -> None:
    """Make the installed TFOD read and apply class weights, and run on new TensorFlow.

    Call it before importing tensorflow or object_detection; twice is once. Nothing is imported
    but what the program imports, and no file changes.

    Args:
        verbose: Say what is changed, on stderr, when it is.

    Raises:
        TfodWeightsError: TFOD or a package it needs is missing, or it was imported already.
    """
    from tfod_weights.runtime.compat import MENDS
    from tfod_weights.runtime.notes import show_notes
    from tfod_weights.runtime.patches import PATCHES

    if verbose:
        show_notes()
    activate(MENDS, PATCHES)


def activate(mends: Iterable[Mend], patches: Iterable[tuple[str, str]] = ()) -> None:
    """Install these mends and patches, each once in a process."""
    from tfod_weights.runtime.patches import install

    require_tfod()
    for mend in mends:
        if mend.name not in _active:
            mend.install()
            _active.add(mend.name)
    for target, function in patches:
        if function not in _active:
            install(target, function)
            _active.add(function)


def require_tfod() -> None:
    """Check that TFOD and TensorFlow can be imported, without importing them.

    Raises:
        TfodWeightsError: one is missing, or TFOD's protos are not compiled.
    """
    tfod = importlib.util.find_spec("object_detection")
    if tfod is None:
        raise TfodWeightsError("TFOD (object_detection) is not installed", help=_INSTALL)
    if importlib.util.find_spec("tensorflow") is None:
        raise TfodWeightsError("TensorFlow is not installed", help=_INSTALL)
    folders = [Path(folder) / "protos" for folder in tfod.submodule_search_locations or ()]
    if not any((folder / "pipeline_pb2.py").is_file() for folder in folders):
        raise _not_compiled(folders)


_INSTALL = "pip install 'tfod-weights[tfod]'"


def _not_compiled(folders: list[Path]) -> TfodWeightsError:
    root = folders[0].parent.parent if folders else Path()
    return TfodWeightsError(
        f"the protos of the TFOD in {root} are not compiled",
        help=f"cd {root} && protoc object_detection/protos/*.proto --python_out=.",
    )
