"""Characters that come along when text is copied, and that protobuf does not read.

A non-breaking space is not among them: for protobuf it is white space like any other.
"""

from __future__ import annotations

import re
from typing import Iterator

from tfod_weights.migration.history import Mend, replacement
from tfod_weights.textformat.tokens import QUOTED_STRING

BYTE_ORDER_MARK = "\ufeff"

# Zero-width spaces and joiners, soft hyphens, marks of writing direction, byte order marks.
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069" + BYTE_ORDER_MARK

DOUBLE_QUOTES = "“”„‟«»″〝〞＂"
SINGLE_QUOTES = "‘’‚‛‹›′`´＇"
TYPOGRAPHIC_STRING = (
    rf"[{DOUBLE_QUOTES}][^\n{DOUBLE_QUOTES}\"]*[{DOUBLE_QUOTES}\"]"
    rf"|[{SINGLE_QUOTES}][^\n{SINGLE_QUOTES}']*[{SINGLE_QUOTES}']"
)

# full-width punctuation → the character that is meant
LOOKALIKES = {
    "：": ":", "，": ",", "；": ";", "＝": "=", "＃": "#",
    "｛": "{", "｝": "}", "［": "[", "］": "]", "＜": "<", "＞": ">",
}  # fmt: skip

_DASHES = "‐‑‒–—−"
_DASH = rf"(?:(?<=[\s:=,\[])|(?<=\d[eE]))[{_DASHES}](?=[\d.])"
_CHARACTER = re.compile(
    rf"(?P<protected>\#[^\n]*|(?<!\S)//[^\n]*|{QUOTED_STRING}|{TYPOGRAPHIC_STRING})"
    rf"|(?P<invisible>[{INVISIBLE}]+)|(?P<lookalike>[{''.join(LOOKALIKES)}])|(?P<dash>{_DASH})"
)
_SUSPECT = re.compile(f"[{INVISIBLE}{''.join(LOOKALIKES)}{_DASHES}]")


def character_mends(text: str) -> Iterator[Mend]:
    """Invisible and look-alike characters outside strings and comments."""
    if not _SUSPECT.search(text):
        return
    for match in _CHARACTER.finditer(text):
        found, span = match.group(), match.span()
        if match.lastgroup == "invisible":
            yield _removal(text, span)
        elif match.lastgroup == "lookalike":
            yield replacement(text, span, LOOKALIKES[found], "a full-width character")
        elif match.lastgroup == "dash":
            yield replacement(text, span, "-", "a typographic minus")


def _removal(text: str, span: tuple[int, int]) -> Mend:
    mend = replacement(text, span, "", "an invisible character")
    if text[slice(*span)] == BYTE_ORDER_MARK and span[0] == 0:
        return _shown(mend, "U+FEFF", "a byte order mark, which protobuf does not skip")
    return _shown(mend, " ".join(f"U+{ord(c):04X}" for c in text[slice(*span)]), mend.reason)


def _shown(mend: Mend, before: str, reason: str) -> Mend:
    return Mend(mend.at, mend.edits, before, "", reason)
