"""Comments, quotes and paths that are not written as protobuf wants them.

One scan over the text. It has to know where a value without quotes may stand, because
`gs://bucket/*.record` holds what looks like two comments.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Callable, Iterator, Optional

from tfod_weights.migration.characters import DOUBLE_QUOTES, SINGLE_QUOTES, TYPOGRAPHIC_STRING
from tfod_weights.migration.history import LIKELY, Mend, replacement
from tfod_weights.pipeline.layout import LINE_END, line_end, newline_of
from tfod_weights.textformat import Edit
from tfod_weights.textformat.tokens import IDENTIFIER, LEADING_SPACE, NUMBER, QUOTED_STRING, TOKEN

if TYPE_CHECKING:
    from tfod_weights.migration.names import FieldNames

_TOKEN = re.compile(
    r"(?P<hash>\#[^\n]*)"
    r"|(?P<slashes>//[^\r\n]*)"
    r"|(?P<block>/\*(?s:.*?)\*/)"
    rf"|(?P<half>\"(?=[^\n\"]*(?:\n|\Z))[^\n{DOUBLE_QUOTES}]*[{DOUBLE_QUOTES}]"
    rf"|'(?=[^\n']*(?:\n|\Z))[^\n{SINGLE_QUOTES}]*[{SINGLE_QUOTES}])"
    rf"|(?P<string>{QUOTED_STRING})"
    rf"|(?P<typographic>{TYPOGRAPHIC_STRING})"
    r"|(?P<url>[A-Za-z][\w+.-]*://[^\s,;]*)"
    r"|(?P<word>[A-Za-z_][\w+-]*)"
    r"|(?P<symbol>\S)"
)
_COLON = re.compile(r"\s*:?=?(?<=[:=])")

# What a path may hold; brackets only in pairs, as in train-[0-9].record.
_CHUNK = rf"(?:\$\{{\w+\}}|\[[^\s\[\],]*\]|[^\s,;{{}}\[\]<>#\"'{DOUBLE_QUOTES}{SINGLE_QUOTES}])+"
_BARE = re.compile(rf"(?!//|/\*|\[){_CHUNK}(?<![:=])")
# The rest of a path with spaces: it must go on to the end of the line or of the block.
_FURTHER = re.compile(
    r"(?:[ \t]+(?!//|/\*)[^\s,;{}\[\]<>#\"':=]+)+(?=[ \t]*(?:[\r\n,;}\]#]|\Z|//|/\*))"
)
_IS_PATH = re.compile(r".*[/\\]")

_NOWHERE, _VALUE, _ITEMS = range(3)


def lexical_mends(text: str, names: FieldNames) -> Iterator[Mend]:
    """Comments with slashes, typographic quotes, and strings without quotes.

    Args:
        text: Any text.
        names: Which fields take strings.
    """
    return _Scanner(text, names).mends()


class _Scanner:
    """Goes from token to token.

    Attributes:
        expects: Whether a string would be right here: nowhere, as a value, as an item.
        any_word: Whether it is known that only a string would be right.
        item_end: Where the last item of a list ends, while no comma follows it.
    """

    def __init__(self, text: str, names: FieldNames) -> None:
        self.text = text
        self.names = names
        self.expects = _NOWHERE
        self.any_word = False
        self.item_end: Optional[int] = None

    def mends(self) -> Iterator[Mend]:
        position, size = _after_space(self.text, 0), len(self.text)
        while position < size:
            mend = self._bare(position) if self.expects else None
            if mend is not None:
                position = mend.edits[-1].end
                self._value_ends(position)
            else:
                match = _TOKEN.match(self.text, position)
                assert match is not None
                rule = RULES.get(match.lastgroup or "")
                mend = rule(self.text, match) if rule else None
                position = self._step(match)
            if mend is not None:
                yield mend
            position = _after_space(self.text, position)

    def _bare(self, position: int) -> Optional[Mend]:
        """A value without quotes that the parser could not read."""
        match = _BARE.match(self.text, position)
        if match is None or self._goes_on(position):
            return None
        is_path = _IS_PATH.match(match.group()) is not None
        token = TOKEN.fullmatch(match.group())
        if (token and token.lastindex in (IDENTIFIER, NUMBER)) or not (is_path or self.any_word):
            return None  # what the parser can read is for the rules that know the schema
        may_go_on = is_path and self.expects == _VALUE
        further = _FURTHER.match(self.text, match.end()) if may_go_on else None
        span = (position, (further or match).end())
        new = quoted(self.text[slice(*span)])
        if further is not None:
            return replacement(self.text, span, new, "a path with spaces, no quotes", LIKELY)
        mend = replacement(self.text, span, new, "a string without quotes")
        if self.item_end is None:
            return mend
        comma = Edit(self.item_end, self.item_end, ",")  # else two strings would become one
        return replace(mend, edits=(comma, *mend.edits))

    def _goes_on(self, position: int) -> bool:
        """Whether an item stands on this line already, so that this may belong to it."""
        return self.item_end is not None and not LINE_END.search(self.text, self.item_end, position)

    def _step(self, match: re.Match[str]) -> int:
        """Note what the token means for the next one; where that one may start."""
        kind, token = match.lastgroup, match.group()
        if kind == "word" and self.expects == _NOWHERE:
            colon = _COLON.match(self.text, match.end())
            if colon and self.names.may_be_string(token):
                self.expects, self.any_word = _VALUE, self.names.is_string(token)
                return colon.end()
        elif token == "[" and self.expects == _VALUE:
            self.expects = _ITEMS
        elif token == "," and self.expects == _ITEMS:
            self.item_end = None
        elif token == "]" or token in "{}<>":
            self.expects, self.item_end = _NOWHERE, None
        elif kind not in ("hash", "slashes", "block"):
            self._value_ends(match.end())
        return match.end()

    def _value_ends(self, end: int) -> None:
        if self.expects == _VALUE:
            self.expects = _NOWHERE
        elif self.expects == _ITEMS:
            self.item_end = end


def _after_space(text: str, position: int) -> int:
    match = LEADING_SPACE.match(text, position)
    assert match is not None
    return match.end()


def quoted(content: str) -> str:
    r"""A string as text format writes it.

    >>> print(quoted(r"C:\data\train.record"))
    "C:\\data\\train.record"
    """
    escaped = content.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# -- the rules ------------------------------------------------------------------------------

_BLANKS = re.compile(r"[^\S\r\n]*")
_FAR = 1_000  # how far around it a comment looks for line ends and indentation

_COMMENT = "comments start with #"
_QUOTES = "typographic quotes"


def _slashes(text: str, match: re.Match[str]) -> Mend:
    body = match.group().lstrip("/")
    return replacement(text, match.span(), f"#{body}{_lone_cr_end(text, match.end())}", _COMMENT)


def _block(text: str, match: re.Match[str]) -> Mend:
    """`/* … */`: every line of it becomes a comment, code behind it gets a new line."""
    first, *further = LINE_END.split(match.group()[2:-2])
    ends = [line_end("#", end) for end in LINE_END.findall(match.group())]
    lines = [f"#{first}", *map(_comment_line, further)]
    lines[-1] = lines[-1].rstrip(" \t")
    new = "".join(line + end for line, end in zip(lines, [*ends, ""]))
    return replacement(text, match.span(), new + _separation(text, *match.span()), _COMMENT)


def _comment_line(line: str) -> str:
    """A further line of a block comment; the star that many start with becomes the #."""
    indent, rest = re.fullmatch(r"(\s*)(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
    if not rest:
        return f"{indent}#" if indent else ""
    return f"{indent}#{rest[1:]}" if rest.startswith("*") else f"{indent}# {rest}"


def _separation(text: str, start: int, end: int) -> str:
    """What must follow a comment on lines of its own, so that it does not swallow code."""
    behind = _BLANKS.match(text, end)
    assert behind is not None
    if behind.end() == len(text) or text[behind.end()] in "\r\n":
        return _lone_cr_end(text, behind.end())
    nearby = max(start - _FAR, 0)
    newline = newline_of(text[nearby : end + _FAR])
    line_start = max(text.rfind("\n", nearby, start), text.rfind("\r", nearby, start)) + 1
    indent = _BLANKS.match(text, line_start)
    assert indent is not None
    return line_end("#", newline) + indent.group()


def _lone_cr_end(text: str, end: int) -> str:
    """An LF where a comment would otherwise end at a lone CR, which does not end it."""
    following = LINE_END.match(text, end)
    return "\n" if following and following.group() == "\r" else ""


def _typographic(text: str, match: re.Match[str]) -> Mend:
    quote = '"' if match.group()[0] in DOUBLE_QUOTES else "'"
    return replacement(text, match.span(), quote + match.group()[1:-1] + quote, _QUOTES)


def _half(text: str, match: re.Match[str]) -> Mend:
    """A straight quote that is closed by a typographic one."""
    return replacement(text, match.span(), match.group()[:-1] + match.group()[0], _QUOTES)


# kind of token → what is done about it; other kinds are fine
RULES: dict[str, Callable[[str, re.Match[str]], Mend]] = {
    "slashes": _slashes,
    "block": _block,
    "typographic": _typographic,
    "half": _half,
}
