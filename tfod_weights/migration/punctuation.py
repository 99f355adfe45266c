"""Equals signs, commas and colons: one walk over the tokens, mending what the parser rejects.

The walk is an automaton like the parser's, but with a table of repairs for what must not
stand in each state. Where no repair fits it stops; the parser will say what is wrong there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterator, Optional

from tfod_weights.migration.history import Mend, replacement
from tfod_weights.textformat import Edit
from tfod_weights.textformat.tokens import (
    COMMENT,
    IDENTIFIER,
    LEADING_SPACE,
    NUMBER,
    STRING,
    SYMBOL,
    TOKEN,
)

# What may come next.
_NAME, _EXTENSION, _AFTER_NAME, _VALUE, _AFTER_VALUE, _ITEM, _AFTER_ITEM = range(7)
_CLOSERS = {"{": "}", "<": ">", "[": "]"}
_SCALARS = (IDENTIFIER, NUMBER, STRING)
_BOOLEANS = ("true", "false", "True", "False", "TRUE", "FALSE")


@dataclass(frozen=True)
class _Token:
    kind: int
    text: str
    start: int
    end: int


_NOTHING = _Token(SYMBOL, "", 0, 0)


def punctuation_mends(text: str) -> Iterator[Mend]:
    """Separators that protobuf does not read, up to the first fault that is none of them."""
    return _Walk(text).mends()


class _Walk:
    """`stack` holds the closing brackets that are due, `state` what may come next.

    Attributes:
        last: The token before the current one.
        is_wrapped: Whether there are braces around the whole text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.stack: list[str] = []
        self.state = _NAME
        self.last = _NOTHING
        self.is_wrapped = False

    def mends(self) -> Iterator[Mend]:
        for token in _tokens(self.text):
            while not self._accept(token):
                mend = self._repair(token)
                if mend is None:
                    return
                yield mend
                if self._is_gone(mend, token):
                    break
            else:
                self.last = token

    @staticmethod
    def _is_gone(mend: Mend, token: _Token) -> bool:
        """Whether the mend replaced the token, so that it is not to be looked at again."""
        return any(edit.start < token.end and token.start < edit.end for edit in mend.edits)

    def _accept(self, token: _Token) -> bool:
        """Go to the next state if the token may stand here."""
        following = _STEPS[self.state](self, token)
        if following is None:
            return False
        self.state = following
        return True

    def _repair(self, token: _Token) -> Optional[Mend]:
        for repair in REPAIRS[self.state]:
            mend = repair(self, token)
            if mend is not None:
                return mend
        return None

    # -- what may stand in each state: the state after it, or None ---------------------------

    def name(self, token: _Token) -> Optional[int]:
        if self.stack and token.text == self.stack[-1]:
            return self.close()
        if token.text == "[":
            return _EXTENSION
        is_word = token.kind == IDENTIFIER or (token.kind == NUMBER and token.text[0].isalnum())
        return _AFTER_NAME if is_word else None

    def extension(self, token: _Token) -> Optional[int]:
        if token.text == "]":
            return _AFTER_NAME
        return None if token.kind == STRING or token.text in "{}<>" else _EXTENSION

    def after_name(self, token: _Token) -> Optional[int]:
        return _VALUE if token.text == ":" else self.open(token)

    def value(self, token: _Token) -> Optional[int]:
        return _AFTER_VALUE if token.kind in _SCALARS else self.open(token)

    def after_value(self, token: _Token) -> Optional[int]:
        if token.text in (",", ";"):
            return _NAME
        if token.kind == STRING == self.last.kind:
            return _AFTER_VALUE
        return self.name(token)

    def item(self, token: _Token) -> Optional[int]:
        if token.text == "]" and self.last.text == "[":
            return self.close()
        return _AFTER_ITEM if token.kind in _SCALARS else self.open(token, "{<")

    def after_item(self, token: _Token) -> Optional[int]:
        if token.text == "]":
            return self.close()
        if token.kind == STRING == self.last.kind:
            return _AFTER_ITEM
        return _ITEM if token.text == "," else None

    def open(self, token: _Token, openers: str = "{<[") -> Optional[int]:
        if token.kind != SYMBOL or token.text not in openers:
            return None
        self.stack.append(_CLOSERS[token.text])
        return _ITEM if token.text == "[" else _NAME

    def close(self) -> int:
        self.stack.pop()
        return _AFTER_ITEM if self.stack and self.stack[-1] == "]" else _AFTER_VALUE


_STEPS: dict[int, Callable[[_Walk, _Token], Optional[int]]] = {
    _NAME: _Walk.name,
    _EXTENSION: _Walk.extension,
    _AFTER_NAME: _Walk.after_name,
    _VALUE: _Walk.value,
    _AFTER_VALUE: _Walk.after_value,
    _ITEM: _Walk.item,
    _AFTER_ITEM: _Walk.after_item,
}


def _tokens(text: str) -> Iterator[_Token]:
    first = LEADING_SPACE.match(text)
    assert first is not None
    for match in TOKEN.finditer(text, first.end()):
        kind = match.lastindex or SYMBOL
        if kind != COMMENT:
            yield _Token(kind, match.group(kind), *match.span(kind))


# -- the repairs ----------------------------------------------------------------------------


def _equals_sign(walk: _Walk, token: _Token) -> Optional[Mend]:
    """`name = value`, also with more of the signs."""
    if token.text != "=":
        return None
    walk.state = _VALUE
    between = walk.text[walk.last.end : token.start]
    start = walk.last.end if between.strip(" \t") == "" else token.start
    mend = replacement(walk.text, (start, token.end), ":", "a colon, not an equals sign")
    return Mend(token.start, mend.edits, "=", ":", mend.reason)


def _second_sign(walk: _Walk, token: _Token) -> Optional[Mend]:
    if token.text not in ("=", ":"):
        return None
    return replacement(walk.text, (token.start, token.end), "", "one colon is enough")


def _missing_colon(walk: _Walk, token: _Token) -> Optional[Mend]:
    if token.kind not in (NUMBER, STRING) and token.text not in _BOOLEANS:
        return None
    walk.state = _VALUE
    name = walk.last
    return _inserted(name.end, name.text, ":", "a colon before the value")


def _quoted_name(walk: _Walk, token: _Token) -> Optional[Mend]:
    name = token.text[1:-1]
    match = TOKEN.fullmatch(name)
    if token.kind != STRING or match is None or match.lastindex != IDENTIFIER:
        return None
    walk.state = _AFTER_NAME
    mend = replacement(walk.text, (token.start, token.end), name, "names have no quotes")
    walk.last = token
    return mend


def _outer_brace(walk: _Walk, token: _Token) -> Optional[Mend]:
    """Braces around everything, as in JSON."""
    opens = token.text == "{" and walk.last is _NOTHING and not walk.is_wrapped
    closes = token.text == "}" and not walk.stack and walk.is_wrapped
    if not opens and not closes:
        return None
    walk.is_wrapped = opens
    return replacement(walk.text, (token.start, token.end), "", "no braces around a config")


def _extra_separator(walk: _Walk, token: _Token) -> Optional[Mend]:
    if token.text not in (",", ";"):
        return None
    return replacement(walk.text, (token.start, token.end), "", f"an extra {token.text!r}")


def _trailing_comma(walk: _Walk, token: _Token) -> Optional[Mend]:
    if token.text != "]" or walk.last.text != ",":
        return None
    walk.state = _AFTER_ITEM
    comma = walk.last
    return replacement(walk.text, (comma.start, comma.end), "", "a list ends without a comma")


def _missing_comma(walk: _Walk, token: _Token) -> Optional[Mend]:
    if token.kind not in _SCALARS and token.text not in ("{", "<"):
        return None
    walk.state = _ITEM
    return _inserted(walk.last.end, walk.last.text, ",", "a comma between the items of a list")


def _inserted(at: int, behind: str, new: str, reason: str) -> Mend:
    return Mend(at, (Edit(at, at, new),), behind, behind + new, reason)


# state → what may be mended there
REPAIRS: dict[int, tuple[Callable[[_Walk, _Token], Optional[Mend]], ...]] = {
    _NAME: (_quoted_name, _extra_separator, _outer_brace),
    _EXTENSION: (),
    _AFTER_NAME: (_equals_sign, _missing_colon),
    _VALUE: (_second_sign,),
    _AFTER_VALUE: (_quoted_name, _outer_brace),
    _ITEM: (_extra_separator, _trailing_comma),
    _AFTER_ITEM: (_missing_comma,),
}
