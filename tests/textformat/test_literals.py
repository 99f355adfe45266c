"""Values as protobuf's text format writes them."""

from __future__ import annotations

import pytest
from google.protobuf import text_format
from hypothesis import given
from hypothesis import strategies as st

from tfod_weights.errors import UsageError
from tfod_weights.schema import tfod_schema
from tfod_weights.textformat.literals import string_literal


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_any_text_is_the_same_when_read_back(text: str) -> None:
    message = tfod_schema().new_pipeline()
    literal = string_literal(text)
    text_format.Merge(f"train_input_reader {{ label_map_path: {literal} }}", message)
    assert message.train_input_reader.label_map_path == text
    assert "\n" not in literal


def test_what_utf8_cannot_hold() -> None:
    with pytest.raises(UsageError, match="not UTF-8"):
        string_literal("data\udcff")
