"""Comparisons of runs for programs: what `compare --format json` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

if TYPE_CHECKING:
    from tfod_weights.comparing import ComparedRuns
    from tfod_weights.evaluation import Change, Comparison
    from tfod_weights.evaluation.runs import Run

VERSION = 1


def comparison_json(runs: ComparedRuns) -> dict[str, Any]:
    """Everything about a comparison as JSON types.

    Returns:
        `version` (1), `images`, `iou`, `score_threshold`, `resamples`, `seed`, `confidence`,
        `baseline` (`name`, `files`), `candidates` (each `name`, `files`, `groups` and
        `classes`; these with `name`, their ids, `objects` or `classes`, `images`, `verdict`, and
        `changes`: by metric `before`, `after`, `change`, `low`, `high`, `verdict`), `gates`
        (`condition`, `candidate`, `number`, `holds`) and `failed`.
    """
    first = runs.comparisons[0]
    return {
        "version": VERSION,
        "images": first.images,
        "iou": first.iou,
        "score_threshold": first.score_threshold,
        "resamples": first.resamples,
        "seed": first.seed,
        "confidence": first.confidence,
        "baseline": _run_json(runs.baseline),
        "candidates": [
            {**_run_json(candidate), **_comparison_json(comparison)}
            for candidate, comparison in zip(runs.candidates, runs.comparisons)
        ],
        "gates": [
            {
                "condition": result.gate.text,
                "candidate": result.candidate,
                "number": result.number,
                "holds": result.holds,
            }
            for result in runs.gates
        ],
        "failed": bool(runs.failed),
    }


def _run_json(run: Run) -> dict[str, Any]:
    return {"name": run.name, "files": list(run.seeds)}


def _comparison_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "groups": [
            {
                "name": row.name,
                "classes": list(row.class_ids),
                "images": row.images,
                "verdict": row.verdict,
                "changes": _changes_json(row.changes),
            }
            for row in comparison.groups
        ],
        "classes": [
            {
                "id": row.class_id,
                "name": row.name,
                "objects": row.objects,
                "images": row.images,
                "verdict": row.verdict,
                "changes": _changes_json(row.changes),
            }
            for row in comparison.classes
        ],
    }


def _changes_json(changes: Mapping[str, Change]) -> dict[str, Any]:
    return {
        metric: {
            "before": change.before,
            "after": change.after,
            "change": change.value,
            "low": change.low,
            "high": change.high,
            "verdict": change.verdict,
        }
        for metric, change in changes.items()
    }
