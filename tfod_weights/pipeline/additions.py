"""Blocks that patch adds under a marker of their own: a loss switch, augmentation options.

    # tfod-weights: loss=weighted_sigmoid_focal instead_of=weighted_softmax
    weighted_sigmoid_focal {
      gamma: 2.0
      alpha: 0.25
    }

The marker stands directly above the blocks and says what they hold, and how many they are. So
`strip` can tell them from blocks that look the same, and nothing but them goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Collection, Iterator, Sequence

from tfod_weights.pipeline.augmentation_presets import PRESETS
from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.layout import (
    LINE_END,
    NewBlock,
    comment_removal,
    insertion_below,
    removal_below,
)
from tfod_weights.pipeline.marker import PREFIX, marker, parse_marker
from tfod_weights.textformat import (
    Block,
    Document,
    Field,
    MergedMessage,
    Span,
    apply_edits,
    deletions,
)

LOSS, AUGMENT, COUNT = "loss", "augment", "options"
_OPTIONS = frozenset(name for preset in PRESETS.values() for name in preset)
_COUNTS = {str(count): count for count in range(1, len(_OPTIONS) + 1)}


@dataclass(frozen=True)
class Addition:
    """What stands under one marker.

    Attributes:
        kind: LOSS or AUGMENT.
        provenance: What the marker says.
        comment: The marker.
        fields: The blocks below it that are ours; none if others stand there now.
    """

    kind: str
    provenance: dict[str, str]
    comment: Span
    fields: tuple[Field, ...]


def added(
    config: PipelineConfig, block: Block, children: Sequence[NewBlock], provenance: dict[str, str]
) -> PipelineConfig:
    """The config with blocks at the end of one of its blocks, under a marker."""
    edit = insertion_below(config.document, block, children, marker(provenance))
    return config.with_text(apply_edits(config.text, [edit]))


def additions(config: PipelineConfig) -> Iterator[Addition]:
    """What markers of the config call added, in file order."""
    if PREFIX not in config.text:
        return
    for comment in config.document.comments:
        provenance = parse_marker(config.document.source(comment))
        if not provenance or comment_removal(config.text, comment) is None:
            continue
        if LOSS in provenance:
            fields = tuple(_ours(config.document, comment, {provenance[LOSS]}, 1))
            yield Addition(LOSS, provenance, comment, fields)
        elif AUGMENT in provenance and provenance.get(COUNT) in _COUNTS:
            count = _COUNTS[provenance[COUNT]]
            fields = tuple(_ours(config.document, comment, _OPTIONS, count))
            yield Addition(AUGMENT, provenance, comment, fields)


def without_additions(config: PipelineConfig) -> str:
    """The text without what markers call added, and without these markers."""
    document = config.document
    ends = [
        (one, one.fields[-1].end if one.fields else one.comment.end) for one in additions(config)
    ]
    spans = [removal_below(document, one.comment.start, end) for one, end in ends]
    return apply_edits(config.text, deletions(spans))


def dead_fields(config: PipelineConfig) -> Iterator[Field]:
    """Fields that nothing would read without our additions either."""
    ours = frozenset(field for one in additions(config) for field in one.fields)
    if not ours:
        yield from config.dead_fields()
        return
    root = MergedMessage.of_file(config.document, config.schema.pipeline, ignored=ours)
    for message in root.walk():
        yield from message.dead


def _ours(document: Document, comment: Span, names: Collection[str], count: int) -> Iterator[Field]:
    """The fields directly below a comment that hold one of these names, at most so many."""
    position = comment.end
    for field in _from(document, comment.end)[:count]:
        between = document.text[position : field.start]
        if not _only_markers(between) or _innermost(field) not in names:
            return
        position = field.end
        yield field


def _only_markers(text: str) -> bool:
    """Whether a text is blank but for markers: those of weights may stand on the next line."""
    lines = (line.strip() for line in LINE_END.split(text))
    return all(parse_marker(line) is not None for line in lines if line)


def _from(document: Document, offset: int) -> list[Field]:
    """The first field after an offset, and those that follow it in its block."""
    pending = [document.fields]
    while pending:
        fields = pending.pop()
        below = [field for field in fields if field.end > offset]
        if below and below[0].start >= offset:
            return below
        pending.extend(value.fields for field in below[:1] for value in _blocks(field))
    return []


def _innermost(field: Field) -> str:
    """The name at the end of a chain of blocks that hold one block each."""
    while True:
        inner = [one for block in _blocks(field) for one in block.fields if _blocks(one)]
        if len(inner) != 1:
            return field.name
        field = inner[0]


def _blocks(field: Field) -> list[Block]:
    return [value for value in field.values() if isinstance(value, Block)]
