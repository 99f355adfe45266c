"""Counts and weights for programs: what `--format json` and `--format csv` print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Union

if TYPE_CHECKING:
    from tfod_weights.counting.counts import ClassCount, ClassCounts
    from tfod_weights.weighting import ClassWeight, ClassWeights

CSV_COLUMNS = (
    "id",
    "name",
    "objects",
    "images",
    "effective_objects",
    "crowd",
    "difficult",
    "group_of",
    "dropped",
)


def counts_json(counts: ClassCounts) -> dict[str, Any]:
    """Class counts as JSON types.

    Returns:
        `images`, `objects`, `num_classes`, `classes` (each `id` one-based, `name`, `objects`,
        `images`, and what else there is of `effective_objects`, `crowd`, `difficult`,
        `group_of` and `dropped` by reason), `dropped` by reason, `unknown_texts`,
        `out_of_range_labels`, `truncated_images`, `inverted_boxes`, `pixel_boxes`,
        `weighted_boxes`, `files`, `skipped` (what is wrong with damaged files left out).
    """
    return {
        "images": counts.images,
        "objects": counts.objects,
        "num_classes": counts.num_classes,
        "classes": [_count_json(row) for row in counts.classes],
        "dropped": dict(counts.dropped),
        "unknown_texts": dict(counts.unknown_texts),
        "out_of_range_labels": {str(c): n for c, n in counts.out_of_range_labels.items()},
        "truncated_images": counts.truncated_images,
        "inverted_boxes": counts.inverted_boxes,
        "pixel_boxes": counts.pixel_boxes,
        "weighted_boxes": counts.weighted_boxes,
        "files": list(counts.files),
        "skipped": list(counts.skipped),
    }


def _count_json(row: ClassCount) -> dict[str, Any]:
    known = {"id": row.class_id, "name": row.name, "objects": row.objects, "images": row.images}
    flags = {"crowd": row.crowd, "difficult": row.difficult, "group_of": row.group_of}
    extra: dict[str, Any] = {name: number for name, number in flags.items() if number}
    if row.effective_objects != row.objects:
        extra["effective_objects"] = row.effective_objects
    if row.dropped:
        extra["dropped"] = dict(row.dropped)
    return {**known, **extra}


def weights_json(weights: ClassWeights) -> dict[str, Any]:
    """Class weights as JSON types; `weights_from_file` reads what this gives.

    Returns:
        `scheme`, `normalize`, `parameters`, `source`, `ratio` (largest ÷ smallest weight),
        `weights` (one per class_id from 1 on, each `id`, `name`, `objects`, `images`,
        `weight`; name, objects and images are null where unknown) and `warnings` (each
        `kind`, `class_ids`, `message`).
    """
    return {
        "scheme": weights.scheme,
        "normalize": weights.normalize,
        "parameters": dict(weights.parameters),
        "source": weights.source,
        "ratio": weights.ratio,
        "weights": [_weight_json(row) for row in weights.rows],
        "warnings": [
            {"kind": w.kind, "class_ids": list(w.class_ids), "message": w.message}
            for w in weights.warnings
        ],
    }


def _weight_json(row: ClassWeight) -> dict[str, Any]:
    return {
        "id": row.class_id,
        "name": None if row.is_gap else row.name,
        "objects": None if row.objects is None else _whole(row.objects),
        "images": row.images,
        "weight": row.weight,
    }


def _whole(number: float) -> Union[int, float]:
    """A float as an integer where it is one."""
    return int(number) if float(number).is_integer() else number


def counts_csv(counts: ClassCounts) -> str:
    r"""Class counts as a CSV table with a header, lines ending in \n.

    The columns are CSV_COLUMNS; `id` is the class_id (one-based), `dropped` the number of
    boxes of the class that TFOD drops.
    """
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(_csv_row(row) for row in counts.classes)
    return out.getvalue()


def _csv_row(row: ClassCount) -> tuple[Any, ...]:
    effective = _whole(row.effective_objects)
    flags = (row.crowd, row.difficult, row.group_of)
    dropped = sum(row.dropped.values())
    return (row.class_id, row.name, row.objects, row.images, effective, *flags, dropped)
