"""The well-known web answer about class weights in pipeline.config: its examples."""

from __future__ import annotations

import re

import pytest

from tests.conftest import REPOSITORY

OURS = REPOSITORY / "tests" / "migration" / "data" / "web_answer.in.config"
THEIRS = REPOSITORY.parent / "shared" / "seeds" / "001_12f4a3db7155da53.txt"


def our_example() -> str:
    """A complete model with all the faults of theirs."""
    return OURS.read_text(encoding="utf-8")


def their_example(number: int) -> str:
    """An example of the answer, where that is beside this checkout: 1 and 2 are blocks of a
    loss, 3 is a complete model."""
    if not THEIRS.is_file():
        pytest.skip("the answer is not beside this checkout")
    text = THEIRS.read_text(encoding="utf-8")
    return re.findall(r"```\n(.*?)```", text, re.DOTALL)[number - 1]
