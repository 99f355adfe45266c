"""Forecasts: a table for a terminal, and JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Iterator, Mapping

from tfod_weights.report.grid import Column, Grid
from tfod_weights.report.numbers import aligned, count_text, share_text, significant
from tfod_weights.report.sentences import Sentence
from tfod_weights.report.tables import Table

if TYPE_CHECKING:
    from tfod_weights.forecast import Forecast

ASSUMPTION = "expected, not measured: objects are taken to cost the same before weights"
_SHORT = {"classification": "class", "localization": "box"}


def forecast_table(forecast: Forecast) -> Table:
    """The forecast as a rich renderable.

    One row per class: objects, their share, the share drawn where sampling changes it, then
    weight and share of the loss; for each loss apart only where their weights differ.
    """
    rows = forecast.classes
    columns = [
        Column("id", [str(row.class_id) for row in rows]),
        Column("class", [row.name for row in rows], is_name=True),
        Column("objects", [count_text(row.objects) for row in rows], rank=2),
        Column("share", [share_text(row.share) for row in rows], rank=1),
    ]
    if forecast.is_sampled:
        columns.append(Column("drawn", [share_text(row.drawn_share) for row in rows]))
    losses = losses_to_show(forecast)
    for loss, called in losses.items():
        prefix = "" if called == "loss" else f"{_SHORT[loss]} "
        weights = aligned([significant(row.weights[loss]) for row in rows])
        columns.append(Column(f"{prefix}weight", weights))
        shares = [share_text(row.loss_shares[loss]) for row in rows]
        columns.append(Column(f"{prefix}loss", shares))
    bar = next(iter(losses)) if len(losses) == 1 else None
    bars = [row.loss_shares[bar] if bar else 0.0 for row in rows]
    styles = ["" if row.objects else "yellow" for row in rows]
    return Table(Grid(columns, bars, styles), _sentences(forecast, losses))


def losses_to_show(forecast: Forecast) -> dict[str, str]:
    """Loss -> what to call it: those whose weights differ, or one that stands for all."""
    losses = list(forecast.classes[0].weights) if forecast.classes else ["classification"]
    same = all(len(set(row.weights.values())) == 1 for row in forecast.classes)
    if same and not forecast.per_batch:
        return {losses[0]: "loss"}
    return {loss: f"{loss} loss" for loss in losses}


def forecast_notes(forecast: Forecast) -> Iterator[str]:
    """What the shares do not say."""
    if forecast.per_batch:
        losses = " and ".join(forecast.per_batch)
        yield f"weights of the {losses} loss come from each batch: no share is known before"
    elif not forecast.weighted:
        yield "the config has no class weights: every object counts once"
    for schedule in dict.fromkeys(forecast.schedules.values()):
        yield f"weights {schedule}: these are the shares after that"
    yield ASSUMPTION


def _sentences(forecast: Forecast, losses: Mapping[str, str]) -> list[Sentence]:
    found = [Sentence(f"largest / smallest share of the objects {forecast.imbalance():.3g}")]
    for loss, called in losses.items():
        ratio = forecast.imbalance(loss)
        found.append(Sentence(f"largest / smallest share of the {called} {ratio:.3g}"))
    return [*found, *(Sentence(note, "note") for note in forecast_notes(forecast))]


def forecast_json(forecast: Forecast) -> dict[str, Any]:
    """The forecast as JSON types; shares are of 1."""
    return {
        "config": forecast.path,
        "assumption": ASSUMPTION,
        "weighted": list(forecast.weighted),
        "per_batch": list(forecast.per_batch),
        "schedules": {loss: asdict(one) for loss, one in forecast.schedules.items()},
        "classes": [
            {
                "id": row.class_id,
                "name": row.name,
                "objects": row.objects,
                "share": row.share,
                "drawn_share": row.drawn_share,
                "weights": dict(row.weights),
                "loss_shares": dict(row.loss_shares),
            }
            for row in forecast.classes
        ],
    }
