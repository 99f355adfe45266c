"""The protobuf wire format, read as a conforming parser reads it.

Every function takes a buffer and a range of it, and copies nothing but the values asked for:
a record's image bytes are stepped over. The format: https://protobuf.dev/programming-guides/encoding
"""

from __future__ import annotations

import mmap
import struct
from typing import Iterator, Union

Buffer = Union[bytes, mmap.mmap]
Range = tuple[int, int]  # half open

VARINT, FIXED64, DELIMITED, GROUP, END_GROUP, FIXED32 = range(6)

_MAX_GROUP_DEPTH = 100
_UINT64 = (1 << 64) - 1


class WireError(ValueError):
    """Bytes that are no protobuf message."""


def read_varint(buffer: Buffer, start: int, stop: int, *, longest: int = 10) -> tuple[int, int]:
    """An unsigned varint of at most `longest` bytes, and where it ends.

    Bits beyond the 64th are dropped, as protobuf drops them.
    """
    value = shift = 0
    for position in range(start, min(stop, start + longest)):
        byte = buffer[position]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & _UINT64, position + 1
        shift += 7
    raise WireError("a varint does not end")


def read_int64s(buffer: Buffer, start: int, stop: int) -> list[int]:
    """Packed int64 values; a negative one takes ten bytes."""
    values = []
    while start < stop:
        value, start = read_varint(buffer, start, stop)
        values.append(value - (1 << 64) if value >> 63 else value)
    return values


def read_floats(buffer: Buffer, start: int, stop: int) -> list[float]:
    """Packed little-endian float32 values."""
    if (stop - start) % 4:
        raise WireError(f"a list of floats has {stop - start} bytes")
    return list(struct.unpack(f"<{(stop - start) // 4}f", buffer[start:stop]))


def fields(buffer: Buffer, start: int, stop: int) -> Iterator[tuple[int, int, int, int]]:
    """The fields of a message: field number, wire type, start and stop of the value.

    A group is one field whose range is its content.

    Raises:
        WireError: the range is no message.
    """
    while start < stop:
        number, wire_type, start = read_tag(buffer, start, stop)
        start, end, following = _value(buffer, start, stop, number, wire_type, depth=0)
        yield number, wire_type, start, end
        start = following


def submessages(buffer: Buffer, start: int, stop: int, number: int) -> Iterator[Range]:
    """The ranges of the length-delimited values of one field."""
    for field, wire_type, first, end in fields(buffer, start, stop):
        if field == number and wire_type == DELIMITED:
            yield first, end


def read_tag(buffer: Buffer, start: int, stop: int) -> tuple[int, int, int]:
    """Field number and wire type, and where the tag ends."""
    tag, position = read_varint(buffer, start, stop, longest=5)
    if not 8 <= tag < 1 << 32:
        raise WireError(f"a field has tag {tag}")
    return tag >> 3, tag & 7, position


def _value(
    buffer: Buffer, start: int, stop: int, number: int, wire_type: int, *, depth: int
) -> tuple[int, int, int]:
    """Start and stop of a value, and where the next field starts."""
    end = start
    if wire_type == VARINT:
        _, end = read_varint(buffer, start, stop)
    elif wire_type == DELIMITED:
        size, start = read_varint(buffer, start, stop, longest=5)
        end = start + size
    elif wire_type in (FIXED64, FIXED32):
        end = start + (8 if wire_type == FIXED64 else 4)
    elif wire_type == GROUP:
        end, following = _group_end(buffer, start, stop, number, depth + 1)
        return start, end, following
    else:
        raise WireError(f"a field has wire type {wire_type}")
    if end > stop:
        raise WireError("a field goes beyond the end of its message")
    return start, end, end


def _group_end(buffer: Buffer, start: int, stop: int, number: int, depth: int) -> Range:
    """Where a group's content ends, and where its end tag does."""
    if depth > _MAX_GROUP_DEPTH:
        raise WireError(f"groups are nested more than {_MAX_GROUP_DEPTH} deep")
    while start < stop:
        field, wire_type, position = read_tag(buffer, start, stop)
        if wire_type == END_GROUP and field == number:
            return start, position
        _, _, start = _value(buffer, position, stop, field, wire_type, depth=depth)
    raise WireError("a group does not end")
