"""The comment above inserted weights: where they come from, so that `check` can recompute.

    # tfod-weights: scheme=sqrt normalize=objects source=train_input_reader

`added=NAME` says that the block NAME below was inserted as well, so that `strip` can tell it
from one that was there. Blocks added without weights have markers of their own: see additions.

A marker speaks for the weights in the block that it calls added; without one, for those on the
first line below it that holds more than a comment. Of several above one line, the last is of the
sampling.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Collection, Mapping, Optional, Sequence

from tfod_weights.pipeline.inputs import CLASS_SAMPLING
from tfod_weights.pipeline.layout import comment_removal
from tfod_weights.textformat import Document, Field, Span
from tfod_weights.textformat.tokens import LEADING_SPACE

PREFIX = "# tfod-weights:"
REPEAT_FACTOR = "repeat-factor"  # the scheme of a sampling that has no weights

_VALUE = r'[^\s"]+|"(?:[^"\\]|\\.)*"'
_PAIR = re.compile(rf"\s+([a-z_]+)=({_VALUE})")
_MARKER = re.compile(rf"{PREFIX}((?:\s+[a-z_]+=(?:{_VALUE}))+)\s*")
_PLAIN = re.compile(r'[^\s"]+')


def marker(provenance: Mapping[str, str]) -> str:
    """The comment for a provenance; inverse of `parse_marker`.

    >>> marker({"scheme": "sqrt", "source": "my train.record"})
    '# tfod-weights: scheme=sqrt source="my train.record"'
    """
    pairs = (f"{key}={_quoted(value)}" for key, value in provenance.items())
    return " ".join([PREFIX, *pairs])


def parse_marker(comment: str) -> Optional[dict[str, str]]:
    """The provenance in a comment; None if it is no marker.

    >>> parse_marker("# tfod-weights: scheme=sqrt normalize=objects")
    {'scheme': 'sqrt', 'normalize': 'objects'}
    >>> parse_marker("# tfod-weights are nice")
    """
    match = _MARKER.fullmatch(comment)
    if match is None:
        return None
    return {key: _unquoted(value) for key, value in _PAIR.findall(match.group(1))}


@dataclass(frozen=True, eq=False)
class WeightsMarker:
    """A marker of weights that stands alone on its line.

    Attributes:
        removal: What to delete so that it goes as it came.
        provenance: What it says.
        line: The first line below it that holds more than a comment, without its LF. Lines end
            at LF only, as protobuf counts them.
        block: The block below it that it calls added; None if there is none.
    """

    removal: Span
    provenance: Mapping[str, str]
    line: Span
    block: Optional[Field]

    def may_speak_for(self, field: Field) -> bool:
        """Whether it may have come with a field of weights."""
        if self.block is not None:
            return self.block.start <= field.start and field.end <= self.block.end
        is_sampling = field.name == CLASS_SAMPLING or self.provenance["scheme"] != REPEAT_FACTOR
        return is_sampling and self.line.start <= field.start <= self.line.end


def weights_markers(document: Document) -> list[WeightsMarker]:
    """Every marker of weights, in file order."""
    if PREFIX not in document.text:
        return []
    found, blocks = list[WeightsMarker](), set[Field]()
    for comment, line in _with_lines(document):
        provenance = parse_marker(document.source(comment))
        removal = comment_removal(document.text, comment)
        if provenance and "scheme" in provenance and removal:
            block = _added_block(document, comment, provenance.get("added"), blocks)
            blocks |= {block} if block else set()
            found.append(WeightsMarker(removal, provenance, line, block))
    return found


def _with_lines(document: Document) -> list[tuple[Span, Span]]:
    """Every comment, with the first line below it that holds more than a comment."""
    found, line, next_comment = list[tuple[Span, Span]](), Span(0, 0), -1
    for comment in reversed(document.comments):
        start = LEADING_SPACE.match(document.text, comment.end).end()  # type: ignore[union-attr]
        if start != next_comment:
            end = document.text.find("\n", start)
            line = Span(start, end if end >= 0 else len(document.text))
        next_comment = comment.start
        found.append((comment, line))
    return found[::-1]


def _added_block(
    document: Document, comment: Span, name: Optional[str], taken: Collection[Field]
) -> Optional[Field]:
    """The first block of a name below a comment, users' own that hold no weights left out."""
    if not name:
        return None
    later = (f for f in document.walk() if f.start >= comment.end and f.name == name)
    free = (field for field in later if field not in taken)
    return next((field for field in free if "class_weights" in document.source(field)), None)


def marker_of(field: Field, markers: Sequence[WeightsMarker]) -> Optional[WeightsMarker]:
    """The one of a document's markers that speaks for a field of weights."""
    found = [one for one in markers if one.may_speak_for(field)]
    found = [one for one in found if one.block] or found
    if not found:
        return None
    return found[-1 if field.name == CLASS_SAMPLING else 0]


def marker_above(document: Document, field: Field) -> Optional[Mapping[str, str]]:
    """The provenance in the marker that speaks for a field of weights; None without one."""
    found = marker_of(field, weights_markers(document))
    return found.provenance if found else None


def _quoted(value: str) -> str:
    return value if _PLAIN.fullmatch(value) and _is_utf8(value) else json.dumps(value)


def _is_utf8(value: str) -> bool:
    """Whether UTF-8 can hold a text: no file name with bytes that are none."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value
