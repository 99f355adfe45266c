"""Features of a tf.train.Example or SequenceExample, read exactly.

    Example         { Features features = 1; }
    SequenceExample { Features context = 1; FeatureLists feature_lists = 2; }
    Features        { map<string, Feature> feature = 1; }
    FeatureLists    { map<string, FeatureList> feature_list = 1; }
    FeatureList     { repeated Feature feature = 1; }
    Feature         { oneof kind { BytesList = 1; FloatList = 2; Int64List = 3; } }
    *List           { repeated value = 1; }  packed or not

A map key that comes again replaces its value; messages that come again merge.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Collection, Iterator, Mapping, Sequence

from tfod_weights.counting.wire import (
    DELIMITED,
    FIXED32,
    VARINT,
    Buffer,
    Range,
    fields,
    read_floats,
    read_int64s,
    read_tag,
    submessages,
)

BYTES, FLOATS, INTS = 1, 2, 3  # the field numbers of Feature.kind
KIND_NAMES = {BYTES: "a bytes_list", FLOATS: "a float_list", INTS: "an int64_list"}


STOPS = "TFOD stops training with an error at this record; mend it or leave it out"


class FeatureError(ValueError):
    """Features at which TFOD stops.

    Attributes:
        help: The next step for the user.
    """

    def __init__(self, problem: str, help: str = STOPS) -> None:
        super().__init__(problem)
        self.help = help


def read_example(
    buffer: Buffer,
    start: int,
    stop: int,
    kinds: Mapping[bytes, int],
    others: Mapping[bytes, int] = MappingProxyType({}),
    single: Collection[bytes] = (),
) -> dict[bytes, list[Any]]:
    """The values of the features named in `kinds`; absent ones are empty lists.

    Args:
        buffer: Holds the serialized Example.
        start: Where it starts.
        stop: Where it stops.
        kinds: Feature name -> BYTES, FLOATS or INTS.
        others: The same, of features of which only the kind matters.
        single: Those of them that have one value, if any.

    Raises:
        WireError: it is no protobuf message.
        FeatureError: a feature has another kind, or too many values.
    """
    entries = feature_ranges(buffer, start, stop)
    found = {key: feature_values(buffer, entries.get(key, ()), key, kinds[key]) for key in kinds}
    for key in others:
        ranges = entries.get(key, ())
        require_kind(buffer, ranges, key, others[key])
        if key in single:
            require_single(buffer, ranges, key, others[key])
    return found


def feature_ranges(buffer: Buffer, start: int, stop: int) -> dict[bytes, list[Range]]:
    """Where the Features of an Example are, by name; also of a SequenceExample's context.

    Raises:
        WireError: it is no protobuf message.
    """
    entries: dict[bytes, list[Range]] = {}
    for first, end in submessages(buffer, start, stop, 1):
        entries.update(_map_entries(buffer, first, end))
    return entries


def frame_ranges(buffer: Buffer, start: int, stop: int, key: bytes) -> list[list[Range]]:
    """Where the Features of one feature list of a SequenceExample are, frame by frame."""
    entries: dict[bytes, list[Range]] = {}
    for first, end in submessages(buffer, start, stop, 2):
        entries.update(_map_entries(buffer, first, end))
    rows = (submessages(buffer, first, end, 1) for first, end in entries.get(key, ()))
    return [[row] for list_rows in rows for row in list_rows]


def bytes_ranges(buffer: Buffer, ranges: Sequence[Range]) -> list[Range]:
    """Where the values of a BytesList feature are, all of whose ranges merge."""
    lists = (one for start, stop in ranges for one in submessages(buffer, start, stop, BYTES))
    return [value for first, end in lists for value in submessages(buffer, first, end, 1)]


def read_sequence_example(
    buffer: Buffer, start: int, stop: int, kinds: Mapping[bytes, int]
) -> dict[bytes, list[list[Any]]]:
    """The rows of the feature lists named in `kinds`, as `read_example` reads values.

    A list that is absent from the record is absent from the result.
    """
    entries: dict[bytes, list[Range]] = {}
    for first, end in submessages(buffer, start, stop, 2):
        entries.update(_map_entries(buffer, first, end))
    return {
        key: [
            feature_values(buffer, [row], key, kinds[key])
            for first, end in entries[key]
            for row in submessages(buffer, first, end, 1)
        ]
        for key in kinds
        if key in entries
    }


def list_values(content: bytes, kind: int) -> list[Any]:
    """The values of a BytesList, or the numbers of a packed field, by their bytes.

    Raises:
        WireError: they are none.
    """
    if kind == BYTES:
        return list(_bytes_list(content, 0, len(content)))
    read: Any = read_floats if kind == FLOATS else read_int64s
    return list(read(content, 0, len(content)))


def map_keys(buffer: Buffer, start: int, stop: int, number: int) -> set[bytes]:
    """The keys of the map that field `number` of a message holds in its own field 1."""
    return {
        key
        for first, end in submessages(buffer, start, stop, number)
        for key, _ in _map_entries(buffer, first, end)
    }


def _map_entries(buffer: Buffer, start: int, stop: int) -> Iterator[tuple[bytes, list[Range]]]:
    """Key and value ranges of every entry; the ranges of one entry merge."""
    for first, end in submessages(buffer, start, stop, 1):
        key, values = b"", []
        for number, wire_type, value_start, value_stop in fields(buffer, first, end):
            if wire_type == DELIMITED and number == 1:
                key = buffer[value_start:value_stop]
            elif wire_type == DELIMITED and number == 2:
                values.append((value_start, value_stop))
        yield key, values


def feature_values(buffer: Buffer, ranges: Sequence[Range], key: bytes, expected: int) -> list[Any]:
    """The values of a Feature, all of whose ranges merge.

    Raises:
        WireError: it is no protobuf message.
        FeatureError: it is of another kind.
    """
    kind = expected
    values: list[Any] = []
    for start, stop in ranges:
        for number, wire_type, first, end in fields(buffer, start, stop):
            if wire_type == DELIMITED and number in KIND_NAMES:
                if number != kind:  # another member of the oneof replaces what was there
                    kind, values = number, []
                values.extend(_LISTS[kind](buffer, first, end))
    if kind != expected:
        raise _other_kind(key, kind, expected)
    return values


def require_kind(buffer: Buffer, ranges: Sequence[Range], key: bytes, expected: int) -> None:
    """Check the kind of a Feature by its first tag, as TensorFlow does, without reading on.

    Raises:
        FeatureError: it is of another kind.
    """
    start, stop = next((one for one in ranges if one[0] < one[1]), (0, 0))
    if start < stop:
        number, wire_type, _ = read_tag(buffer, start, stop)
        if number != expected and number in KIND_NAMES and wire_type == DELIMITED:
            raise _other_kind(key, number, expected)


def require_single(buffer: Buffer, ranges: Sequence[Range], key: bytes, kind: int) -> None:
    """Check that a Feature that is set has one value.

    Integers of up to three bytes are taken for one: that is how long the sizes of images are,
    and the headers that the fast way remembers do not tell them from several below 128.

    Raises:
        WireError: it is no protobuf message.
        FeatureError: it has none, or several.
    """
    lists = [one for start, stop in ranges for one in submessages(buffer, start, stop, kind)]
    if kind == INTS and 1 <= sum(_content(buffer, *one) for one in lists) <= 3:
        return
    values = sum(1 for first, end in lists for _ in _LISTS[kind](buffer, first, end))
    if lists and values != 1:
        raise FeatureError(f"has {values} values in {key.decode()}, where TFOD takes one")


def _content(buffer: Buffer, start: int, stop: int) -> int:
    """The bytes of the values of a list of numbers."""
    return sum(end - first for number, _, first, end in fields(buffer, start, stop) if number == 1)


def _other_kind(key: bytes, kind: int, expected: int) -> FeatureError:
    name = key.decode("utf-8", "backslashreplace")
    return FeatureError(f"has {name} as {KIND_NAMES[kind]}, not as {KIND_NAMES[expected]}")


def _bytes_list(buffer: Buffer, start: int, stop: int) -> Iterator[bytes]:
    for first, end in submessages(buffer, start, stop, 1):
        yield buffer[first:end]


def _float_list(buffer: Buffer, start: int, stop: int) -> Iterator[float]:
    for number, wire_type, first, end in fields(buffer, start, stop):
        if number == 1 and wire_type in (DELIMITED, FIXED32):
            yield from read_floats(buffer, first, end)


def _int64_list(buffer: Buffer, start: int, stop: int) -> Iterator[int]:
    for number, wire_type, first, end in fields(buffer, start, stop):
        if number == 1 and wire_type in (DELIMITED, VARINT):
            yield from read_int64s(buffer, first, end)


_LISTS = {BYTES: _bytes_list, FLOATS: _float_list, INTS: _int64_list}
