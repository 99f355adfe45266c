"""The comment above inserted weights: where they come from, so that `check` can recompute.

    # tfod-weights: scheme=sqrt normalize=objects source=train_input_reader

`added=NAME` says that the block NAME below was inserted as well, so that `strip` can tell it
from one that was there. Blocks added without weights have markers of their own: see additions.
"""

from __future__ import annotations

import json
import re
from typing import Mapping, Optional

from tfod_weights.textformat import Document, Field

PREFIX = "# tfod-weights:"

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


def marker_above(document: Document, field: Field) -> Optional[dict[str, str]]:
    """The provenance in the last marker of weights before a field; None without one."""
    above = (c for c in reversed(document.comments) if c.end <= field.start)
    markers = (parse_marker(document.source(comment)) for comment in above)
    return next((found for found in markers if found and "scheme" in found), None)


def _quoted(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value)


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value
