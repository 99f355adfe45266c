"""Rules about the checkpoint that training starts from: its settings and its files.

Facts from object_detection/model_lib_v2.py (train_loop, load_fine_tune_checkpoint),
utils/variables_helper.py (ensure_checkpoint_supported) and restore_from_objects of every model.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Iterator, Optional

from tfod_weights.checking.checkpoint_index import OBJECT_GRAPH, checkpoint_keys
from tfod_weights.checking.findings import Finding, listed
from tfod_weights.checking.model_rules import built_model
from tfod_weights.checking.path_rules import is_checkable
from tfod_weights.checking.places import field_place, last_text
from tfod_weights.errors import SourcePlace
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.storage import is_remote
from tfod_weights.suggestions import closest, did_you_mean
from tfod_weights.textformat import MergedMessage
from tfod_weights.unreadable import (
    is_file,
    is_folder,
    names_in,
    obstacle,
    reason_of,
    shown,
    unlisted,
    way_past,
)

CLASSIFICATION, DETECTION, FULL = TYPES = ("classification", "detection", "full")
_FILE_OF_CHECKPOINT = re.compile(r"\.(index|meta|data-\d{5}-of-\d{5})$")
_OTHER_FORMATS = (".pb", ".h5", ".keras", ".tflite", ".zip", ".gz", ".tar")

# type -> architecture -> what the keys of such a checkpoint start with
_CLASSIFICATION_KEY = "feature_extractor/"
_DETECTION_KEYS = {
    "ssd": "model/_feature_extractor/",
    "center_net": "model/_feature_extractor/",
    "faster_rcnn": "model/_feature_extractor_for_",
}


def checkpoint_findings(config: PipelineConfig) -> Iterator[Finding]:
    """Everything at which TFOD would not start from the checkpoint that it is given."""
    train = config.root.message("train_config")
    if train is None:
        return
    if train.scalar("load_all_detection_checkpoint_vars"):
        place = field_place(config, train, "load_all_detection_checkpoint_vars")
        problem = "TFOD refuses load_all_detection_checkpoint_vars on TensorFlow 2"
        help = 'remove it; fine_tune_checkpoint_type: "full" restores all variables'
        yield Finding("checkpoint-load-all", problem, place, help)
    checkpoint = last_text(config, train, "fine_tune_checkpoint")
    if checkpoint:
        yield from _setting_findings(config, train)
        if not is_remote(checkpoint[0]) and is_checkable(checkpoint[0]):
            yield from _file_findings(config, train, *checkpoint)
    elif train.scalar("fine_tune_checkpoint_type"):
        problem = "there is a fine_tune_checkpoint_type, but no fine_tune_checkpoint"
        place = field_place(config, train, "fine_tune_checkpoint_type")
        help = "TFOD starts from random weights; name the checkpoint if that is not meant"
        yield Finding("checkpoint-type-unused", problem, place, help)


def _setting_findings(config: PipelineConfig, train: MergedMessage) -> Iterator[Finding]:
    if train.enum_name("fine_tune_checkpoint_version") == "V1":
        name = "fine_tune_checkpoint_version"
        problem = f"{name} is V1{'' if train.has(name) else ', its default'}: TFOD refuses it"
        place = field_place(config, train, name if train.has(name) else "fine_tune_checkpoint")
        yield Finding("checkpoint-version", problem, place, f"write {name}: V2")
    type = str(train.scalar("fine_tune_checkpoint_type"))
    if not type and not train.has("from_detection_checkpoint"):
        problem = f"fine_tune_checkpoint_type is not set; TFOD takes it for {CLASSIFICATION}"
        place = field_place(config, train, "fine_tune_checkpoint")
        help = f"write {DETECTION} for the checkpoint of a detector, e.g. from the model zoo"
        yield Finding("checkpoint-type-missing", problem, place, help)
    elif type and type not in TYPES and built_model(config):
        problem = f"{type!r} is not a fine_tune_checkpoint_type that TFOD knows"
        place = field_place(config, train, "fine_tune_checkpoint_type")
        replacement = f"{DETECTION} does what it did" if type == "fine_tune" else None
        yield Finding("checkpoint-type", problem, place, replacement or did_you_mean(type, TYPES))


# -- the files ----------------------------------------------------------------------------


def _file_findings(
    config: PipelineConfig, train: MergedMessage, path: str, place: SourcePlace
) -> Iterator[Finding]:
    if is_file(f"{path}.index"):
        yield from _content_findings(config, train, path, place)
    elif _FILE_OF_CHECKPOINT.search(path):
        prefix = _FILE_OF_CHECKPOINT.sub("", path)
        problem = f"{path} is one file of a checkpoint; TFOD takes their common prefix"
        yield Finding("checkpoint-file", problem, place, f"write {prefix}")
    elif path.endswith(_OTHER_FORMATS) or is_file(f"{path}/saved_model.pb"):
        problem = f"{path} is not a checkpoint: TFOD cannot train from it"
        help = _prefix_near(Path(path)) or "name the checkpoint that it was exported from"
        yield Finding("checkpoint-format", problem, place, help)
    elif is_folder(path):
        problem = f"{path} is a folder; TFOD needs the prefix of one checkpoint in it"
        help = _prefix_near(Path(path)) or unlisted(path) or "there is no checkpoint in it"
        yield Finding("checkpoint-folder", problem, place, help)
    else:
        reason = obstacle(f"{path}.index")
        problem = f"there is no checkpoint {path}: no file {path}.index"
        if reason:
            problem = f"the checkpoint {path} cannot be looked for: {reason_of(reason)}"
        help = way_past(reason, path) or _instead(Path(path))
        yield Finding("checkpoint-missing", shown(problem), place, help)


def _prefix_near(path: Path) -> Optional[str]:
    """A checkpoint in a folder, or where the archives of the model zoo have it."""
    for folder in (path, path / "checkpoint", path.parent / "checkpoint", path.parent):
        prefixes = _prefixes(folder)
        if prefixes:
            return f"write {prefixes[-1].as_posix()}"
    return None


def _prefixes(folder: Path) -> list[Path]:
    names = [name for name in names_in(str(folder)) if name.endswith(".index")]
    return sorted((folder / name).with_suffix("") for name in names)


def _instead(path: Path) -> str:
    if not is_folder(str(path.parent)):
        return f"there is no folder {path.parent}; the current folder is {Path.cwd()}"
    prefixes = {prefix.name: prefix for prefix in _prefixes(path.parent)}
    guess = closest(path.name, prefixes) or next(iter(prefixes), None)
    if guess:
        return f"did you mean {prefixes[guess].as_posix()}?"
    near = _prefix_near(path) or unlisted(str(path.parent))
    return near or f"the folder {path.parent} holds no checkpoint"


# -- what is in them ----------------------------------------------------------------------


def _content_findings(
    config: PipelineConfig, train: MergedMessage, prefix: str, place: SourcePlace
) -> Iterator[Finding]:
    if not _has_all_data(Path(prefix)):
        problem = f"{prefix}.index is there, but not all of its .data files"
        help = "copy the whole checkpoint: the .index file and every .data file"
        yield Finding("checkpoint-incomplete", problem, place, help)
    keys = checkpoint_keys(prefix)
    model = built_model(config)
    if keys is None or model is None:
        return
    if OBJECT_GRAPH not in keys:
        problem = f"{prefix} is a checkpoint of TensorFlow 1, which TFOD refuses on TensorFlow 2"
        help = "take the checkpoint of the same model from the TensorFlow 2 model zoo"
        yield Finding("checkpoint-name-based", problem, place, help)
        return
    yield from _type_findings(model[0], train, keys, place)


def _has_all_data(prefix: Path) -> bool:
    """Whether every .data file is there, as far as we can see what is there."""
    folder = str(prefix.parent)
    shard = re.compile(re.escape(prefix.name) + r"\.data-.{5}-of-(\d{5})")
    found = Counter(match[1] for match in map(shard.fullmatch, names_in(folder)) if match)
    return unlisted(folder) is not None or any(
        number >= int(total) for total, number in found.items()
    )


def _type_findings(
    architecture: str, train: MergedMessage, keys: frozenset[str], place: SourcePlace
) -> Iterator[Finding]:
    type = str(train.scalar("fine_tune_checkpoint_type"))
    from_detection = bool(train.scalar("from_detection_checkpoint"))
    type = type or (DETECTION if from_detection else CLASSIFICATION)
    starts = {
        CLASSIFICATION: _CLASSIFICATION_KEY,
        DETECTION: _DETECTION_KEYS[architecture],
        FULL: "model/",
    }
    if type not in starts or any(key.startswith(starts[type]) for key in keys):
        return
    fits = next((t for t in TYPES if any(key.startswith(starts[t]) for key in keys)), None)
    names = sorted({key.split("/")[0] for key in keys if "/" in key} - {"save_counter"})
    problem = f"the checkpoint does not hold what {type} needs of {architecture}: "
    problem += f"{starts[type]}…, only {listed(names) or 'nothing'}"
    help = f'write fine_tune_checkpoint_type: "{fits}"' if fits else "it is of another model"
    yield Finding("checkpoint-type-mismatch", problem, place, help)
