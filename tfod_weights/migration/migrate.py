"""From what people copy to what TFOD reads, edit by edit.

Text that the parser rejects goes through the rules about characters, words and punctuation
first. What parses then goes through the rules that know the schema, until none of them has
anything more to do: each one writes a name that TFOD has where it has it, so none is applied
twice to one field.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Iterator, Optional

from tfod_weights.errors import ConfigError, SourcePlace, TextFormatError
from tfod_weights.files import StrPath, read_text
from tfod_weights.migration.characters import character_mends
from tfod_weights.migration.defaults import default_mends, default_notes
from tfod_weights.migration.extractors import extractor_mends, extractor_notes
from tfod_weights.migration.fragments import Home, fragment_home, home_of
from tfod_weights.migration.history import History, Mend, MigrationEdit
from tfod_weights.migration.lexical import lexical_mends
from tfod_weights.migration.names import FieldNames, meant_name, name_mends
from tfod_weights.migration.placement import placement_mends
from tfod_weights.migration.punctuation import punctuation_mends
from tfod_weights.migration.values import value_mends
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.rewritten import RewrittenConfig
from tfod_weights.pipeline.verify import parsed
from tfod_weights.schema import tfod_schema
from tfod_weights.textformat import Fault, faults


@dataclass(frozen=True)
class Leftover:
    """A fault that only the user can mend.

    Attributes:
        problem: What is wrong, in one sentence without a full stop.
        place: Where it is in the original file.
        help: The next step for the user.
    """

    problem: str
    place: SourcePlace
    help: Optional[str] = None


@dataclass(frozen=True)
class MigratedConfig(RewrittenConfig):
    """A config as TFOD reads it, as far as that can be known. Nothing is written before `write`.

    Attributes:
        edits: What was mended, in the order of the original file.
        leftovers: Everything in `text` that TFOD's parser still rejects; mostly nothing.
        notes: What TFOD reads, but could not build.
    """

    edits: tuple[MigrationEdit, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    notes: tuple[str, ...] = ()


def migrate_config(path: StrPath) -> MigratedConfig:
    """`migrate_text` of a file, which is not changed before `.write()`.

    Raises:
        ConfigError: the file cannot be read.
        TextFormatError: as `migrate_text`, or it is not UTF-8.
    """
    return migrate_text(read_text(path, ConfigError), path=os.fspath(path))


def migrate_text(text: str, *, path: str = "<text>") -> MigratedConfig:
    r"""Turn what circulates on the web into what TFOD reads.

    What TFOD reads and TensorFlow 2 builds already stays as it is, to the byte; so do comments
    and layout. Migrating twice is migrating once.

    Args:
        text: A pipeline.config, or a part of one such as a `classification_loss` block.
        path: The name to show in messages.

    Raises:
        TextFormatError: even mended, the text is not protobuf text format; with the place in
            the original of what nobody but the user can mend.

    >>> migrated = migrate_text("model { ssd { numClasses = 2 // cats, dogs\n} }")
    >>> migrated.text
    'model { ssd { num_classes: 2 # cats, dogs\n} }'
    >>> [edit.reason for edit in migrated.edits]
    ["TFOD's name for it", 'a colon, not an equals sign', 'comments start with #']
    """
    history = History(text, path)
    config = _parsed_config(history)
    home = fragment_home(config.document, config.schema.pipeline)
    if home is not None:
        schema = replace(config.schema, pipeline=home.message)
        config = PipelineConfig(config.text, path, schema)
    found = faults(config.document, config.schema.pipeline)
    while history.apply(_next_mends(config, found)):
        config = config.with_text(history.text)
        found = faults(config.document, config.schema.pipeline)
    notes = list(extractor_notes(config))
    notes += default_notes(config) if _is_complete(config, found) else ()
    return MigratedConfig(
        path=path,
        original=text,
        text=history.text,
        edits=tuple(sorted(history.edits, key=lambda edit: (edit.line, edit.column))),
        leftovers=tuple(_leftovers(config, found, history, home)),
        notes=tuple(f"line {history.place(offset).line}: {note}" for offset, note in sorted(notes)),
    )


# -- text -----------------------------------------------------------------------------------


def _parsed_config(history: History) -> PipelineConfig:
    """The text as a config, after the rules about text if it does not parse without them.

    Raises:
        TextFormatError: it does not parse with them either.
    """
    try:
        return PipelineConfig(history.text, history.path)
    except TextFormatError:
        _mend_text(history)
    try:
        return PipelineConfig(history.text, history.path)
    except TextFormatError as error:
        assert isinstance(error.place, SourcePlace)
        error.place = history.place(_offset(history.text, error.place))
        raise


def _mend_text(history: History) -> None:
    history.apply(character_mends(history.text))
    history.apply(lexical_mends(history.text, FieldNames(tfod_schema().pipeline)))
    history.apply(punctuation_mends(history.text))


def _offset(text: str, place: SourcePlace) -> int:
    assert place.line is not None and place.column is not None
    start = 0
    for _ in range(place.line - 1):
        start = text.index("\n", start) + 1
    return start + place.column - 1


# -- schema ---------------------------------------------------------------------------------


def _next_mends(config: PipelineConfig, found: list[Fault]) -> list[Mend]:
    """What the first rules that have anything to do want to do."""
    mends = [*name_mends(config, found), *value_mends(config, found)]
    mends = mends or list(placement_mends(config)) or list(extractor_mends(config))
    return mends or (list(default_mends(config)) if _is_complete(config, found) else [])


def _is_complete(config: PipelineConfig, found: list[Fault]) -> bool:
    """Whether what is missing is missing: not misspelled, nor in the rest of a config."""
    return not found and config.schema is tfod_schema()


def _leftovers(
    config: PipelineConfig, found: list[Fault], history: History, home: Optional[Home]
) -> Iterator[Leftover]:
    if home is not None:
        yield _fragment(config, history, home)
    for fault in found:
        yield Leftover(fault.problem, history.place(fault.offset), _help(fault))
    if not found:
        try:
            parsed(config)
        except ConfigError as error:
            yield Leftover(error.problem, SourcePlace(history.path), error.help)


def _fragment(config: PipelineConfig, history: History, home: Home) -> Leftover:
    first = config.document.fields[0]
    return Leftover(
        f"this is a part of a config: {first.name} is a field of {home}",
        history.place(first.start),
        f"put it into {home.example()} of a config",
    )


def _help(fault: Fault) -> Optional[str]:
    """What the user can do about a fault that is left."""
    name, meant = fault.field.name, meant_name(fault)
    if fault.value is None and meant is not None:
        return f"it means {meant}, which is written beside it; keep one of them"
    home = home_of(name, tfod_schema().pipeline) if fault.known is None else None
    return f"{name} is a field of {home}" if home else fault.help()
