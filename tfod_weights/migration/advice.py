"""Which faults of a config migrating would mend, for the help of other commands."""

from __future__ import annotations

import shlex
from typing import Optional

from tfod_weights.errors import SourcePlace, TextFormatError, TfodWeightsError
from tfod_weights.migration.migrate import migrate_text
from tfod_weights.schema import tfod_schema
from tfod_weights.textformat import faults, parse


def mended_places(text: str, path: str) -> frozenset[SourcePlace]:
    """The places of faults that `migrate_text` would mend.

    Args:
        text: A config.
        path: The name that the places have.
    """
    found = _faulty_places(text, path)
    if not found:
        return frozenset()
    try:
        migrated = migrate_text(text, path=path)
    except TextFormatError:
        return frozenset()
    return found - {leftover.place for leftover in migrated.leftovers}


def advise(error: TfodWeightsError, text: str, path: str) -> None:
    """Let an error about a fault of a config name the command that mends it, if it would."""
    if error.place in mended_places(text, path):
        error.help = with_advice(error.help, path)


def _faulty_places(text: str, path: str) -> frozenset[SourcePlace]:
    try:
        document = parse(text, path)
    except TextFormatError as error:
        return frozenset({error.place} if isinstance(error.place, SourcePlace) else ())
    found = faults(document, tfod_schema().pipeline)
    return frozenset(document.place(fault.offset) for fault in found)


def with_advice(help: Optional[str], path: str) -> str:
    """A help line that also names the command that mends the fault.

    >>> with_advice("did you mean num_classes?", "pipeline.config")
    'did you mean num_classes? `tfod-weights migrate pipeline.config` mends it'
    """
    command = f"`tfod-weights migrate {shlex.quote(path)}` mends it"
    if not help:
        return command
    return f"{help} {command}" if help.endswith("?") else f"{help}; {command}"
