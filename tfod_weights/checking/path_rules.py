"""Rules about paths: those that were never filled in, and those that are out of reach."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from typing import Iterator, Optional

from tfod_weights.checking.findings import Finding
from tfod_weights.checking.places import last_text, texts
from tfod_weights.counting import expand_patterns
from tfod_weights.errors import NoMatchError, RecordError, SourcePlace
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.storage import is_remote
from tfod_weights.textformat import MergedMessage
from tfod_weights.unreadable import is_file

# What configs and tutorials have where a path belongs.
_PLACEHOLDER = re.compile(
    r"PATH_TO_|(?:^|/)path[/_-]to[/_-]|<[^<>]+>|\$\{?\w+|(?:^|/)your[_-]\w+|\bTODO\b|\bCHANGE_?ME\b|\.\.\.",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PathField:
    """A path that the config names.

    Attributes:
        name: The field.
        path: As written.
        place: Where it is.
    """

    name: str
    path: str
    place: SourcePlace


def is_placeholder(path: str) -> bool:
    """Whether a path still waits for somebody to fill it in; never one that exists.

    >>> is_placeholder("PATH_TO_BE_CONFIGURED/label_map.txt"), is_placeholder("data/train.record")
    (True, False)
    """
    return bool(_PLACEHOLDER.search(path)) and (is_remote(path) or not _exists(path))


def is_checkable(path: str) -> bool:
    """Whether a path can be looked for: here, or on a machine that answers."""
    return not is_placeholder(path) and unreachable(path) is None


@cache
def unreachable(path: str) -> Optional[RecordError]:
    """Why a path on another machine cannot be looked for; asked once in a check."""
    try:
        if is_remote(path):
            expand_patterns(path)
    except NoMatchError:
        pass
    except RecordError as error:
        return error
    return None


def path_findings(config: PipelineConfig) -> Iterator[Finding]:
    """Placeholders, and what cannot be looked at from here."""
    for field in path_fields(config):
        if is_placeholder(field.path):
            problem = f"{field.name} is still a placeholder: {field.path}"
            yield Finding("placeholder", problem, field.place, "write the path of your own file")
        elif is_remote(field.path):
            yield from _remote_findings(field)


def _remote_findings(field: PathField) -> Iterator[Finding]:
    problem = f"{field.path} is on another machine; it is not checked"
    if field.name == "fine_tune_checkpoint":
        help = "TFOD says at its start whether it can read it"
        yield Finding("path-remote", problem, field.place, help)
        return
    error = unreachable(field.path)
    if error:
        yield Finding("path-remote", f"{problem}: {error.problem}", field.place, error.help)


def path_fields(config: PipelineConfig) -> Iterator[PathField]:
    """Every path that TFOD would open."""
    train_config = config.root.message("train_config")
    yield from _of(config, train_config, "fine_tune_checkpoint")
    yield from _of(config, _keypoint_model(config), "keypoint_label_map_path")
    for reader in readers(config):
        yield from _of(config, reader, "label_map_path")
        records = reader.message("tf_record_input_reader")
        for path, place in texts(config, records, "input_path"):
            yield PathField("input_path", path, place)


def readers(config: PipelineConfig) -> list[MergedMessage]:
    """The input readers, that of training first."""
    train = config.root.message("train_input_reader")
    return [*([train] if train else []), *config.root.messages("eval_input_reader")]


def _of(config: PipelineConfig, message: Optional[MergedMessage], name: str) -> Iterator[PathField]:
    found = last_text(config, message, name)
    if found:
        yield PathField(name, *found)


def _keypoint_model(config: PipelineConfig) -> Optional[MergedMessage]:
    """The CenterNet that reads a label map of its own: for its keypoints."""
    model = config.root.message("model")
    center_net = model.message("center_net") if model else None
    has_keypoints = center_net is not None and center_net.has("keypoint_estimation_task")
    return center_net if has_keypoints else None


def _exists(path: str) -> bool:
    if os.path.lexists(path) or is_file(f"{path}.index"):
        return True
    try:
        return bool(expand_patterns(path))
    except NoMatchError:
        return False
