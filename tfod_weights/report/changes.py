"""A patched config for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tfod_weights.report.export import weights_json

if TYPE_CHECKING:
    from tfod_weights.pipeline import NewSampling, PatchedConfig


def patch_json(patched: PatchedConfig) -> dict[str, Any]:
    """What patching changes, as JSON types: the weights, where they are, and the diff.

    Returns:
        What `weights_json` gives (nothing of it without weights in a loss), and `config`,
        `changed`, `losses`, `notes`, `sampling` (null without) and `diff`.
    """
    return {
        "config": patched.path,
        "changed": patched.changed,
        "losses": list(patched.losses),
        "notes": list(patched.notes),
        **(weights_json(patched.weights) if patched.weights else {}),
        "sampling": _sampling_json(patched.sampling) if patched.sampling else None,
        "diff": patched.diff(),
    }


def _sampling_json(new: NewSampling) -> dict[str, Any]:
    """The fields of the class_sampling block, and where its weights come from."""
    fields = {**asdict(new.sampling), "class_weights": list(new.sampling.class_weights)}
    return {**fields, **({"from": weights_json(new.weights)} if new.weights else {})}
