"""What the classes of a config are called, and whether its evaluations call them the same."""

from __future__ import annotations

from typing import Mapping, Optional, Sequence

from tfod_weights.count_config import config_label_map
from tfod_weights.errors import EvaluationError, SourcePlace, TfodWeightsError
from tfod_weights.evaluated_runs import NamedRun
from tfod_weights.files import StrPath
from tfod_weights.pipeline import PipelineConfig

Names = Mapping[int, Sequence[str]]  # class_id -> all that the class is called, the best first


def config_names(config: PipelineConfig, label_map: Optional[StrPath] = None) -> Names:
    """The names in the label map of a config; none where it cannot be read.

    Args:
        config: The config.
        label_map: Use this label map instead of the one that the config names.
    """
    try:
        found = config_label_map(config, label_map, required=False)
    except TfodWeightsError:
        return {}
    names: dict[int, list[str]] = {}
    for item in found.items if found else ():  # the first item of an id wins, as in TFOD
        names.setdefault(item.class_id, [item.label, item.name or item.label])
    return names


def require_names(names: Names, runs: Sequence[NamedRun], path: str) -> None:
    """Check that metrics are of the classes of a config.

    Args:
        names: Of the config; a class that it has no name for may be called anything.
        runs: Evaluations of the same classes.
        path: The config.

    Raises:
        EvaluationError: a class is called otherwise.
    """
    for row in runs[0].first.classes if runs else ():
        known = [name for name in names.get(row.class_id, ()) if _is_name(name, row.class_id)]
        if known and row.name not in known and _is_name(row.name, row.class_id):
            problem = f"class {row.class_id} is {row.name!r} here and {known[0]!r} in {path}"
            help = "name the config of these models, or evaluate them again with its label map"
            raise EvaluationError(problem, place=SourcePlace(runs[0].source), help=help)


def joined_names(names: Names, runs: Sequence[NamedRun]) -> dict[int, str]:
    """class_id -> name: the config's, else that of the evaluations, else the id."""
    found = {class_id: known[0] for class_id, known in names.items()}
    for row in runs[0].first.classes if runs else ():
        if not _is_name(found.get(row.class_id), row.class_id):
            found[row.class_id] = row.name
    return {class_id: name or str(class_id) for class_id, name in found.items()}


def _is_name(name: Optional[str], class_id: int) -> bool:
    return bool(name) and name != str(class_id)
