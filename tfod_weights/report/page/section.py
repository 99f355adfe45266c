"""A part of the page: heading, figures, notes, and what is below them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Optional, Sequence

from tfod_weights.report.page.html import Markup, element


@dataclass(frozen=True)
class Section:
    """A part of the page.

    Attributes:
        name: Its id.
        title: Its heading.
        figures: Names of the figures in it, as far as they are drawn.
        notes: Sentences beside them.
        body: What is below, over the whole width.
        is_half: Whether it needs only half of a wide page.
    """

    name: str
    title: str
    figures: tuple[str, ...]
    notes: Sequence[str]
    body: Optional[Markup] = None
    is_half: bool = False


def rendered(section: Section, figures: Mapping[str, Markup]) -> Markup:
    """The section as HTML.

    Args:
        section: The section.
        figures: Name -> <figure>, of all that are drawn.
    """
    drawn = [figures[name] for name in section.figures if name in figures]
    notes = paragraphs(section.notes)
    if len(drawn) == 1 and not section.is_half:
        content = element("div", drawn, element("div", notes, class_="notes"), class_="beside")
    else:
        several = len(drawn) > 1
        grid = element("div", drawn, class_="columns" if several else None) if drawn else ""
        content = Markup(grid + notes) if section.is_half else Markup(notes + grid)
    heading = element("h2", section.title, id=f"{section.name}-heading")
    return element(
        "section",
        heading,
        content,
        section.body,
        id=section.name,
        class_="half" if section.is_half else None,
        aria_labelledby=f"{section.name}-heading",
    )


def paragraphs(texts: Sequence[str]) -> Markup:
    """A paragraph per sentence, beginning with a capital unless that would change a name."""
    return Markup("".join(element("p", text) for text in texts))
