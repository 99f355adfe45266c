"""Text → Document. Iterative, so that nesting depth costs memory but never the stack."""

from __future__ import annotations

from typing import Optional, Union

from tfod_weights.errors import TextFormatError
from tfod_weights.textformat.tokens import (
    COMMENT,
    IDENTIFIER,
    LEADING_SPACE,
    NUMBER,
    STRING,
    SYMBOL,
    TOKEN,
    is_closed_string,
)
from tfod_weights.textformat.tree import Block, Document, Field, ListValue, Scalar, Span

_CLOSER = {"{": "}", "<": ">", "[": "]"}
_END = 0

_HINTS = {
    "/": "comments start with # in this format; // and /* */ are not comments, and a path "
    "needs quotes",
    "\ufeff": "the file starts with a byte order mark (BOM); save it as UTF-8 without BOM",
    "“": 'replace the typographic quotes by plain ones: "',
    "”": 'replace the typographic quotes by plain ones: "',
    "‘": "replace the typographic quotes by plain ones: '",
    "’": "replace the typographic quotes by plain ones: '",
    ".": "three dots stand for what was left out: write it here, or remove them",
    "…": "three dots stand for what was left out: write it here, or remove them",
    "=": "fields are written `name: value`, without =",
}


def parse(text: str, path: str = "<text>") -> Document:
    """Parse protobuf text format without a schema.

    Args:
        text: The whole file, line ends as they are.
        path: The name to show in messages.

    Raises:
        TextFormatError: with line and column, where the text is not text format.
    """
    return _Parser(text, path).parse()


class _Open:
    """A message or list that waits for its closing bracket, and the field it is the value of."""

    __slots__ = ("closer", "field", "node", "wants_item")

    def __init__(self, node: Union[Block, ListValue], opener: str, field: Optional[Field]) -> None:
        self.node = node
        self.closer = _CLOSER[opener]
        self.field = field
        self.wants_item = True


class _Parser:
    """A pushdown automaton: `stack` holds what is open, each step consumes at least a token."""

    def __init__(self, text: str, path: str) -> None:
        self.document = Document(text, path)
        first = LEADING_SPACE.match(text).end()  # type: ignore[union-attr]
        self.matches = TOKEN.finditer(text, first)
        self.stack: list[_Open] = []
        self.fields = self.document.fields
        self.advance()

    def advance(self) -> None:
        """Go to the next token, collecting comments on the way."""
        for match in self.matches:
            kind = match.lastindex or SYMBOL
            if kind == COMMENT:
                self.document.comments.append(Span(*match.span(COMMENT)))
                continue
            self.kind = kind
            self.token = match.group(kind)
            self.start, self.end = match.span(kind)
            return
        self.kind, self.token = _END, ""
        self.start = self.end = len(self.document.text)

    def parse(self) -> Document:
        while self.stack or self.kind != _END:
            if self.stack and isinstance(self.stack[-1].node, ListValue):
                self.list_step(self.stack[-1], self.stack[-1].node)
            else:
                self.message_step()
        return self.document

    # -- inside a message ---------------------------------------------------------------

    def message_step(self) -> None:
        """Consume one field, or the bracket that closes the message."""
        if self.stack and self.token == self.stack[-1].closer:
            self.close()
            return
        start, name = self.start, self.field_name()
        has_colon = self.token == ":"
        if has_colon:
            self.advance()
        if self.token in ("{", "<", "["):
            self.open(Field(name, start, has_colon, self.opened_node()))
        elif has_colon:
            self.end_field(Field(name, start, True, self.scalar()))
        else:
            raise self.error(f'expected ":" or "{{" after {name}')

    def field_name(self) -> str:
        if self.token == "[":
            return self.extension_name()
        if self.kind not in (IDENTIFIER, NUMBER, SYMBOL) or not _starts_a_word(self.token):
            raise self.error(self.expected_field())
        name = self.token
        self.advance()
        return name

    def extension_name(self) -> str:
        """`[package.name]` or an Any type URL, white space and comments left out."""
        opening, parts = self.start, []
        while self.token != "]":
            if self.kind in (_END, STRING) or self.token in ("{", "}", "<", ">"):
                raise self.document.error('this "[" is never closed by "]"', opening)
            parts.append(self.token)
            self.advance()
        self.advance()
        return "".join([*parts, "]"])

    def end_field(self, field: Field) -> None:
        field.end = field.value.end
        if self.token in (",", ";"):
            field.end = self.end
            self.advance()
        self.fields.append(field)

    # -- inside a list ------------------------------------------------------------------

    def list_step(self, open_list: _Open, node: ListValue) -> None:
        """Consume one item, or the comma or bracket after it."""
        if self.token == "]" and (not open_list.wants_item or not node.items):
            self.close()
        elif not open_list.wants_item:
            if self.token != ",":
                raise self.error('expected "," or "]" in the list')
            self.advance()
            open_list.wants_item = True
        elif self.token in ("{", "<"):
            self.open(None)
        else:
            node.items.append(self.scalar())
            open_list.wants_item = False

    def scalar(self) -> Scalar:
        if self.kind not in (IDENTIFIER, NUMBER, STRING):
            raise self.error(self.expected_value())
        scalar = Scalar(self.kind, self.start, self.end)
        if self.kind != STRING:
            self.advance()
        while scalar.kind == STRING == self.kind:
            if not is_closed_string(self.token):
                raise self.error("this string has no closing quote on its line")
            scalar.end = self.end
            self.advance()
        return scalar

    # -- brackets -----------------------------------------------------------------------

    def opened_node(self) -> Union[Block, ListValue]:
        return ListValue(self.start) if self.token == "[" else Block(self.start)

    def open(self, field: Optional[Field]) -> None:
        node = field.value if field else Block(self.start)
        assert not isinstance(node, Scalar)
        self.stack.append(_Open(node, self.token, field))
        if isinstance(node, Block):
            self.fields = node.fields
        self.advance()

    def close(self) -> None:
        closed = self.stack.pop()
        closed.node.end = self.end
        self.advance()
        parent = self.stack[-1] if self.stack else None
        if closed.field is None:
            assert parent and isinstance(parent.node, ListValue)
            assert isinstance(closed.node, Block)
            parent.node.items.append(closed.node)
            parent.wants_item = False
            return
        self.fields = parent.node.fields if parent else self.document.fields  # type: ignore[union-attr]
        self.end_field(closed.field)

    # -- errors -------------------------------------------------------------------------

    def expected_field(self) -> str:
        if not self.stack:
            return f"expected a field name, found {self.found()}"
        opener = self.document.place(self.stack[-1].node.start)
        return (
            f'expected a field name or the "{self.stack[-1].closer}" that closes line '
            f"{opener.line}, found {self.found()}"
        )

    def expected_value(self) -> str:
        if self.token == "]" and self.stack:
            return "a list must not end with a comma"
        return f"expected a value, found {self.found()}"

    def found(self) -> str:
        return repr(self.token) if self.token else "the end of the file"

    def error(self, problem: str) -> TextFormatError:
        following = self.token or "end"
        return self.document.error(problem, self.start, _HINTS.get(following[0]))


def _starts_a_word(token: str) -> bool:
    return token[0].isalnum() or token[0] == "_"
