"""What sampling drew: a table with bars of before and after, and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence, TypeVar

from tfod_weights.report.grid import Column, Grid
from tfod_weights.report.numbers import count_text, share_text
from tfod_weights.report.sentences import Sentence
from tfod_weights.report.tables import Table
from tfod_weights.wording import number_of

if TYPE_CHECKING:
    from tfod_weights.resample import ResampledConfig
    from tfod_weights.sampling.result import DrawnClasses

T = TypeVar("T")


def drawn_table(drawn: DrawnClasses) -> Table:
    """The class distribution before and after as a rich renderable.

    Two rows per class, each with a bar of its share: of the records, and of what was drawn.
    """
    rows = drawn.classes
    shares = _alternating([row.share for row in rows], [row.drawn_share for row in rows])
    empty = [""] * len(rows)
    columns = [
        Column("id", _alternating([str(row.class_id) for row in rows], empty)),
        Column("class", _alternating([row.name for row in rows], empty), is_name=True),
        Column("", ["records", "drawn"] * len(rows)),
        Column(
            "objects",
            _alternating(
                [count_text(row.objects) for row in rows], [count_text(row.drawn) for row in rows]
            ),
        ),
        Column("share", [share_text(share) for share in shares]),
        Column(
            "expected",
            _alternating(empty, [share_text(row.expected_share) for row in rows]),
            rank=1,
        ),
    ]
    return Table(Grid(columns, shares, ["dim", ""] * len(rows)), _sentences(drawn))


def _alternating(before: Sequence[T], after: Sequence[T]) -> list[T]:
    """What is said of a class before and after, class by class."""
    return [one for pair in zip(before, after) for one in pair]


def _sentences(drawn: DrawnClasses) -> list[Sentence]:
    passes = f" in {number_of(drawn.passes, 'pass', 'passes')}" if drawn.passes > 1 else ""
    images = number_of(drawn.images, "image")
    return [
        Sentence(f"{images} in the records, {drawn.drawn_images:,} drawn{passes}"),
        Sentence(
            f"largest / smallest share {drawn.imbalance:.3g} in the records, "
            f"{drawn.drawn_imbalance:.3g} drawn"
        ),
    ]


def drawn_json(drawn: DrawnClasses) -> dict[str, Any]:
    """What was drawn as JSON types; shares are of 1."""
    return {
        "images": drawn.images,
        "drawn_images": drawn.drawn_images,
        "passes": drawn.passes,
        "classes": [
            {
                "id": row.class_id,
                "name": row.name,
                "objects": row.objects,
                "share": row.share,
                "drawn": row.drawn,
                "drawn_share": row.drawn_share,
                "expected_share": row.expected_share,
            }
            for row in drawn.classes
        ],
    }


def resampled_json(resampled: ResampledConfig) -> dict[str, Any]:
    """Resampled records as JSON types: the config, the record files, and what is in them."""
    return {
        "config": resampled.path,
        "shards": [
            {"path": shard.path, "records": shard.records}
            for one in resampled.inputs
            for shard in one.shards
        ],
        **drawn_json(resampled.drawn),
    }
