"""Filling in the placeholders of a template."""

from __future__ import annotations

from decimal import Decimal
from string import Template as Placeholders
from typing import Iterator, Mapping, Sequence, Union

from tfod_weights.errors import TemplateError

# One text, or one for each of the lines that the placeholder's line becomes.
Value = Union[str, Sequence[str]]


def render(text: str, values: Mapping[str, Value]) -> str:
    r"""A text with `$name` replaced by its value; `$$` is a dollar sign.

    A line whose placeholder has several values is repeated for each of them, and left out if
    there are none.

    >>> print(render("size: $size, path: $path", {"size": "8", "path": ["a\n", "b"]}))
    size: 8, path: a
    size: 8, path: b

    Raises:
        TemplateError: a placeholder has no value, or a dollar sign begins no placeholder.
    """
    return "".join(
        _filled(line, row)
        for line in text.splitlines(keepends=True)
        for row in _rows(values, placeholders(line))
    )


def placeholders(text: str) -> set[str]:
    """The names of the placeholders in a text."""
    matches = Placeholders.pattern.finditer(text)
    return {match["named"] or match["braced"] for match in matches} - {None}


def _rows(values: Mapping[str, Value], names: set[str]) -> Iterator[dict[str, str]]:
    """The values of one line, once for each time that the line is written."""
    used = {name: values[name] for name in names if name in values}
    single = {name: value for name, value in used.items() if isinstance(value, str)}
    several = {name: value for name, value in used.items() if name not in single}
    if not several:
        yield single
    for name, texts in several.items():
        yield from ({**single, name: text} for text in texts)


def _filled(line: str, values: Mapping[str, str]) -> str:
    try:
        return Placeholders(line).substitute(values)
    except KeyError as error:
        raise TemplateError(f"the placeholder ${error.args[0]} has no value") from error
    except ValueError as error:
        raise TemplateError(f"a dollar sign that begins no placeholder: {line.strip()}") from error


def number_text(number: float) -> str:
    """A number with at most 6 significant digits.

    >>> number_text(0.08 * 8 / 512), number_text(6.25e-5), number_text(2)
    ('0.00125', '0.0000625', '2')
    """
    return format(Decimal(f"{number:.6g}"), "f")
