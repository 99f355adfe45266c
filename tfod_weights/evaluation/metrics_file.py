"""metrics.json: an Evaluation as a file, and back."""

from __future__ import annotations

import json
from typing import Any, Optional

from tfod_weights.errors import EvaluationError, SourcePlace
from tfod_weights.evaluation.json_content import shown
from tfod_weights.evaluation.metrics_reading import read_evaluation
from tfod_weights.evaluation.result import (
    ClassMatches,
    ClassMetrics,
    CurvePoint,
    Evaluation,
    GroupMetrics,
)
from tfod_weights.files import StrPath
from tfod_weights.json_files import read_json

VERSION = 1


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation as JSON types; what is unknown is null.

    Returns:
        `version` (1), `source` (where it is from), `images`, `iou`, `score_threshold`, `coco`
        (COCO's summary by name), `groups` (`name`, `classes`, and means), `classes` (each `id`
        one-based, `name`, `objects`, `images`, `training_objects`, `AP`, `AP50`, `AP75`,
        `at_threshold` and `best` as `score`, `precision`, `recall` and `F1`, `roc_auc`, and
        `curve`, rows of score, precision and recall), `confusion` (rows of class_id, class_id
        detected as, number; 0 for none, -1 where a class has the id 0) and `matches` (by
        class_id, what `evaluation.result.ClassMatches` says; `objects` as rows of image and
        number).
    """
    return {
        "version": VERSION,
        "source": dict(evaluation.source),
        "images": evaluation.images,
        "iou": evaluation.iou,
        "score_threshold": evaluation.score_threshold,
        "coco": dict(evaluation.coco),
        "groups": [_group_json(row) for row in evaluation.groups],
        "classes": [_class_json(row) for row in evaluation.classes],
        "confusion": [list(cell) for cell in evaluation.confusion],
        "matches": {str(i): _matches_json(row) for i, row in evaluation.matches.items()},
    }


def _group_json(row: GroupMetrics) -> dict[str, Any]:
    return {
        "name": row.name,
        "classes": list(row.class_ids),
        "AP": row.ap,
        "AP50": row.ap50,
        "AP75": row.ap75,
        "precision": row.precision,
        "recall": row.recall,
        "F1": row.f1,
    }


def _class_json(row: ClassMetrics) -> dict[str, Any]:
    return {
        "id": row.class_id,
        "name": row.name,
        "objects": row.objects,
        "images": row.images,
        "training_objects": row.training_objects,
        "AP": row.ap,
        "AP50": row.ap50,
        "AP75": row.ap75,
        "at_threshold": _point_json(row.at_threshold),
        "best": _point_json(row.best),
        "roc_auc": row.roc_auc,
        "curve": [list(point) for point in row.curve],
    }


def _point_json(point: Optional[CurvePoint]) -> Optional[dict[str, float]]:
    if point is None:
        return None
    return {
        "score": point.score,
        "precision": point.precision,
        "recall": point.recall,
        "F1": point.f1,
    }


def _matches_json(row: ClassMatches) -> dict[str, Any]:
    return {
        "images": list(row.images),
        "scores": list(row.scores),
        "matched": list(row.matched),
        "ignored": list(row.ignored),
        "objects": [list(pair) for pair in row.objects.items()],
    }


def metrics_text(evaluation: Evaluation) -> str:
    """The text of metrics.json: a line for each class, group and list of matches."""
    parts = []
    for name, value in evaluation_json(evaluation).items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n".join(f"    {_line(row)}" for row in value)
            parts.append(f'  "{name}": [\n{rows}\n  ]')
        elif name == "matches":
            rows = ",\n".join(f'    "{key}": {_line(row)}' for key, row in value.items())
            parts.append(f'  "{name}": {{\n{rows}\n  }}')
        else:
            parts.append(f'  "{name}": {_line(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def load_evaluation(path: StrPath) -> Evaluation:
    """Read a metrics.json.

    Raises:
        EvaluationError: it cannot be read, or is none.
    """
    return evaluation_of(read_json(path, EvaluationError), path)


def is_evaluation(content: Any) -> bool:
    """Whether JSON means to be a metrics.json, whatever its version."""
    return isinstance(content, dict) and {"version", "classes", "matches"} <= content.keys()


def evaluation_of(content: Any, path: StrPath) -> Evaluation:
    """The evaluation that the content of a metrics.json holds.

    Raises:
        EvaluationError: it is none; about `path`.
    """
    place = SourcePlace(str(path))
    try:
        if not isinstance(content, dict):
            raise ValueError(f"it is {shown(content)}")
        version = content["version"]
        if version is True or version != VERSION:
            problem = f"metrics of version {shown(version)}; this program reads {VERSION}"
            help = "install the version of tfod-weights that wrote them, or evaluate again"
            raise EvaluationError(problem, place=place, help=help)
        return read_evaluation(content)
    except (KeyError, ValueError) as reason:
        why = f"{reason} is missing" if isinstance(reason, KeyError) else reason
        raise EvaluationError(
            f"this is no metrics.json of `tfod-weights evaluate`: {why}",
            place=place,
            help="make one: tfod-weights evaluate CONFIG --checkpoint FOLDER -o metrics.json",
        ) from reason
