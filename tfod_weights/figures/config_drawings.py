"""What is drawn of a config: its classes, their weights, what comes of them."""

from __future__ import annotations

from typing import Iterator

from tfod_weights.figures.classes import (
    ClassShare,
    distribution_figure,
    forecast_figure,
    weights_figure,
)
from tfod_weights.figures.drawing import Drawing
from tfod_weights.overview import Overview
from tfod_weights.report.forecasts import losses_to_show


def distribution(overview: Overview) -> Iterator[Drawing]:
    """How frequent the classes are, and what sampling draws."""
    counts = overview.counts
    if counts is None or not counts.objects:
        return
    total = sum(row.effective_objects for row in counts.classes) or 1.0
    shares = [
        ClassShare(
            row.name, row.objects, row.objects / counts.objects, row.effective_objects / total
        )
        for row in counts.classes
    ]
    is_sampled = any(abs(one.share - one.drawn_share) > 1e-9 for one in shares)
    title = "Objects of each class" + (", before and after sampling" if is_sampled else "")
    text = f"{title}: {len(shares):,} classes, {counts.objects:,} objects"
    figure = distribution_figure(shares, is_sampled=is_sampled)
    yield Drawing("distribution", title, text, figure)


def weights(overview: Overview) -> Iterator[Drawing]:
    """The weights in the config; those of losses that agree, once."""
    order = classes_by_frequency(overview)
    kinds: dict[tuple[float, ...], list[str]] = {}
    for one in overview.weights:
        usable = len(one.values) >= max(order, default=0) and all(w > 0 for w in one.values)
        if usable and order:
            kinds.setdefault(one.values, []).append(one.kind)
    if not kinds:
        return
    labelled = [
        (" and ".join(names), [values[class_id - 1] for class_id in order])
        for values, names in kinds.items()
    ]
    names = [overview.name_of(class_id) for class_id in order]
    title = "Class weights"
    yield Drawing(
        "weights", title, f"{title} of {len(names):,} classes", weights_figure(names, labelled)
    )


def forecast(overview: Overview) -> Iterator[Drawing]:
    """What share of the loss each class is expected to have, of every loss that differs."""
    found = overview.forecast
    if found is None or not found.weighted or not any(row.objects for row in found.classes):
        return
    losses = losses_to_show(found)
    for loss, called in losses.items():
        name = "forecast" if called == "loss" else f"forecast-{loss}"
        title = f"Expected share of the {called}"
        text = f"{title} of {len(found.classes):,} classes, without and with their weights"
        yield Drawing(name, title, text, forecast_figure(found, loss, called))


def classes_by_frequency(overview: Overview) -> list[int]:
    """The class_ids that are known, the most frequent first where records or runs tell."""
    most = max((len(one.values) for one in overview.weights), default=0)
    objects: dict[int, float] = dict.fromkeys(overview.names or range(1, most + 1), 0.0)
    if overview.counts:
        objects = {row.class_id: float(row.objects) for row in overview.counts.classes}
    elif overview.runs:
        rows = overview.runs[0].first.classes
        objects.update({row.class_id: row.training_objects or row.objects for row in rows})
    return sorted(objects, key=lambda class_id: (-objects[class_id], class_id))
