"""Errors of the parser: place, fact, next step."""

from __future__ import annotations

import pytest

from tfod_weights.errors import TextFormatError
from tfod_weights.textformat import Block, Edit, ListValue, Scalar, apply_edits, parse

FAULTY = {
    "trailing comma": ("a {\n  b: [1, 2,]\n}", 2, 12, "a list must not end with a comma"),
    "open string": ('a { b: "x\n}', 1, 8, "this string has no closing quote on its line"),
    "slash comment": ("// x\na: 1", 1, 1, "expected a field name, found '/'"),
    "byte order mark": ("\ufeffa: 1", 1, 1, "expected a field name, found '\\ufeff'"),
    "wrong bracket": ("a {\n b: 1 >", 2, 7, 'expected a field name or the "}" that closes line 1'),
    "no bracket": ("a {\n", 2, 1, "found the end of the file"),
    "no colon": ("a 1", 1, 3, 'expected ":" or "{" after a'),
    "bare path": ("a: /x/y", 1, 4, "expected a value, found '/'"),
    "smart quotes": ("a: “x”", 1, 4, "expected a value, found '“'"),
    "open extension": ("[a.b: 1", 1, 1, 'this "[" is never closed by "]"'),
    "no comma": ("a: [1 2]", 1, 7, 'expected "," or "]" in the list'),
    "equals sign": ("a = 1", 1, 3, 'expected ":" or "{" after a'),
}


@pytest.mark.parametrize("text, line, column, problem", FAULTY.values(), ids=FAULTY.keys())
def test_fault(text: str, line: int, column: int, problem: str) -> None:
    with pytest.raises(TextFormatError) as caught:
        parse(text, "f.config")
    place = caught.value.place
    assert (place.line, place.column) == (line, column)
    assert problem in caught.value.problem
    assert str(caught.value).startswith(f"f.config:{line}:{column}: ")


def test_the_caret_stands_under_the_fault_behind_tabs() -> None:
    with pytest.raises(TextFormatError) as caught:
        parse("\ta 1", "f.config")
    assert str(caught.value).splitlines()[1:3] == ["  \ta 1", "  \t  ^"]


def test_values() -> None:
    document = parse("a: 1 b: ['x' \"y\", 2] c { } d <e: 1>; [f.g]: h")
    kinds = {field.name: type(field.value) for field in document.fields}
    assert kinds == {"a": Scalar, "b": ListValue, "c": Block, "d": Block, "[f.g]": Scalar}
    assert [document.source(value) for value in document.fields[1].values()] == ["'x' \"y\"", "2"]
    assert document.source(document.fields[3]) == "d <e: 1>;"


@pytest.mark.parametrize("edits", [[Edit(0, 2, "x"), Edit(1, 3, "y")], [Edit(3, 9, "")]])
def test_edits_must_not_overlap_or_leave_the_text(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlaps"):
        apply_edits("abcd", edits)


def test_insertions_at_one_offset_keep_their_order() -> None:
    assert apply_edits("ad", [Edit(1, 1, "b"), Edit(1, 1, "c")]) == "abcd"
