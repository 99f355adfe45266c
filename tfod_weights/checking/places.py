"""Where a field is in the config, and what is in it."""

from __future__ import annotations

from typing import Iterator, Optional

from tfod_weights.errors import SourcePlace
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.textformat import ListValue, MergedMessage, Scalar


def field_place(
    config: PipelineConfig, message: Optional[MergedMessage], name: str = ""
) -> SourcePlace:
    """Where a field is set last; else the message that it is missing from; else the file."""
    fields = message.occurrences(name) if message and name else []
    if fields:
        return config.document.place(fields[-1].start)
    block = message.blocks[-1] if message else None
    return config.document.place(block.start) if block else SourcePlace(config.path)


def texts(
    config: PipelineConfig, message: Optional[MergedMessage], name: str
) -> Iterator[tuple[str, SourcePlace]]:
    """Every value of a string field and its place; none that is empty."""
    fields = message.occurrences(name) if message else []
    nodes = [(one, value) for one in fields for value in one.values() if isinstance(value, Scalar)]
    values = message.scalars(name) if message else []
    for (field, node), value in zip(nodes, values):
        start = node.start if isinstance(field.value, ListValue) else field.start
        if value:
            yield str(value), config.document.place(start)


def last_text(
    config: PipelineConfig, message: Optional[MergedMessage], name: str
) -> Optional[tuple[str, SourcePlace]]:
    """The value of a singular string field and its place; None where it is absent or empty."""
    found = list(texts(config, message, name))
    overwritten = message is not None and not message.scalar(name)
    return found[-1] if found and not overwritten else None


def inner(message: Optional[MergedMessage], *names: str) -> Optional[MergedMessage]:
    """The message on a path of fields; None if it is not set."""
    return message.inner(*names) if message else None
