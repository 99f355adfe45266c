"""HTML from plain functions: text is escaped, unless it is markup already."""

from __future__ import annotations

from html import escape
from typing import Iterable, Union

from tfod_weights.report.terminal import printable

_EMPTY = frozenset({"meta", "input", "br", "hr"})


class Markup(str):
    """Text that is HTML; other text is escaped when it becomes part of an element."""

    __slots__ = ()


Part = Union[str, None, Iterable[Union[str, None]]]


def element(tag: str, *parts: Part, **attributes: Union[str, int, bool, None]) -> Markup:
    """An element.

    Args:
        tag: Its name.
        *parts: What is in it: texts, elements, lists of either; None is nothing.
        **attributes: `class_` becomes `class`, `data_v` `data-v`; None and False are left out.

    >>> element("p", "a < b ", element("b", "c"), class_="x")
    '<p class="x">a &lt; b <b>c</b></p>'
    """
    opening = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _EMPTY:
        return Markup(f"<{tag}{opening}>")
    return Markup(f"<{tag}{opening}>{joined(*parts)}</{tag}>")


def joined(*parts: Part) -> Markup:
    """Texts and elements one after the other."""
    return Markup("".join(map(_html, parts)))


def _html(part: Part) -> str:
    if part is None:
        return ""
    if isinstance(part, Markup):
        return part
    if isinstance(part, str):
        return escape(shown(part), quote=False)
    return "".join(map(_html, part))


def _attribute(name: str, value: Union[str, int, bool, None]) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(shown(str(value)))}"'


def shown(text: str) -> str:
    """The text with escapes for what no page may hold; line ends and tabs stay."""
    if text.isprintable():
        return text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c in "\n\t" else printable(c) for c in text)
