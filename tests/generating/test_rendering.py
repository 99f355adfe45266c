"""Placeholders and what may stand in a string of the text format."""

from __future__ import annotations

import pytest

from tfod_weights.errors import TemplateError
from tfod_weights.generating.rendering import number_text, placeholders, render

CASES = {
    "none": ("a: 1\n", {}, "a: 1\n"),
    "one": ("a: $x\n", {"x": "1"}, "a: 1\n"),
    "in braces": ('a: "${x}b"\n', {"x": "1"}, 'a: "1b"\n'),
    "a dollar": ("a: 1  # $$5\n", {}, "a: 1  # $5\n"),
    "a value with a dollar": ("a: $x\n", {"x": "'$y'"}, "a: '$y'\n"),
    "several": ("  a: $x\n", {"x": ["1", "2"]}, "  a: 1\n  a: 2\n"),
    "several with one beside": ("$y: $x\n", {"x": ["1", "2"], "y": "a"}, "a: 1\na: 2\n"),
    "no value": ("a: 1\n$x\nb: 2\n", {"x": []}, "a: 1\nb: 2\n"),
    "without a line end": ("a: $x", {"x": "1"}, "a: 1"),
}


@pytest.mark.parametrize("text, values, rendered", CASES.values(), ids=CASES.keys())
def test_render(text: str, values: dict, rendered: str) -> None:
    assert render(text, values) == rendered


@pytest.mark.parametrize("text", ["a: $x\n", "a: ${x}\n", "a: $ 5\n", "a: $5\n", "a: ${x\n", "$"])
def test_what_is_no_placeholder_is_an_error(text: str) -> None:
    with pytest.raises(TemplateError):
        render(text, {"y": "1"})


def test_placeholders() -> None:
    assert placeholders("a: $x ${y}z $$w") == {"x", "y"}


@pytest.mark.parametrize(
    "number, text",
    [(0.005, "0.005"), (1.25e-5, "0.0000125"), (0.01, "0.01"), (1 / 3, "0.333333"), (8, "8")],
)
def test_numbers(number: float, text: str) -> None:
    assert number_text(number) == text
