"""Made-up messages for property tests: every way in which the wire format may spell them."""

from __future__ import annotations

import random
import struct
from typing import Any, Sequence

from hypothesis import strategies as st

from tests.counting.records import BOX, CLASS, varint

NAN = float("nan")
TEXTS = [b"cat", b"Kitty", b"dog", b"motorcycle", b"", b"x" * 130, b"a\nb", b"\xff", b"unknown"]
LABELS = [1, 2, 3, 0, 4, 127, 128, 300, 2**40, -1, -(2**63)]
LOW_SIDES = [*[0.25] * 15, -0.5, NAN]
HIGH_SIDES = [*[0.75] * 15, 0.0, 75.0, NAN]
KIND_NUMBERS = {bytes: 1, float: 2, int: 3}


def _row(elements: Sequence[Any], size: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(elements), min_size=size, max_size=size)


@st.composite
def annotations(draw: st.DrawFn, *, wrong_sizes: bool = True) -> dict[str, list[Any]]:
    """Box features of an image. Now and then a list has another size than the others."""
    boxes = draw(st.integers(0, 6))

    def row(elements: Sequence[Any]) -> list[Any]:
        size = draw(st.integers(0, 8)) if wrong_sizes and draw(st.integers(0, 59)) == 7 else boxes
        return draw(_row(elements, size))

    found = {BOX + side: row(LOW_SIDES) for side in ("ymin", "xmin")}
    found.update({BOX + side: row(HIGH_SIDES) for side in ("ymax", "xmax")})
    if draw(st.booleans()):
        found[CLASS + "text"] = row(TEXTS)
    if CLASS + "text" not in found or draw(st.booleans()):
        found[CLASS + "label"] = row(LABELS)
    for name in ("is_crowd", "difficult", "group_of"):
        if draw(st.integers(0, 3)) == 0:
            found["image/object/" + name] = row([0, 0, 0, 1, 2, 300])
    if draw(st.integers(0, 3)) == 0:
        found["image/object/weight"] = row([1.0, 1.0, 1.0, 0.5, NAN])
    return found


class Spelling:
    """Spells messages in one of the many ways that mean the same.

    Args:
        rng: Decides.
        odd: The probability of every single oddity.
    """

    def __init__(self, rng: random.Random, odd: float) -> None:
        self.rng = rng
        self.odd = odd

    def is_odd(self) -> bool:
        return self.rng.random() < self.odd

    def varint(self, number: int, longest: int = 5) -> bytes:
        """A varint, perhaps longer than need be."""
        short = varint(number)
        if not self.is_odd() or len(short) >= longest:
            return short
        padding = self.rng.randint(1, longest - len(short))
        return short[:-1] + bytes([short[-1] | 128]) + b"\x80" * (padding - 1) + b"\0"

    def tag(self, number: int, wire_type: int) -> bytes:
        return self.varint(number << 3 | wire_type)

    def delimited(self, number: int, content: bytes) -> bytes:
        return self.tag(number, 2) + self.varint(len(content)) + content

    def unknown(self, depth: int = 0) -> bytes:
        """A field that no message here has."""
        number, kind = self.rng.randint(20, 3000), self.rng.randint(0, 4 if depth < 3 else 3)
        if kind == 0:
            return self.tag(number, 0) + self.varint(self.rng.getrandbits(64), 10)
        if kind == 1:
            return self.tag(number, 1) + self.rng.randbytes(8)
        if kind == 2:
            return self.delimited(number, self.rng.randbytes(self.rng.randint(0, 200)))
        if kind == 3:
            return self.tag(number, 5) + self.rng.randbytes(4)
        content = b"".join(self.unknown(depth + 1) for _ in range(self.rng.randint(0, 2)))
        return self.tag(number, 3) + content + self.tag(number, 4)

    def message(self, *fields: bytes) -> bytes:
        """The fields in order, unknown ones in between."""
        parts: list[bytes] = []
        for field in (*fields, b""):
            parts += [self.unknown() for _ in range(2) if self.is_odd()]
            parts.append(field)
        return b"".join(parts)

    def feature(self, values: Sequence[Any], kind: type) -> bytes:
        """A Feature: one list or several that merge, perhaps behind a list of another kind."""
        number = KIND_NUMBERS[kind]
        parts = [self.delimited(number, self.values(values, kind))]
        if self.is_odd():
            cut = self.rng.randint(0, len(values))
            parts = [
                self.delimited(number, self.values(v, kind)) for v in (values[:cut], values[cut:])
            ]
        if self.is_odd():
            other = self.rng.choice([k for k in KIND_NUMBERS if k is not kind])
            parts.insert(0, self.delimited(KIND_NUMBERS[other], self.values([other(1)], other)))
        return self.message(*parts)

    def values(self, values: Sequence[Any], kind: type) -> bytes:
        if kind is bytes:
            return self.message(*(self.delimited(1, value) for value in values))
        fields, rest = [], list(values)
        while rest:
            cut = self.rng.randint(1, len(rest)) if self.is_odd() else len(rest)
            now, rest = rest[:cut], rest[cut:]
            numbers = [self.number(value, kind) for value in now]
            if self.is_odd():
                wire_type = 0 if kind is int else 5
                fields += [self.tag(1, wire_type) + number for number in numbers]
            else:
                fields.append(self.delimited(1, b"".join(numbers)))
        return self.message(*fields)

    def number(self, value: Any, kind: type) -> bytes:
        return self.varint(value & (1 << 64) - 1, 10) if kind is int else struct.pack("<f", value)

    def entry(self, key: bytes, value: bytes) -> bytes:
        """A map entry. No unknown fields: upb then takes the entry for unknown itself."""
        parts = [self.delimited(1, key), self.delimited(2, value)]
        if self.is_odd():
            parts.reverse()
        if self.is_odd():
            parts.insert(0, self.delimited(1, self.rng.choice([b"other", (BOX + "xmin").encode()])))
        if self.is_odd():
            parts.append(self.delimited(2, b""))
        return self.delimited(1, b"".join(parts))

    def map(self, entries: dict[str, bytes]) -> list[bytes]:
        """The entries of a map, perhaps shuffled, with a forerunner that they replace."""
        parts = [self.entry(key.encode(), value) for key, value in entries.items()]
        if self.is_odd():
            self.rng.shuffle(parts)
        if entries and self.is_odd():
            key = self.rng.choice(list(entries))
            parts.insert(0, self.entry(key.encode(), self.rng.choice(list(entries.values()))))
        return parts

    def features(self, values: dict[str, Sequence[Any]]) -> list[bytes]:
        """The bodies of one or two Features messages that merge."""
        parts = self.map({k: self.feature(v, _kind(k)) for k, v in values.items() if self.keeps(v)})
        cut = self.rng.randint(0, len(parts)) if self.is_odd() else len(parts)
        bodies = [parts[:cut], parts[cut:]] if cut < len(parts) else [parts]
        return [self.message(*body) for body in bodies]

    def keeps(self, values: Sequence[Any]) -> bool:
        """Whether a list without values is written at all."""
        return bool(values) or self.rng.random() < 0.5

    def example(self, values: dict[str, Sequence[Any]]) -> bytes:
        return self.message(*(self.delimited(1, body) for body in self.features(values)))

    def sequence_example(self, lists: dict[str, Sequence[Sequence[Any]]]) -> bytes:
        context = self.features({"image/height": [480], "image/width": [640]})
        rows = {
            key: self.message(*(self.delimited(1, self.feature(row, _kind(key))) for row in table))
            for key, table in lists.items()
        }
        parts = [self.delimited(1, body) for body in context]
        parts.append(self.delimited(2, self.message(*self.map(rows))))
        return self.message(*parts)


def _kind(key: str) -> type:
    if "bbox" in key or key.endswith("/weight"):
        return float
    return int if key.endswith(tuple(_INT_KEYS)) else bytes


_INT_KEYS = ("label", "is_crowd", "difficult", "group_of", "height", "width", "is_annotated")


class SpelledImage(bytes):
    """An Example; hypothesis shows it short."""

    def __repr__(self) -> str:
        return f"<{len(self)} bytes {self[:60]!r}...>"


@st.composite
def spelled_images(draw: st.DrawFn) -> SpelledImage:
    """An Example with an image and boxes, spelled the ordinary way every other time."""
    rng = random.Random(draw(st.integers(0, 1 << 32)))
    values: dict[str, list[Any]] = {
        "image/encoded": [b"\xff" * rng.choice([0, 10, 200, 20_000])],
        "image/filename": [b"a.jpg"],
        "image/height": [480],
        **draw(annotations()),
    }
    keys = list(values)
    rng.shuffle(keys)
    spelling = Spelling(rng, odd=rng.choice([0.0, 0.05]))
    return SpelledImage(spelling.example({key: values[key] for key in keys}))
