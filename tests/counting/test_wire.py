"""The wire format is accepted where protobuf accepts it, and nowhere else."""

from __future__ import annotations

import random

import pytest
from google.protobuf.message import DecodeError
from hypothesis import example, given
from hypothesis import strategies as st

from tests.counting import protobuf
from tests.counting.messages import Spelling
from tfod_weights.counting.wire import WireError, fields, read_int64s

GROUP, END = b"\xa3\x01", b"\xa4\x01"  # of field 20


@st.composite
def maybe_messages(draw: st.DrawFn) -> bytes:
    """Unknown fields, of which a few bytes may be changed, missing or added."""
    rng = random.Random(draw(st.integers(0, 1 << 32)))
    spelling = Spelling(rng, odd=0.2)
    data = bytearray(spelling.message(*(spelling.unknown() for _ in range(rng.randint(0, 3)))))
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        position = rng.randint(0, len(data))
        data[position : position + rng.randint(0, 2)] = rng.randbytes(rng.randint(0, 2))
    return bytes(data)


@given(maybe_messages() | st.binary(max_size=12))
@example(b"")
@example(GROUP + END)
@example(GROUP + b"\xac\x01")  # the end tag of another field
@example(GROUP + b"\xac\x01" + END)
@example(GROUP)
@example(END)
@example(GROUP * 100 + END * 100)
@example(GROUP * 101 + END * 101)
@example(b"\xa0\x01" + b"\xff" * 9 + b"\x7f")
@example(b"\xa0\x01" + b"\xff" * 10 + b"\x01")
@example(b"\xa0\x81\x80\x80\x00\x01")
@example(b"\xa0\x81\x80\x80\x80\x00\x01")
@example(b"\xa2\x01\x81\x80\x80\x80\x00x")
@example(b"\xa2\x01\x81\x80\x80\x80\x80\x00x")
@example(b"\xa2\x01\x02x")
@example(b"\xa5\x01xxx")
@example(b"\xa1\x01xxxxxxx")
@example(b"\xa6\x01x")
@example(b"\xa7\x01x")
@example(b"\x00\x01")
@example(b"\xfd\xff\xff\xff\x0fxxxx")
@example(b"\xfd\xff\xff\xff\x1fxxxx")
def test_fields_as_protobuf_accepts_them(data: bytes) -> None:
    try:
        protobuf.Stranger.FromString(data)
    except DecodeError:
        with pytest.raises(WireError):
            list(fields(data, 0, len(data)))
    else:
        list(fields(b"?" + data + b"\x01", 1, 1 + len(data)))


def test_fields_and_their_ranges() -> None:
    data = b"\x08\x96\x01" + b"\x12\x03abc" + b"\x1dabcd" + b"\x21abcdefgh" + b"\x2b\x08\x01\x2c"
    assert [(number, kind, data[a:b]) for number, kind, a, b in fields(data, 0, len(data))] == [
        (1, 0, b"\x96\x01"),
        (2, 2, b"abc"),
        (3, 5, b"abcd"),
        (4, 1, b"abcdefgh"),
        (5, 3, b"\x08\x01"),
    ]


@pytest.mark.parametrize("data", [b"\x80", b"\x01\xff", b"\xff" * 10 + b"\x01"])
def test_packed_numbers_that_do_not_end(data: bytes) -> None:
    with pytest.raises(WireError, match="a varint does not end"):
        read_int64s(data, 0, len(data))
