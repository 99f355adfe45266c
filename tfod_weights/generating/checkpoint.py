"""The checkpoint that training starts from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Optional

from tfod_weights.errors import UsageError
from tfod_weights.files import StrPath
from tfod_weights.generating.template import Template
from tfod_weights.storage import is_remote
from tfod_weights.textformat.literals import string_literal


def checkpoint_fields(
    template: Template, prefix: Optional[StrPath], checkpoint_type: str
) -> list[str]:
    """The fields of train_config that name a checkpoint; none without a prefix.

    Raises:
        UsageError: there is no such checkpoint, or the architecture cannot restore the type.
    """
    if checkpoint_type not in template.checkpoint_types:
        known = ", ".join(template.checkpoint_types)
        problem = f"{template.name} restores no checkpoint of type {checkpoint_type!r}"
        raise UsageError(problem, help=f"it restores {known}")
    if prefix is None:
        return []
    _require_there(os.fspath(prefix))
    return [
        f"fine_tune_checkpoint: {string_literal(os.fspath(prefix))}",
        f'fine_tune_checkpoint_type: "{checkpoint_type}"',
        "fine_tune_checkpoint_version: V2",
    ]


def _require_there(prefix: str) -> None:
    """Refuse a checkpoint that is not there; one on another file system cannot be looked at."""
    if is_remote(prefix) or Path(f"{prefix}.index").is_file():
        return
    parent = Path(prefix) if Path(prefix).is_dir() else Path(prefix).parent
    found = sorted(str(path.with_suffix("")) for path in parent.glob("*.index"))
    help = "name the prefix of a TensorFlow 2 checkpoint, such as model/checkpoint/ckpt-0"
    if found:
        help = f"did you mean {found[-1]}?"
    raise UsageError(f"there is no checkpoint {prefix}: no file {prefix}.index", help=help)
