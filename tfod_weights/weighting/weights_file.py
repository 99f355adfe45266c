"""Reading a weights file: class names and weights, each with its place in the file."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Iterator, Optional

from tfod_weights.errors import SourcePlace, WeightsError

_JSON_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = r"""("(?:[^"]|"")*"|'(?:[^']|'')*')"""
_QUOTED_NAME = re.compile(rf"\s*{_STRING}(?=\s*[:,\t])")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_PAIR = re.compile(rf"\s*({_STRING}|.*?)\s*[:,\t]\s*(?P<weight>[^:,\t]*)")
# separator -> a cell of a table, with the separator or the end of the line after it
_CELLS = {
    separator: re.compile(
        rf"{space}({_STRING}(?={space}(?:{separator}|$))|[^{separator}]*?){space}(?:{separator}|$)"
    )
    for separator, space in ((",", r"\s*"), ("\t", r"[^\S\t]*"))
}
_NAME_TITLES = ("name", "class")
_LONGEST = 300  # digits of a whole number that is finite as a float


def _whole_number(digits: str) -> float:
    """A whole number of any length; Python refuses to make an int of thousands of digits."""
    return int(digits) if len(digits) <= _LONGEST else float(digits)


_DECODER = json.JSONDecoder(parse_int=_whole_number)


@dataclass(frozen=True)
class Entry:
    """One class of a weights file.

    Attributes:
        name: The class name, unquoted.
        weight: A number, or what the file has in its place.
        name_place: Where the name is.
        weight_place: Where the weight is.
    """

    name: str
    weight: object
    name_place: SourcePlace
    weight_place: SourcePlace


@dataclass(frozen=True)
class _Source:
    """A text and the name of its file, to turn offsets into places."""

    text: str
    path: str

    def place(self, at: int) -> SourcePlace:
        start = self.text.rfind("\n", 0, at) + 1
        line = self.text[start:].split("\n", 1)[0].rstrip("\r")
        return SourcePlace(self.path, self.text.count("\n", 0, at) + 1, at - start + 1, line)

    def entry(self, name: str, name_at: int, weight: object, weight_at: int) -> Entry:
        return Entry(name, weight, self.place(name_at), self.place(weight_at))

    def error(self, problem: str, at: int, help: Optional[str] = None) -> WeightsError:
        return WeightsError(problem, place=self.place(at), help=help)


def read_entries(text: str, path: str) -> list[Entry]:
    r"""The classes and weights of a weights file, in file order.

    Args:
        text: Its text: JSON if it starts with a brace or bracket, else lines or a table, its cells
            separated by commas or tabs.
        path: Its name, for the places.

    Raises:
        WeightsError: The text is none of these.

    >>> [(e.name, e.weight, str(e.weight_place)) for e in read_entries("RBC: 1\nWBC: 5", "w")]
    [('RBC', 1.0, 'w:1:6'), ('WBC', 5.0, 'w:2:6')]
    """
    source = _Source(text, path)
    if text.lstrip()[:1] in ("{", "["):
        return _read_json(source)
    lines = list(_content_lines(source))
    for separator in _CELLS if lines else ():
        titles = [title.casefold() for title, _ in _cells(*lines[0], separator)]
        named = [title for title in _NAME_TITLES if title in titles]
        if named and "weight" in titles:
            columns = titles.index(named[0]), titles.index("weight")
            rows = ((at, list(_cells(at, line, separator))) for at, line in lines[1:])
            return [_table_entry(source, columns, *row) for row in rows]
    return [_line_entry(source, at, line) for at, line in lines]


def _content_lines(source: _Source) -> Iterator[tuple[int, str]]:
    """Offset and text of every line that says something, without the comment after it."""
    at = 0
    for line in source.text.split("\n"):
        name = _QUOTED_NAME.match(line)
        comment = _COMMENT.search(line, name.end() if name else 0)
        content = (line[: comment.start()] if comment else line).rstrip()
        if content and content != "---":
            yield at, content
        at += len(line) + 1


def _line_entry(source: _Source, at: int, line: str) -> Entry:
    match = _PAIR.fullmatch(line)
    if not match:
        first = at + len(line) - len(line.lstrip())
        raise source.error(
            "a line without a weight", first, "write `name: weight` or `name,weight`"
        )
    weight, weight_at = match["weight"], at + match.start("weight")
    return source.entry(_unquoted(match[1]), at + match.start(1), _number(weight), weight_at)


def _table_entry(
    source: _Source, columns: tuple[int, int], at: int, cells: list[tuple[str, int]]
) -> Entry:
    if len(cells) <= max(columns):
        raise source.error("a row with fewer cells than the header", at)
    name, (weight, weight_at) = cells[columns[0]], cells[columns[1]]
    return source.entry(*name, _number(weight), weight_at)


def _cells(at: int, line: str, separator: str) -> Iterator[tuple[str, int]]:
    """The text of every cell of a line of a table and its offset in the file."""
    end = -1
    while end < len(line):
        match = _CELLS[separator].match(line, end + 1)
        if not match:
            return
        yield _unquoted(match[1]), at + match.start(1)
        end = match.end() - 1 if match[0].endswith(separator) else len(line)


def _number(text: str) -> object:
    """The number that `text` is, or else `text`."""
    try:
        return float(text)
    except ValueError:
        return text


def _unquoted(text: str) -> str:
    quote = text[:1]
    if len(text) > 1 and quote in ("'", '"') and text[-1] == quote:
        return text[1:-1].replace(quote * 2, quote)
    return text


def _read_json(source: _Source) -> list[Entry]:
    try:
        return list(_json_entries(source))
    except RecursionError:
        problem, help = "this JSON is nested too deeply", 'write {"name": weight}'
        raise WeightsError(problem, place=SourcePlace(source.path), help=help) from None


def _json_entries(source: _Source) -> Iterator[Entry]:
    """The members of `{"name": weight}`, or of the list that `weights --format json` prints."""
    try:
        document = _DECODER.decode(source.text)
    except json.JSONDecodeError as error:
        raise source.error(f"not JSON: {error.msg}", error.pos) from None
    if not isinstance(document, dict):
        at = source.text.index("[")
        raise source.error("a list does not name its classes", at, 'write {"name": weight}')
    members = list(_members(source.text, source.text.index("{")))
    report = [at for key, _, value, at in members if key == "weights" and isinstance(value, list)]
    if report:
        yield from _report_entries(source, report[0])
        return
    for name, name_at, weight, weight_at in members:
        yield source.entry(name, name_at, weight, weight_at)


def _report_entries(source: _Source, at: int) -> Iterator[Entry]:
    for row, row_at in _elements(source.text, at):
        if not isinstance(row, dict) or not {"name", "weight"} <= row.keys():
            raise source.error('every item of "weights" needs a "name" and a "weight"', row_at)
        found = {key: (value, at) for key, _, value, at in _members(source.text, row_at)}
        name, weight = found["name"], found["weight"]
        if name[0] is not None:  # a gap in the label map
            yield source.entry(str(name[0]), name[1], *weight)


def _members(text: str, at: int) -> Iterator[tuple[str, int, object, int]]:
    """Key, its offset, value and its offset for every member of the valid object at `at`."""
    at = _skip_space(text, at + 1)
    while text[at] != "}":
        key, end = _DECODER.raw_decode(text, at)
        value_at = _skip_space(text, _skip_space(text, end) + 1)
        value, end = _DECODER.raw_decode(text, value_at)
        yield key, at, value, value_at
        at = _skip_comma(text, end)


def _elements(text: str, at: int) -> Iterator[tuple[object, int]]:
    """Value and offset of every element of the valid array at `at`."""
    at = _skip_space(text, at + 1)
    while text[at] != "]":
        value, end = _DECODER.raw_decode(text, at)
        yield value, at
        at = _skip_comma(text, end)


def _skip_comma(text: str, at: int) -> int:
    at = _skip_space(text, at)
    return _skip_space(text, at + 1) if text[at] == "," else at


def _skip_space(text: str, at: int) -> int:
    match = _JSON_SPACE.match(text, at)
    return match.end() if match else at
