"""Tables of counts and weights for a terminal, with what to know about them in words below."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Optional, Sequence

from tfod_weights.report.grid import Column, Grid
from tfod_weights.report.numbers import aligned, count_text, share_text, significant
from tfod_weights.report.sentences import Sentence, counts_sentences, weights_sentences

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from tfod_weights.counting.counts import ClassCount, ClassCounts
    from tfod_weights.weighting import ClassWeight, ClassWeights

NO_CLASS = "(no class)"


@dataclass(frozen=True)
class Table:
    """A rich renderable: a grid, and sentences below it."""

    grid: Grid
    sentences: Sequence[Sentence]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The grid, an empty line, the sentences."""
        from rich.segment import Segment

        yield self.grid
        yield Segment.line()
        yield from self.sentences


def counts_table(counts: ClassCounts) -> Table:
    """The class distribution as a rich renderable.

    One row per class: class_id (one-based), name, objects, images, share of all objects and a
    bar of that share. Effective objects and dropped boxes have columns where there are any.
    Below: totals, what TFOD drops and why, empty classes and gaps.
    """
    rows = counts.classes
    total = sum(row.effective_objects for row in rows) or 1.0
    shares = [row.effective_objects / total for row in rows]
    dropped = [sum(row.dropped.values()) for row in rows]
    columns = [
        Column("id", [str(row.class_id) for row in rows]),
        Column("class", [row.name for row in rows], is_name=True),
        Column("objects", [count_text(row.objects) for row in rows]),
        *_optional_column("effective", _effective_objects(rows), rank=1),
        Column("images", [count_text(row.images) for row in rows], rank=3),
        *_optional_column("dropped", [count_text(n) if n else "" for n in dropped], rank=2),
        Column("share", [share_text(share) for share in shares], rank=4),
    ]
    styles = ["" if row.objects else "yellow" for row in rows]
    return Table(Grid(columns, shares, styles), counts_sentences(counts))


def weights_table(weights: ClassWeights, counts: Optional[ClassCounts] = None) -> Table:
    """Class weights as a rich renderable.

    One row per class_id (one-based), gaps too: name, objects, images and share where they are
    known, the weight with 4 significant digits and a bar of it. Below: scheme and warnings.

    Args:
        weights: The weights.
        counts: Where to look for objects and images, such as for weights that were given.
    """
    rows = weights.rows if counts is None else _counted_rows(weights.rows, counts)
    shown = [significant(row.weight) if row.has_effect else f"{row.weight:.4g}" for row in rows]
    columns = [
        Column("id", [str(row.class_id) for row in rows]),
        Column("class", [NO_CLASS if r.is_gap else r.name for r in rows], is_name=True),
        *_objects_columns(rows),
        Column("weight", aligned(shown)),
    ]
    largest = max((row.weight for row in rows if row.has_effect), default=1.0)
    bars = [row.weight / largest if row.has_effect else 0.0 for row in rows]
    styles = ["" if row.has_effect else "dim" for row in rows]
    return Table(Grid(columns, bars, styles), weights_sentences(replace(weights, rows=tuple(rows))))


def _optional_column(title: str, cells: Sequence[str], rank: int = 0) -> list[Column]:
    """A column, or none if nothing is in it."""
    return [Column(title, cells, rank=rank)] if any(cells) else []


def _effective_objects(rows: Sequence[ClassCount]) -> list[str]:
    """The effective objects, or empty texts if they are the objects."""
    if all(row.effective_objects == row.objects for row in rows):
        return [""] * len(rows)
    return aligned([count_text(row.effective_objects) for row in rows])


def _counted_rows(rows: Sequence[ClassWeight], counts: ClassCounts) -> list[ClassWeight]:
    """The rows with the names, objects and images of `counts` where they have none."""
    counted = {row.class_id: row for row in counts.classes}
    return [_counted(row, counted.get(row.class_id)) for row in rows]


def _counted(row: ClassWeight, count: Optional[ClassCount]) -> ClassWeight:
    if count is None:
        return row
    name = count.name if row.name == str(row.class_id) else row.name
    objects = count.effective_objects if row.objects is None else row.objects
    return replace(row, name=name, objects=objects, images=count.images, is_gap=False)


def _objects_columns(rows: Sequence[ClassWeight]) -> list[Column]:
    """Objects, images and share, as far as they are known."""
    total = sum(row.objects or 0 for row in rows) or 1.0
    known = [None if row.is_gap else row.objects for row in rows]
    objects = ["" if n is None else count_text(n) for n in known]
    images = ["" if r.is_gap or r.images is None else count_text(r.images) for r in rows]
    shares = ["" if n is None else share_text(n / total) for n in known]
    return [
        *_optional_column("objects", aligned(objects), rank=1),
        *_optional_column("images", images, rank=3),
        *_optional_column("share", shares, rank=2),
    ]
