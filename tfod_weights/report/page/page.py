"""The page: head, what matters first, and the sections."""

from __future__ import annotations

import pkgutil
from dataclasses import replace
from typing import TYPE_CHECKING, Iterator, Optional, Sequence

from tfod_weights.overview import FORECAST, METRICS, RECORDS
from tfod_weights.report.findings import summary
from tfod_weights.report.numbers import ratio_text
from tfod_weights.report.page.classes import (
    classes_section,
    dropped_section,
    forecast_section,
    table_section,
    weights_section,
)
from tfod_weights.report.page.config import diff_section, findings_section
from tfod_weights.report.page.html import Markup, element, joined
from tfod_weights.report.page.metrics import (
    confusion_section,
    curves_section,
    metrics_section,
    verdict,
)
from tfod_weights.report.page.section import Section, rendered
from tfod_weights.report.page.tables import facts
from tfod_weights.version import __version__

if TYPE_CHECKING:
    from tfod_weights.figures.drawing import Drawing
    from tfod_weights.overview import Overview
    from tfod_weights.progress import Progress

_TITLE = "Class weights report"
_NOT_KNOWN = {RECORDS: "Records not counted:", FORECAST: "No forecast:", METRICS: ""}


def html_page(
    overview: Overview, drawings: Sequence[Drawing], progress: Optional[Progress] = None
) -> str:
    """The page as text; the same text for the same input.

    Args:
        overview: What it tells.
        drawings: The figures in it.
        progress: Called with (figures done, figures in all).
    """
    figures = {}
    for done, drawing in enumerate(drawings, start=1):
        figures[drawing.name] = _figure(drawing)
        if progress:
            progress(done, len(drawings))
    sections = _paired(list(_sections(overview)))
    body = element(
        "body",
        _header(overview),
        _contents(sections),
        element("main", [rendered(section, figures) for section in sections]),
        element("footer", f"tfod-weights {__version__}"),
        element("script", Markup(_data("page.js"))),
    )
    return "<!DOCTYPE html>\n" + element("html", _head(overview), body, lang="en") + "\n"


def _head(overview: Overview) -> Markup:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{_TITLE}: {overview.path}"),
        element("style", Markup(_data("page.css"))),
    )


def _data(name: str) -> str:
    content = pkgutil.get_data(__package__ or __name__, name)
    assert content is not None
    return content.decode("utf-8")


def _figure(drawing: Drawing) -> Markup:
    svg = Markup(drawing.inline_svg("figure-"))
    return element("figure", element("figcaption", drawing.title), "\n", svg)


def _header(overview: Overview) -> Markup:
    return element(
        "header",
        element("h1", _TITLE),
        element("p", element("code", overview.path), class_="path"),
        verdict(overview),
        facts(list(_facts(overview))),
        _missing(overview),
    )


def _facts(overview: Overview) -> Iterator[tuple[str, str]]:
    counts = overview.counts
    if counts:
        yield "images", f"{counts.images:,}"
        yield "objects", f"{counts.objects:,}"
        yield "classes", f"{len(counts.classes):,}"
        yield "boxes dropped", f"{sum(counts.dropped.values()):,}"
    if overview.forecast and overview.forecast.weighted:
        shares = overview.forecast.imbalance(), overview.forecast.imbalance("classification")
        yield "largest / smallest share", f"{ratio_text(shares[0])} → {ratio_text(shares[1])}"
    elif overview.forecast:
        yield "largest / smallest share", ratio_text(overview.forecast.imbalance())
    yield "check", summary(overview.findings)


def _missing(overview: Overview) -> Markup:
    """What the page cannot tell, and how to change that."""
    rows = [
        element(
            "p",
            element("strong", _NOT_KNOWN[one.what]),
            f" {_capital(one.why)}. " if one.what == METRICS else f" {one.why}. ",
            element("span", _capital(one.help), class_="help") if one.help else None,
        )
        for one in overview.missing
    ]
    return element("div", rows, class_="missing", id="missing") if rows else Markup()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _contents(sections: Sequence[Section]) -> Markup:
    links = [element("a", section.title, href=f"#{section.name}") for section in sections]
    return element("nav", joined(links), aria_label="Contents")


def _paired(sections: list[Section]) -> list[Section]:
    """The sections, so that each of half width has another one beside it."""
    for place, section in enumerate(sections):
        before = sum(one.is_half for one in sections[:place])
        beside = sections[place + 1 : place + 2]
        if section.is_half and before % 2 == 0 and not any(one.is_half for one in beside):
            sections[place] = replace(section, is_half=False)
    return sections


def _sections(overview: Overview) -> Iterator[Section]:
    found = [
        classes_section(overview),
        weights_section(overview),
        forecast_section(overview),
        dropped_section(overview),
        table_section(overview),
        findings_section(overview),
    ]
    if overview.runs:
        found += [
            metrics_section(overview),
            curves_section(overview),
            confusion_section(overview),
        ]
    yield from (section for section in [*found, diff_section(overview)] if section)
