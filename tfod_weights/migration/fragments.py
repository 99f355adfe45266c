"""Texts that are a part of a config: which part, and where it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Iterator, Optional

from tfod_weights.migration.names import NO_COUNTERPART
from tfod_weights.pipeline.architectures import ARCHITECTURES
from tfod_weights.suggestions import tfod_name
from tfod_weights.textformat import Document

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor


@dataclass(frozen=True)
class Home:
    """Where fields belong.

    Attributes:
        path: The blocks around them, from the top of a config.
        message: The message type that has them.
    """

    path: tuple[str, ...]
    message: Descriptor

    def __str__(self) -> str:
        return ".".join(self.path)

    def example(self) -> str:
        """The blocks as they are written in a config."""
        inner = "..."
        for name in reversed(self.path):
            inner = f"{name} {{ {inner} }}"
        return inner


def fragment_home(document: Document, pipeline: Descriptor) -> Optional[Home]:
    """Where the top-level fields of a text belong; None for a config, or if no block has them.

    A text is a part of a config if no field of it can stand at the top of one, and all its
    fields can stand in one block.
    """
    names = {field.name for field in document.fields if field.name not in NO_COUNTERPART}
    if not names or any(_has(pipeline, name) for name in names):
        return None
    homes = _homes(pipeline)
    return next((home for home in homes if all(_has(home.message, n) for n in names)), None)


def home_of(name: str, pipeline: Descriptor) -> Optional[Home]:
    """The first block that has a field: in an SSD if there is one, as high as can be."""
    meant = tfod_name(name, _homes_by_field(pipeline))
    return _homes_by_field(pipeline)[meant] if meant else None


def _has(message: Descriptor, name: str) -> bool:
    """Whether a message has a field of that name, or of the one that it stands for."""
    return name.startswith("[") or tfod_name(name, message.fields_by_name.keys()) is not None


@cache
def _homes_by_field(pipeline: Descriptor) -> dict[str, Home]:
    found: dict[str, Home] = {}
    for home in _homes(pipeline):
        for field in home.message.fields:
            found.setdefault(field.name, home)
    return found


@cache
def _homes(pipeline: Descriptor) -> tuple[Home, ...]:
    """Every block of a config, the architectures one after the other, the highest first."""
    return tuple(sorted(_walk(pipeline), key=lambda home: (_rank(home.path), len(home.path))))


def _walk(pipeline: Descriptor) -> Iterator[Home]:
    pending = [Home((), pipeline)]
    while pending:
        home = pending.pop(0)
        yield home
        for field in home.message.fields:
            if field.message_type is not None:
                pending.append(Home((*home.path, field.name), field.message_type))


def _rank(path: tuple[str, ...]) -> int:
    models = list(ARCHITECTURES)
    if path[:1] != ("model",) or len(path) < 2:
        return 0
    return 1 + models.index(path[1]) if path[1] in models else 1 + len(models)
