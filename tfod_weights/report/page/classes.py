"""Sections about the data: the classes, their weights, what comes of them, what is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, Mapping, Optional, Sequence

from tfod_weights.counting import DROP_REASONS
from tfod_weights.figures.classes import share_value
from tfod_weights.report.forecasts import forecast_notes, losses_to_show
from tfod_weights.report.numbers import count_text, ratio_text, significant
from tfod_weights.report.page.html import Markup, element, joined
from tfod_weights.report.page.section import Section, paragraphs
from tfod_weights.report.page.tables import Column, table
from tfod_weights.report.sampling import in_words
from tfod_weights.report.sentences import counts_sentences, reason_text
from tfod_weights.wording import number_of

if TYPE_CHECKING:
    from tfod_weights.counting import ClassCount, ClassCounts
    from tfod_weights.overview import LossWeights, Overview

_DROPPED_SHOWN = 50


def classes_section(overview: Overview) -> Optional[Section]:
    """How frequent the classes are, before and after sampling."""
    counts = overview.counts
    if counts is None:
        return None
    notes = [sentence.text for sentence in counts_sentences(counts, drops=False)]
    shares = [row.objects for row in counts.classes if row.objects]
    if shares:
        ratio = ratio_text(max(shares) / min(shares))
        notes.insert(1, f"Largest / smallest number of objects {ratio}")
    if overview.sampling:
        notes.append(f"Images are drawn by {in_words(overview.sampling)}")
    drawn = [row.effective_objects for row in counts.classes if row.effective_objects]
    if drawn and _is_sampled(counts):
        notes.append(f"Largest / smallest share drawn {ratio_text(max(drawn) / min(drawn))}")
    return Section(
        "classes", "Classes in the training records", ("distribution",), notes, is_half=True
    )


def _is_sampled(counts: ClassCounts) -> bool:
    return any(row.effective_objects != row.objects for row in counts.classes)


def weights_section(overview: Overview) -> Section:
    """The class weights that the config has, and where they come from."""
    notes = [*map(_weights_note, overview.weights), *overview.changing]
    if not notes:
        command = element("code", f"tfod-weights patch {overview.path}")
        notes = ["The config has no class weights.", joined(command, " writes them.")]
    return Section("weights", "Class weights", ("weights",), notes, is_half=True)


def _weights_note(weights: LossWeights) -> str:
    usable = [value for value in weights.values if value > 0]
    ratio = max(usable, default=1.0) / min(usable, default=1.0)
    number = number_of(len(weights.values), "weight")
    said = f"{weights.kind.capitalize()}: {number}, line {weights.line}"
    said += f", largest / smallest {ratio_text(ratio)}"
    origin = " ".join(f"{key}={value}" for key, value in weights.provenance.items())
    return f"{said} ({origin})" if origin else said


def forecast_section(overview: Overview) -> Optional[Section]:
    """What share of the loss each class is expected to have."""
    forecast = overview.forecast
    if forecast is None:
        return None
    losses = losses_to_show(forecast)
    notes = [f"Largest / smallest share of the objects drawn {ratio_text(forecast.imbalance())}"]
    for loss, called in losses.items():
        ratio = ratio_text(forecast.imbalance(loss))
        notes.append(f"Largest / smallest share of the {called} {ratio}")
    notes.extend(note.capitalize() for note in forecast_notes(forecast))
    names = ["forecast", *(f"forecast-{loss}" for loss in losses)]
    return Section("forecast", "Expected share of the loss", tuple(names), notes, is_half=True)


# -- every class ----------------------------------------------------------------------------


def table_section(overview: Overview) -> Optional[Section]:
    """All of it, class by class."""
    if overview.counts is None:
        return None if not overview.weights else _weights_only(overview)
    rows = sorted(overview.counts.classes, key=lambda row: (-row.objects, row.class_id))
    body = table(list(_columns(overview)), rows, caption="Every class of the training records")
    return Section("table", "Every class", (), [], body)


def _columns(overview: Overview) -> Iterator[Column[ClassCount]]:
    counts = overview.counts
    assert counts is not None
    total = counts.objects or 1
    drawn = sum(row.effective_objects for row in counts.classes) or 1.0
    yield Column("class", lambda row: row.name)
    yield Column("id", lambda row: str(row.class_id), lambda row: row.class_id)
    yield Column("objects", lambda row: count_text(row.objects), lambda row: row.objects)
    yield Column("images", lambda row: count_text(row.images), lambda row: row.images)
    yield Column(
        "share", lambda row: share_value(row.objects / total), lambda row: row.objects / total
    )
    if _is_sampled(counts):
        yield Column(
            "drawn",
            lambda row: share_value(row.effective_objects / drawn),
            lambda row: row.effective_objects / drawn,
            "share of the objects that are drawn",
        )
    yield from _weight_columns(overview)
    if any(row.dropped for row in counts.classes):
        yield Column(
            "dropped",
            lambda row: count_text(sum(row.dropped.values())),
            lambda row: sum(row.dropped.values()),
            "boxes of this class that TFOD drops",
        )


def _weight_columns(overview: Overview) -> Iterator[Column[ClassCount]]:
    forecast = overview.forecast
    if forecast is None or not forecast.weighted:
        return
    rows = {row.class_id: row for row in forecast.classes}
    losses = losses_to_show(forecast)
    for loss, called in losses.items():
        prefix = called.removesuffix("loss")
        weights = {class_id: row.weights[loss] for class_id, row in rows.items()}
        shares = {class_id: row.loss_shares[loss] for class_id, row in rows.items()}
        yield _mapped(f"{prefix}weight", weights, significant)
        yield _mapped(f"{prefix}loss share", shares, share_value, "expected share of the loss")


def _mapped(
    title: str, values: Mapping[int, float], text: object, hint: Optional[str] = None
) -> Column[ClassCount]:
    assert callable(text)
    return Column(
        title,
        lambda row: text(values[row.class_id]),
        lambda row: values[row.class_id],
        hint,
    )


def _weights_only(overview: Overview) -> Section:
    """The weights without counts, where the records are not at hand."""
    length = max(len(weights.values) for weights in overview.weights)
    columns: list[Column[int]] = [
        Column("class", overview.name_of),
        Column("id", str, float),
        *(_of_loss(weights) for weights in overview.weights),
    ]
    body = table(columns, range(1, length + 1), caption="Every class of the config")
    return Section("table", "Every class", (), [], body)


def _of_loss(weights: LossWeights) -> Column[int]:
    values = weights.values

    def number(class_id: int) -> Optional[float]:
        return values[class_id - 1] if class_id <= len(values) else None

    def text(class_id: int) -> str:
        found = number(class_id)
        return "–" if found is None else f"{found:.4g}"

    return Column(f"{weights.kind} weight", text, number)


# -- what is dropped --------------------------------------------------------------------------


def dropped_section(overview: Overview) -> Optional[Section]:
    """The boxes that TFOD drops without a word, and why."""
    counts = overview.counts
    if counts is None:
        return None
    total = sum(counts.dropped.values())
    title = "Boxes that TFOD drops"
    if not total:
        reasons = ", ".join(map(reason_text, DROP_REASONS))
        return Section("dropped", title, (), [f"None. Looked for: {reasons}."], is_half=True)
    of = f"TFOD drops {number_of(total, 'box', 'boxes')} of {total + counts.objects:,}."
    parts = [
        _numbers("Why", {reason_text(r): n for r, n in counts.dropped.items() if n}),
        _numbers("Texts that the label map lacks", counts.unknown_texts),
        _numbers(
            f"Labels outside 1..{counts.num_classes}",
            {str(label): number for label, number in counts.out_of_range_labels.items()},
        ),
    ]
    body = element("div", parts, class_="columns")
    return Section("dropped", title, (), [of], body, is_half=True)


def _numbers(title: str, numbers: Mapping[str, int]) -> Optional[Markup]:
    """A table of how many boxes, the most first."""
    if not numbers:
        return None
    ordered = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    columns: Sequence[Column[tuple[str, int]]] = (
        Column(title, lambda item: item[0]),
        Column("boxes", lambda item: count_text(item[1]), lambda item: item[1]),
    )
    more = len(ordered) - _DROPPED_SHOWN
    rest = paragraphs([f"and {more:,} more"]) if more > 0 else None
    return element("div", table(columns, ordered[:_DROPPED_SHOWN], caption=title), rest)
