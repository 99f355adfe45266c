"""Forecasts: a table for a terminal, and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Sequence

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
    for loss in losses:
        prefix = f"{_SHORT[loss]} " if len(losses) > 1 else ""
        weights = aligned([significant(row.weights[loss]) for row in rows])
        columns.append(Column(f"{prefix}weight", weights))
        shares = [share_text(row.loss_shares[loss]) for row in rows]
        columns.append(Column(f"{prefix}loss", shares))
    bars = [row.loss_shares[losses[0]] if len(losses) == 1 else 0.0 for row in rows]
    styles = ["" if row.objects else "yellow" for row in rows]
    return Table(Grid(columns, bars, styles), _sentences(forecast, losses))


def losses_to_show(forecast: Forecast) -> list[str]:
    """The losses whose weights differ; one of them if they are the same."""
    losses = list(forecast.classes[0].weights) if forecast.classes else ["classification"]
    same = all(len(set(row.weights.values())) == 1 for row in forecast.classes)
    return losses[:1] if same else losses


def _sentences(forecast: Forecast, losses: Sequence[str]) -> list[Sentence]:
    found = [Sentence(f"largest / smallest share of the objects {forecast.imbalance():.3g}")]
    for loss in losses:
        name = "loss" if len(losses) == 1 else f"{loss} loss"
        ratio = forecast.imbalance(loss)
        found.append(Sentence(f"largest / smallest share of the {name} {ratio:.3g}"))
    if not forecast.weighted:
        found.append(Sentence("the config has no class weights: every object counts once", "note"))
    return [*found, Sentence(ASSUMPTION, "note")]


def forecast_json(forecast: Forecast) -> dict[str, Any]:
    """The forecast as JSON types; shares are of 1."""
    return {
        "config": forecast.path,
        "assumption": ASSUMPTION,
        "weighted": list(forecast.weighted),
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
