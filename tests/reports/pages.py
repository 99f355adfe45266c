"""What a page holds, as an HTML parser sees it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = {"meta", "input", "br", "hr", "link", "img"}
_LOADING = {"src", "href", "srcset", "action", "data", "poster", "formaction"}


@dataclass
class Page:
    """A page taken apart.

    Attributes:
        ids: How often each id is there.
        links: Values of attributes that load or lead somewhere.
        headings: Texts of h1, h2 and h3.
        tags: How often each is opened.
        text: All text but styles and scripts, of elements one after the other.
        sections: id of a section -> its text.
        problems: Elements that are not closed, or in the wrong order.
    """

    ids: Counter[str] = field(default_factory=Counter)
    links: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    tags: Counter[str] = field(default_factory=Counter)
    text: str = ""
    sections: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.page.tags[tag] += 1
        if "id" in values:
            self.page.ids[values["id"]] += 1
        self.page.links += [value for name, value in values.items() if name in _LOADING]
        if tag not in _EMPTY:
            self._open.append((tag, values))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            self.page.problems.append(f"</{tag}> at {self.getpos()}")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        if "style" in tags or "script" in tags:
            return
        self.page.text += data
        if tags and tags[-1] in ("h1", "h2", "h3"):
            self.page.headings.append(data)
        for tag, values in self._open:
            if tag == "section":
                self.page.sections.setdefault(values["id"], "")
                self.page.sections[values["id"]] += data

    def close(self) -> None:
        super().close()
        self.page.problems += [f"<{tag}> is not closed" for tag, _ in self._open]


def parsed_page(html: str) -> Page:
    """Take a page apart."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.page
