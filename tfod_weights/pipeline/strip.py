"""Taking out everything that patching can put in, to the byte."""

from __future__ import annotations

from typing import Iterator, Optional, Sequence, Union

from tfod_weights.files import StrPath
from tfod_weights.pipeline.additions import without_additions
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.inputs import CLASS_SAMPLING
from tfod_weights.pipeline.layout import comment_removal, removal
from tfod_weights.pipeline.marker import PREFIX, parse_marker
from tfod_weights.textformat import Block, Edit, Field, Span, apply_edits


def strip_text(text: str, *, path: str = "<text>") -> str:
    """The config without class weights and without the comments and blocks that came with them.

    For every text that had none of them, `strip_text(patch_text(text, ...).text) == text`.

    Raises:
        TextFormatError: the text is not protobuf text format.
    """
    return stripped(PipelineConfig(text, path))


def strip_config(path: StrPath) -> str:
    """`strip_text` of a file, which is not changed.

    Raises:
        ConfigError: the file cannot be read.
        TextFormatError: it is not protobuf text format.
    """
    return stripped(PipelineConfig.load(path))


def stripped(config: PipelineConfig, keep: Sequence[Union[Field, Span]] = ()) -> str:
    """The config's text without class weights, except inside the fields to keep, nor additions."""
    return without_additions(without_grafted(config, keep))


def without_grafted(
    config: PipelineConfig, keep: Sequence[Union[Field, Span]] = ()
) -> PipelineConfig:
    """The config without grafted fields, their markers, and the blocks added around them.

    Args:
        config: The config.
        keep: Fields of it; what is inside them stays.
    """
    text = config.text
    if PREFIX not in text and not any(name in text for name in config.schema.grafted_names()):
        return config
    kept = [field for field in grafted_fields(config) if _inside(field, keep)]
    fields = [field for field in grafted_fields(config) if field not in kept]
    markers = [line for line, _ in _markers(config) if _first_after(line, config) not in kept]
    blocks = [block for block in _added_blocks(config, fields) if not _inside(block, keep)]
    fields = [field for field in fields if not _inside(field, blocks)]
    spans = [removal(text, field.start, field.end) for field in [*blocks, *fields]]
    removals = [Edit(start, end, "") for start, end in [*markers, *spans]]
    return config.with_text(apply_edits(text, removals))


def without_sampling(config: PipelineConfig) -> PipelineConfig:
    """The config without class sampling and its marker; all else that patching added stays."""
    others = [field for field in grafted_fields(config) if field.name != CLASS_SAMPLING]
    return without_grafted(config, keep=others)


def grafted_fields(config: PipelineConfig) -> Iterator[Field]:
    """Every field of the file, live or dead, that only the grafted schema knows."""
    pending = [(config.document.fields, config.schema.pipeline)]
    while pending:
        fields, message = pending.pop()
        for field in fields:
            known = message.fields_by_name.get(field.name)
            if config.schema.is_grafted(message.name, field.name):
                yield field
            elif known is not None and known.message_type is not None:
                blocks = (value for value in field.values() if isinstance(value, Block))
                pending.extend((block.fields, known.message_type) for block in blocks)


def _first_after(marker: Span, config: PipelineConfig) -> Optional[Field]:
    """The field that a marker speaks of: the first of ours below it."""
    below = (field for field in grafted_fields(config) if field.start >= marker.end)
    return min(below, key=lambda field: field.start, default=None)


def _markers(config: PipelineConfig) -> Iterator[tuple[Span, dict[str, str]]]:
    """The line of every marker of weights, and what it says."""
    for comment in config.document.comments:
        provenance = parse_marker(config.document.source(comment))
        if provenance and "scheme" in provenance:
            line = comment_removal(config.text, comment)
            if line:
                yield line, provenance


def _added_blocks(config: PipelineConfig, ours: Sequence[Field]) -> Iterator[Field]:
    """The blocks that markers call added, unless something else was written into them."""
    for line, provenance in _markers(config):
        name = provenance.get("added")
        later = (f for f in config.document.walk() if f.start >= line.end and f.name == name)
        found = next((field for field in later if _holds_only(config, field, ours)), None)
        if found is not None:
            yield found


def _holds_only(config: PipelineConfig, field: Field, ours: Sequence[Field]) -> bool:
    """Whether a block holds our fields, blocks around them, and nothing else."""
    inner = [f for f in ours if _inside(f, [field])]
    strangers = [c for c in config.document.comments if _inside(c, [field])]
    if not inner or not all(_inside(comment, inner) for comment in strangers):
        return False
    pending = [field]
    while pending:
        one = pending.pop()
        if one in inner:
            continue
        if not isinstance(one.value, Block) or not one.value.fields:
            return False
        pending.extend(one.value.fields)
    return True


def _inside(node: Union[Field, Span], containers: Sequence[Union[Field, Span]]) -> bool:
    return any(outer.start <= node.start and node.end <= outer.end for outer in containers)
