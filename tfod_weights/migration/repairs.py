"""What may be done about a token that must not stand where it does.

A repair returns the mend and sets the state that the walk goes on in: with the same token,
unless the mend has taken it out. It returns None where it is not meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, NamedTuple, Optional

from tfod_weights.migration.history import Mend, replacement, token_replacement
from tfod_weights.textformat import Edit
from tfod_weights.textformat.tokens import IDENTIFIER, NUMBER, STRING, SYMBOL, TOKEN

if TYPE_CHECKING:
    from tfod_weights.migration.punctuation import Walk

# What may come next.
NAME, EXTENSION, AFTER_NAME, VALUE, AFTER_VALUE, ITEM, AFTER_ITEM = range(7)

SCALARS = (IDENTIFIER, NUMBER, STRING)
_BOOLEANS = ("true", "false", "True", "False", "TRUE", "FALSE")
_BRACKETS = "lists stand in brackets"


class Token(NamedTuple):
    """A token of the text format; `kind` is as in textformat.tokens."""

    kind: int
    text: str
    start: int
    end: int


NOTHING = Token(SYMBOL, "", 0, 0)


def _equals_sign(walk: Walk, token: Token) -> Optional[Mend]:
    """`name = value`, also with more of the signs."""
    if token.text != "=":
        return None
    walk.state = VALUE
    between = walk.text[walk.last.end : token.start]
    start = walk.last.end if between.strip(" \t") == "" else token.start
    mend = replacement(walk.text, (start, token.end), ":", "a colon, not an equals sign")
    return Mend(token.start, mend.edits, "=", ":", mend.reason)


def _second_sign(walk: Walk, token: Token) -> Optional[Mend]:
    if token.text not in ("=", ":"):
        return None
    return replacement(walk.text, (token.start, token.end), "", "one colon is enough")


def _missing_colon(walk: Walk, token: Token) -> Optional[Mend]:
    if token.kind not in (NUMBER, STRING) and token.text not in _BOOLEANS:
        return None
    walk.state = VALUE
    name = walk.last
    return _inserted(name.end, name.text, ":", "a colon before the value")


def _quoted_name(walk: Walk, token: Token) -> Optional[Mend]:
    name = token.text[1:-1]
    match = TOKEN.fullmatch(name)
    if token.kind != STRING or match is None or match.lastindex != IDENTIFIER:
        return None
    walk.state = AFTER_NAME
    mend = token_replacement(walk.text, (token.start, token.end), name, "names have no quotes")
    walk.last = token
    return mend


def _joined_name(walk: Walk, token: Token) -> Optional[Mend]:
    """A quoted name behind a string, which it seemed to go on."""
    if token.text not in (":", "=", "{") or not walk.is_joined:
        return None
    return _quoted_name(walk, walk.last)


def _outer_brace(walk: Walk, token: Token) -> Optional[Mend]:
    """Braces around everything, as in JSON."""
    opens = token.text == "{" and walk.last is NOTHING and not walk.is_wrapped
    closes = token.text == "}" and not walk.stack and walk.is_wrapped
    if not opens and not closes:
        return None
    walk.is_wrapped = opens
    return replacement(walk.text, (token.start, token.end), "", "no braces around a config")


def _extra_separator(walk: Walk, token: Token) -> Optional[Mend]:
    if token.text not in (",", ";"):
        return None
    return replacement(walk.text, (token.start, token.end), "", f"an extra {token.text!r}")


def _trailing_comma(walk: Walk, token: Token) -> Optional[Mend]:
    if token.text != "]" or walk.last.text != ",":
        return None
    walk.state = AFTER_ITEM
    comma = Edit(walk.last.start, walk.last.end, "")
    return Mend(comma.start, (comma,), ",]", "]", "a list ends without a comma")


def _opening_parenthesis(walk: Walk, token: Token) -> Optional[Mend]:
    """`(1.0, 5.0)`, as Python writes it."""
    if token.text != "(":
        return None
    walk.state, walk.last = ITEM, Token(SYMBOL, "[", token.start, token.end)
    walk.stack.append("]")
    return replacement(walk.text, (token.start, token.end), "[", _BRACKETS)


def _closing_parenthesis(walk: Walk, token: Token) -> Optional[Mend]:
    if token.text != ")":
        return None
    bracket = Edit(token.start, token.end, "]")
    edits = (bracket,) if walk.last.text != "," else (Edit(*walk.last[2:], ""), bracket)
    walk.state = walk.after_closing()
    return Mend(token.start, edits, ")", "]", _BRACKETS)


def _missing_comma(walk: Walk, token: Token) -> Optional[Mend]:
    if token.kind not in SCALARS and token.text not in ("{", "<"):
        return None
    walk.state = ITEM
    return _inserted(walk.last.end, walk.last.text, ",", "a comma between the items of a list")


def _inserted(at: int, behind: str, new: str, reason: str) -> Mend:
    return Mend(at, (Edit(at, at, new),), behind, behind + new, reason)


# state → what may be mended there
REPAIRS: dict[int, tuple[Callable[[Walk, Token], Optional[Mend]], ...]] = {
    NAME: (_quoted_name, _extra_separator, _outer_brace),
    EXTENSION: (),
    AFTER_NAME: (_equals_sign, _missing_colon),
    VALUE: (_second_sign, _opening_parenthesis),
    AFTER_VALUE: (_joined_name, _quoted_name, _outer_brace),
    ITEM: (_extra_separator, _trailing_comma, _closing_parenthesis),
    AFTER_ITEM: (_missing_comma, _closing_parenthesis),
}
