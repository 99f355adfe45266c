"""Taking out everything that patching can put in, to the byte."""

from __future__ import annotations

from typing import Collection, Iterator, Optional, Sequence, Union

from tfod_weights.files import StrPath
from tfod_weights.pipeline.additions import without_additions
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.inputs import CLASS_SAMPLING
from tfod_weights.pipeline.layout import removals
from tfod_weights.pipeline.marker import PREFIX, WeightsMarker, marker_of, weights_markers
from tfod_weights.textformat import Block, Edit, Field, MergedMessage, Span, apply_edits, deletions


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
        keep: Fields of it, what is inside them stays; and what markers take up that stay.
    """
    text = config.text
    if PREFIX not in text and not any(name in text for name in config.schema.grafted_names()):
        return config
    ours = list(grafted_fields(config))
    kept = frozenset(field for field in ours if _inside(field, keep))
    markers = weights_markers(config.document)
    gone = [field for field in ours if field not in kept]
    added = [one.block for one in markers if one.block]
    blocks = [block for block in added if _can_go(config, block, gone)]
    spans = removals(text, [*blocks, *(field for field in gone if not _inside(field, blocks))])
    staying = _speaking_for(kept, ours, markers)
    spans += [one.removal for one in markers if one not in staying and one.removal not in keep]
    return config.with_text(apply_edits(text, deletions(spans)))


def _speaking_for(
    kept: Collection[Field], ours: Sequence[Field], markers: Sequence[WeightsMarker]
) -> Collection[WeightsMarker]:
    """The markers that speak for fields to keep, and for no others of ours."""
    speaks = [(marker_of(field, markers), field) for field in ours]
    others = frozenset(marker for marker, field in speaks if field not in kept)
    return frozenset(marker for marker, _ in speaks if marker and marker not in others)


def without_sampling(config: PipelineConfig) -> PipelineConfig:
    """The config without class sampling and its marker; all else that patching added stays."""
    others, markers = list[Field](), weights_markers(config.document)
    of_sampling = set[Optional[WeightsMarker]]()
    for field in grafted_fields(config):
        if field.name == CLASS_SAMPLING:
            of_sampling.add(marker_of(field, markers))
        else:
            others.append(field)
    stays = [one.removal for one in markers if one not in of_sampling]
    return without_grafted(config, keep=[*others, *stays])


def replaced_markers(config: PipelineConfig, edits: Sequence[Edit]) -> list[Edit]:
    """What takes out the markers, still there for weights that nothing reads, of lines to edit.

    On such a line they could not be told from the markers of the weights that come there.

    Args:
        config: The config.
        edits: What puts weights into it, and their markers.
    """
    return deletions(
        one.removal
        for one in weights_markers(config.document)
        if one.block is None and any(one.line.start <= edit.start <= one.line.end for edit in edits)
    )


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


def _can_go(config: PipelineConfig, block: Field, ours: Sequence[Field]) -> bool:
    """Whether an added block can be taken out, or has got to do with what users wrote."""
    if not _holds_only(config, block, ours):
        return False
    dead = {field.start for field in config.dead_fields()}
    if not dead:
        return True
    root = MergedMessage.of_file(config.document, config.schema.pipeline, ignored={block})
    return dead == {field.start for message in root.walk() for field in message.dead}


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
