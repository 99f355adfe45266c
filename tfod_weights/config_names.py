"""What the classes of a config are called, and whether others call them the same."""

from __future__ import annotations

from typing import Mapping, Optional, Sequence

from tfod_weights.count_config import config_label_map
from tfod_weights.errors import TfodWeightsError
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


def first_conflict(names: Names, called: Mapping[int, str]) -> Optional[tuple[int, str, str]]:
    """The first class that is called otherwise: its id, what it is called, its name here.

    Args:
        names: Of the config; a class that it has no name for may be called anything.
        called: class_id -> name; a class that is called by its id may be any.
    """
    for class_id, name in sorted(called.items()):
        known = [one for one in names.get(class_id, ()) if _is_name(one, class_id)]
        if known and name not in known and _is_name(name, class_id):
            return class_id, name, known[0]
    return None


def joined_names(names: Names, called: Mapping[int, str]) -> dict[int, str]:
    """class_id -> name: the config's, else what it is called elsewhere, else the id."""
    found = {class_id: known[0] for class_id, known in names.items()}
    for class_id, name in called.items():
        if not _is_name(found.get(class_id), class_id):
            found[class_id] = name
    return {class_id: name or str(class_id) for class_id, name in found.items()}


def _is_name(name: Optional[str], class_id: int) -> bool:
    return bool(name) and name != str(class_id)
