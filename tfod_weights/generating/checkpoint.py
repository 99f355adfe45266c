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
from tfod_weights.unreadable import is_file, is_folder, names_in, obstacle, reason_of, way_past


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
    if is_remote(prefix) or is_file(f"{prefix}.index"):
        return
    reason = obstacle(f"{prefix}.index")
    if reason:
        problem = f"the checkpoint {prefix} cannot be looked for: {reason_of(reason)}"
        raise UsageError(problem, help=way_past(reason, prefix))
    parent = Path(prefix) if is_folder(prefix) else Path(prefix).parent
    names = [name for name in names_in(str(parent)) if name.endswith(".index")]
    help = "name the prefix of a TensorFlow 2 checkpoint, such as model/checkpoint/ckpt-0"
    if names:
        help = f"did you mean {parent / names[-1][: -len('.index')]}?"
    raise UsageError(f"there is no checkpoint {prefix}: no file {prefix}.index", help=help)
