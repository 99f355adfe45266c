"""A patched config: what was written into it, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator, Union

from tfod_weights.report.export import weights_json
from tfod_weights.report.sentences import Sentence
from tfod_weights.report.tables import Table, weights_table
from tfod_weights.weighting import BatchClassWeights

if TYPE_CHECKING:
    from tfod_weights.pipeline import PatchedConfig
    from tfod_weights.weighting import ClassWeights


def patched_weights(patched: PatchedConfig) -> Iterator[Union[Table, Sentence]]:
    """Rich renderables: a table of the weights, or how they are computed; when they begin."""
    weights = patched.weights
    if isinstance(weights, BatchClassWeights):
        parts = [f"scheme {weights.scheme}", f"normalize {weights.normalize}"]
        parts += [f"{name} {value:g}" for name, value in weights.parameters.items()]
        yield Sentence(f"weights from each batch's own objects: {', '.join(parts)}")
    else:
        yield weights_table(weights)
    schedule = patched.schedule
    if schedule.start_step is not None:
        full = schedule.start_step + schedule.ramp_steps
        ramp = f", and as they are from step {full} on" if schedule.ramp_steps else ""
        yield Sentence(f"every weight is 1 before step {schedule.start_step}{ramp}")


def _weights_json(weights: Union[ClassWeights, BatchClassWeights]) -> dict[str, Any]:
    if not isinstance(weights, BatchClassWeights):
        return {"per_batch": False, **weights_json(weights)}
    return {
        "per_batch": True,
        "scheme": weights.scheme,
        "normalize": weights.normalize,
        "parameters": weights.parameters,
    }


def patch_json(patched: PatchedConfig) -> dict[str, Any]:
    """What patching changes, as JSON types.

    Returns:
        The weights as `weights_json` has them, or those of each batch (`per_batch`) by their
        scheme, when they begin (`start_step`, null for always, and `ramp_steps`), where they
        are, and the diff.
    """
    return {
        "config": patched.path,
        "changed": patched.changed,
        "losses": list(patched.losses),
        "notes": list(patched.notes),
        **_weights_json(patched.weights),
        "start_step": patched.schedule.start_step,
        "ramp_steps": patched.schedule.ramp_steps,
        "diff": patched.diff(),
    }
