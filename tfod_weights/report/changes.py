"""A patched config for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tfod_weights.report.export import weights_json

if TYPE_CHECKING:
    from tfod_weights.pipeline import PatchedConfig


def patch_json(patched: PatchedConfig) -> dict[str, Any]:
    """What patching changes, as JSON types: the weights, where they are, and the diff.

    Returns:
        What `weights_json` gives (nothing of it without weights in a loss), and `config`,
        `changed`, `losses`, `notes`, `added` and `diff`.
    """
    return {
        "config": patched.path,
        "changed": patched.changed,
        "losses": list(patched.losses),
        "notes": list(patched.notes),
        "added": list(patched.added),
        **(weights_json(patched.weights) if patched.weights else {}),
        "diff": patched.diff(),
    }
