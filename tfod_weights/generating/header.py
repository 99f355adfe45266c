"""One template file: a header that describes it, then a config with `$placeholders`.

The header is the lines that begin with `#:`, above everything else:

    #: description: SSD on MobileNetV2
    #: image_size: 320

A file may hold several templates that differ in a few values. They are the rows of a table in
the header. A column is a key of the header or a placeholder, of the config and of the header:

    #: name: efficientdet-$d
    #: | d  | image_size | backbone |
    #: | d0 | 512        | b0       |
    #: | d1 | 640        | b1       |

Without a table, a file holds one template, which is named like the file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any, Callable, Iterator, Mapping, Optional

from tfod_weights.errors import SourcePlace, TemplateError
from tfod_weights.generating.rendering import render
from tfod_weights.generating.template import CHECKPOINT_TYPES, MAX_DESCRIPTION, Template

HEADER = "#:"


def _positive_int(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or int(text) < 1:
        raise ValueError("a whole number of at least 1 is needed")
    return int(text)


def _positive_float(text: str) -> float:
    number = float(text)
    if not 0 < number < math.inf:
        raise ValueError("a number greater than 0 is needed")
    return number


def _non_negative(text: str) -> float:
    number = float(text)
    if not 0 <= number < math.inf:
        raise ValueError("a number of at least 0 is needed")
    return number


def _share(text: str) -> float:
    if not 0 <= float(text) < 1:
        raise ValueError("a share of at least 0 and below 1 is needed")
    return float(text)


def _line(text: str) -> str:
    if not text:
        raise ValueError("a text is needed")
    return text


def _description(text: str) -> str:
    if len(_line(text)) > MAX_DESCRIPTION:
        raise ValueError(f"it has {len(text)} characters, the most are {MAX_DESCRIPTION}")
    return text


def _optional(text: str) -> Optional[str]:
    return None if text == "none" else _line(text)


def _checkpoint_types(text: str) -> tuple[str, ...]:
    types = tuple(text.split())
    if not types or not set(types) <= set(CHECKPOINT_TYPES):
        raise ValueError(f"some of {' '.join(CHECKPOINT_TYPES)} are needed")
    return types


# key of the header -> its value from its text; ValueError says what is needed instead
_KEYS: dict[str, Callable[[str], Any]] = {
    "name": _line,
    "description": _description,
    "source": _line,
    "checkpoint": _optional,
    "checkpoint_types": _checkpoint_types,
    "image_size": _positive_int,
    "image_size_multiple": _positive_int,
    "image_size_minimum": _positive_int,
    "batch_size": _positive_int,
    "learning_rate": _positive_float,
    "warmup_learning_rate": _non_negative,
    "reference_batch_size": _positive_int,
    "warmup_share": _share,
    "warmup_steps_maximum": _positive_int,
    "epochs": _positive_int,
    "steps_minimum": _positive_int,
    "needs_feature": _optional,
}
assert {*_KEYS, "values", "body", "path"} == {field.name for field in fields(Template)}


def parse_templates(text: str, path: str, stem: str) -> list[Template]:
    """The templates of a file, in the order of its table.

    Args:
        text: The file.
        path: Its name, for messages.
        stem: The name of the template, unless the header has one.

    Raises:
        TemplateError: the header is not as it should be; with the line.
    """
    lines = text.splitlines(keepends=True)
    header = [line for line in lines if line.startswith(HEADER)]
    if not header or lines[: len(header)] != header:
        raise _error(f"a template begins with its header, lines with {HEADER}", path, 1)
    body = "".join(lines[len(header) :])
    keys, rows = _entries(header, path)
    keys.setdefault("name", _Entry(stem, 1))
    return [_template(keys, row, body, path) for row in rows or [{}]]


@dataclass(frozen=True)
class _Entry:
    """A value in a header, and the line it is on."""

    text: str
    line: int


_Entries = Mapping[str, _Entry]


def _entries(header: list[str], path: str) -> tuple[dict[str, _Entry], list[_Entries]]:
    """The keys of the header, and the rows of its table by column."""
    keys: dict[str, _Entry] = {}
    table: list[tuple[int, list[str]]] = []
    for number, line in enumerate(header, start=1):
        content = line[len(HEADER) :].strip()
        if content.startswith("|") and content.endswith("|"):
            table.append((number, [cell.strip() for cell in content[1:-1].split("|")]))
            continue
        key, colon, value = (part.strip() for part in content.partition(":"))
        if not colon or key not in _KEYS or key in keys:
            what = "is there already" if key in keys else "is no key of a template"
            raise _error(f"{key!r} {what}", path, number)
        keys[key] = _Entry(value, number)
    return keys, list(_rows(table, path))


def _rows(table: list[tuple[int, list[str]]], path: str) -> Iterator[_Entries]:
    columns = table[0][1] if table else []
    for number, cells in table[1:]:
        if len(cells) != len(columns) or len(set(columns)) != len(columns):
            problem = f"{len(cells)} cells for {len(set(columns))} different columns"
            raise _error(problem, path, number)
        yield {column: _Entry(cell, number) for column, cell in zip(columns, cells)}


def _template(keys: _Entries, row: _Entries, body: str, path: str) -> Template:
    entries = {**keys, **row}
    missing = [key for key in _KEYS if key not in entries and key not in _DEFAULTS]
    if missing:
        raise _error(f"the header lacks {', '.join(missing)}", path, 1)
    cells = {column: entry.text for column, entry in row.items()}
    known = {key: _value(key, entries[key], cells, path) for key in _KEYS if key in entries}
    values = {column: text for column, text in cells.items() if column not in _KEYS}
    template = Template(**{**_DEFAULTS, **known}, values=values, body=body, path=path)
    if template.warmup_learning_rate > template.learning_rate:
        line = entries["warmup_learning_rate"].line
        raise _error("warmup_learning_rate is above learning_rate", path, line)
    if not template.takes(template.image_size):
        problem = f"image_size: {template.image_size} is none of the {template.image_sizes}"
        raise _error(problem, path, entries["image_size"].line)
    return template


_DEFAULTS: dict[str, Any] = {"needs_feature": None}


def _value(key: str, entry: _Entry, cells: Mapping[str, str], path: str) -> Any:
    try:
        return _KEYS[key](render(entry.text, cells))
    except (ValueError, TemplateError) as reason:
        raise _error(f"{key}: {entry.text!r}: {reason}", path, entry.line) from reason


def _error(problem: str, path: str, line: int) -> TemplateError:
    return TemplateError(problem, place=SourcePlace(path, line))
