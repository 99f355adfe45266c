r"""Tokens of the protobuf text format, with their spans.

The law is google/protobuf/text_format.py (class Tokenizer), because TFOD reads its configs
with it. Two things there surprise people: a comment ends only at LF, not at a lone CR, and
any character that Python's `\s` matches is white space.
"""

from __future__ import annotations

import re

IDENTIFIER, NUMBER, STRING, COMMENT, SYMBOL = range(1, 6)

_QUOTED = r"{q}[^{q}\n\\]*(?:(?:\\[^\n])+[^{q}\n\\]*)*(?:{q}|\\?(?=\n|\Z))"
QUOTED_STRING = _QUOTED.format(q='"') + "|" + _QUOTED.format(q="'")

# One match per token; what follows it up to the next token is swallowed by the trailing \s*,
# so that matching never fails and never backtracks.
TOKEN = re.compile(
    r"(?:([a-zA-Z_][0-9a-zA-Z_+-]*)"
    r"|((?:[0-9+-]|\.[0-9])[0-9a-zA-Z_.+-]*)"
    r"|(" + QUOTED_STRING + ")"
    r"|(\#[^\n]*)"
    r"|(\S))\s*"
)
LEADING_SPACE = re.compile(r"\s*")


def is_closed_string(token: str) -> bool:
    """Whether a STRING token has its closing quote."""
    return len(token) > 1 and token[-1] == token[0]
