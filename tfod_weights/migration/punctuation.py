"""Equals signs, commas and colons: one walk over the tokens, mending what the parser rejects.

The walk is an automaton like the parser's; repairs.py has what may be done about a token that
must not stand where it does. Where no repair fits the walk stops: the parser will say what is
wrong there.
"""

from __future__ import annotations

from typing import Callable, Iterator, Optional

from tfod_weights.migration.history import Mend
from tfod_weights.migration.repairs import (
    AFTER_ITEM,
    AFTER_NAME,
    AFTER_VALUE,
    EXTENSION,
    ITEM,
    NAME,
    NOTHING,
    REPAIRS,
    SCALARS,
    VALUE,
    Token,
)
from tfod_weights.textformat.tokens import (
    COMMENT,
    IDENTIFIER,
    LEADING_SPACE,
    NUMBER,
    STRING,
    SYMBOL,
    TOKEN,
)

_CLOSERS = {"{": "}", "<": ">", "[": "]"}


def punctuation_mends(text: str) -> Iterator[Mend]:
    """Separators that protobuf does not read, up to the first fault that is none of them."""
    return Walk(text).mends()


class Walk:
    """Where the walk is, for the repairs to see and to change.

    Attributes:
        text: The whole text.
        stack: The closing brackets that are due.
        state: What may come next.
        last: The token before the current one.
        is_joined: Whether that is a string that goes on the one before it.
        is_wrapped: Whether there are braces around the whole text.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.stack: list[str] = []
        self.state = NAME
        self.last = NOTHING
        self.is_joined = False
        self.is_wrapped = False

    def mends(self) -> Iterator[Mend]:
        """The repairs, one after the other, up to the first token that none of them fits."""
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
    def _is_gone(mend: Mend, token: Token) -> bool:
        """Whether the mend replaced the token, so that it is not to be looked at again."""
        return any(edit.start < token.end and token.start < edit.end for edit in mend.edits)

    def _accept(self, token: Token) -> bool:
        """Go to the next state if the token may stand here."""
        following = _STEPS[self.state](self, token)
        if following is None:
            return False
        self.is_joined = token.kind == STRING == self.last.kind
        self.state = following
        return True

    def _repair(self, token: Token) -> Optional[Mend]:
        for repair in REPAIRS[self.state]:
            mend = repair(self, token)
            if mend is not None:
                return mend
        return None

    # -- what may stand in each state: the state after it, or None ---------------------------

    def _name(self, token: Token) -> Optional[int]:
        if self.stack and token.text == self.stack[-1]:
            return self.after_closing()
        if token.text == "[":
            return EXTENSION
        is_word = token.kind == IDENTIFIER or (token.kind == NUMBER and token.text[0].isalnum())
        return AFTER_NAME if is_word else None

    def _extension(self, token: Token) -> Optional[int]:
        if token.text == "]":
            return AFTER_NAME
        return None if token.kind == STRING or token.text in "{}<>" else EXTENSION

    def _after_name(self, token: Token) -> Optional[int]:
        return VALUE if token.text == ":" else self._open(token)

    def _value(self, token: Token) -> Optional[int]:
        return AFTER_VALUE if token.kind in SCALARS else self._open(token)

    def _after_value(self, token: Token) -> Optional[int]:
        if token.text in (",", ";"):
            return NAME
        if token.kind == STRING == self.last.kind:
            return AFTER_VALUE
        return self._name(token)

    def _item(self, token: Token) -> Optional[int]:
        if token.text == "]" and self.last.text == "[":
            return self.after_closing()
        return AFTER_ITEM if token.kind in SCALARS else self._open(token, "{<")

    def _after_item(self, token: Token) -> Optional[int]:
        if token.text == "]":
            return self.after_closing()
        if token.kind == STRING == self.last.kind:
            return AFTER_ITEM
        return ITEM if token.text == "," else None

    def _open(self, token: Token, openers: str = "{<[") -> Optional[int]:
        if token.kind != SYMBOL or token.text not in openers:
            return None
        self.stack.append(_CLOSERS[token.text])
        return ITEM if token.text == "[" else NAME

    def after_closing(self) -> int:
        """Leave the innermost block or list; the state after it."""
        self.stack.pop()
        return AFTER_ITEM if self.stack and self.stack[-1] == "]" else AFTER_VALUE


_STEPS: dict[int, Callable[[Walk, Token], Optional[int]]] = {
    NAME: Walk._name,
    EXTENSION: Walk._extension,
    AFTER_NAME: Walk._after_name,
    VALUE: Walk._value,
    AFTER_VALUE: Walk._after_value,
    ITEM: Walk._item,
    AFTER_ITEM: Walk._after_item,
}


def _tokens(text: str) -> Iterator[Token]:
    first = LEADING_SPACE.match(text)
    assert first is not None
    for match in TOKEN.finditer(text, first.end()):
        kind = match.lastindex or SYMBOL
        if kind != COMMENT:
            yield Token(kind, match.group(kind), *match.span(kind))
