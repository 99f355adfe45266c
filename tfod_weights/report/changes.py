"""A patched config: what was written into it, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Iterator, Union

from tfod_weights.report.export import weights_json
from tfod_weights.report.sampling import sampling_texts
from tfod_weights.report.sentences import Sentence, recipe_text, weights_sentences
from tfod_weights.report.tables import Table, weights_table
from tfod_weights.weighting import BatchClassWeights, ClassWeights

if TYPE_CHECKING:
    from tfod_weights.pipeline import NewSampling, PatchedConfig


def patched_weights(patched: PatchedConfig) -> Iterator[Union[Table, Sentence]]:
    """Rich renderables: a table of the weights, or how they are computed; when they begin."""
    weights = patched.weights
    if isinstance(weights, BatchClassWeights):
        yield Sentence(f"weights from each batch's own objects: {recipe_text(weights)}")
    elif weights is not None:
        yield weights_table(weights)
    schedule = patched.schedule
    if schedule.start_step is not None:
        full = schedule.start_step + schedule.ramp_steps
        ramp = f", and as they are from step {full} on" if schedule.ramp_steps else ""
        yield Sentence(f"every weight is 1 before step {schedule.start_step}{ramp}")
    yield from sampling_texts(patched.sampling) if patched.sampling else ()


def patch_warnings(patched: PatchedConfig) -> Iterator[Sentence]:
    """What is unusual about the weights; the tables of `patched_weights` say it, too."""
    sampled = patched.sampling.weights if patched.sampling else None
    for weights in (patched.weights, sampled):
        if isinstance(weights, ClassWeights):
            yield from weights_sentences(weights)[1:]


def _weights_json(weights: Union[ClassWeights, BatchClassWeights, None]) -> dict[str, Any]:
    if weights is None:
        return {}
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
        scheme, or nothing of it without weights in a loss; when they begin (`start_step`, null
        for always, and `ramp_steps`), where they are, what is `added` besides, `sampling` (null
        without), and the diff.
    """
    return {
        "config": patched.path,
        "changed": patched.changed,
        "losses": list(patched.losses),
        "notes": list(patched.notes),
        "added": list(patched.added),
        **_weights_json(patched.weights),
        "start_step": patched.schedule.start_step,
        "ramp_steps": patched.schedule.ramp_steps,
        "sampling": _sampling_json(patched.sampling) if patched.sampling else None,
        "diff": patched.diff(),
    }


def _sampling_json(new: NewSampling) -> dict[str, Any]:
    """The fields of the class_sampling block, and where its weights come from."""
    fields = {**asdict(new.sampling), "class_weights": list(new.sampling.class_weights)}
    return {**fields, **({"from": weights_json(new.weights)} if new.weights else {})}
