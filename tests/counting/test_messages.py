"""Messages are read as protobuf reads them, on the fast way and on the exact one."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting import protobuf
from tests.counting.messages import Spelling, annotations, spelled_images
from tests.counting.records import (
    corners,
    delimited,
    example,
    features,
    image,
    map_entry,
    write_records,
)
from tfod_weights.counting.examples import ExampleCounter
from tfod_weights.counting.features import (
    BYTES,
    FLOATS,
    INTS,
    FeatureError,
    read_example,
    read_sequence_example,
)
from tfod_weights.counting.framing import RecordFile
from tfod_weights.counting.ordinary import KINDS, read_rows
from tfod_weights.counting.summary import summarize
from tfod_weights.counting.tally import Tally
from tfod_weights.errors import RecordError

IDS = {b"cat": 1, b"Kitty": 1, b"dog": 2, b"motorcycle": 3, b"x" * 130: 3}


def bits(values: list[Any]) -> list[Any]:
    """Values that compare equal where NaNs do."""
    return ["NaN" if isinstance(v, float) and math.isnan(v) else v for v in values]


def tallied(path: str, ids: Optional[dict[bytes, int]], *, exactly: bool) -> Any:
    """What a file counts as, or how it fails."""
    tally = Tally(max_number_of_boxes=4)
    counter = ExampleCounter(tally, ids)
    try:
        with RecordFile(path) as file:
            for rows in read_rows(file, {}, verify=False):
                if exactly:
                    rows = [row[:2] + [None] * len(KINDS) for row in rows]
                counter._add(rows, file)
    except RecordError as error:
        return error.problem, error.place
    return summarize([tally], [1.0], label_map=None, num_classes=3, files=())


@given(spelled_images())
def test_examples_as_protobuf_reads_them(data: bytes) -> None:
    parsed = protobuf.Example.FromString(data).features.feature
    expected = {key: bits(protobuf.values(parsed[key.decode()])) for key in KINDS}
    found = read_example(b"??" + data + b"!", 2, 2 + len(data), KINDS)
    assert {key: bits(values) for key, values in found.items()} == expected


@given(st.lists(annotations(), max_size=4), st.integers(0, 1 << 32))
def test_sequences_as_protobuf_reads_them(frames: list[dict[str, Any]], seed: int) -> None:
    keys = {key for frame in frames for key in frame}
    lists = {key: [frame.get(key, []) for frame in frames] for key in sorted(keys)}
    data = Spelling(random.Random(seed), odd=0.1).sequence_example(lists)
    parsed = protobuf.SequenceExample.FromString(data).feature_lists.feature_list
    found = read_sequence_example(data, 0, len(data), KINDS)
    assert {key.decode() for key in found} == keys
    for key, rows in found.items():
        expected = [bits(protobuf.values(row)) for row in parsed[key.decode()].feature]
        assert [bits(row) for row in rows] == expected


@given(st.lists(spelled_images(), min_size=1, max_size=8), st.booleans())
def test_the_fast_way_counts_as_the_exact_one(
    tmp_path_factory: pytest.TempPathFactory, images: list[bytes], has_map: bool
) -> None:
    path = write_records(tmp_path_factory.getbasetemp() / "fast.record", *images)
    ids = IDS if has_map else None
    assert tallied(path, ids, exactly=False) == tallied(path, ids, exactly=True)


LABELS_ONLY = image([], [1, 300])
LABELS_ONLY["image/encoded"] = LABELS_ONLY.pop("image/encoded")

ORDINARY = {
    "image first": example(image([b"cat", b"dog"], [1, 2], is_crowd=[0, 1])),
    "large image": example({**image([b"cat"], [1]), "image/encoded": [bytes(20_000)]}),
    "image last": example(LABELS_ONLY),
    "many boxes": example(image([b"cat"] * 40, [1] * 40)),
}


@pytest.mark.parametrize("data", ORDINARY.values(), ids=ORDINARY.keys())
def test_every_byte_of_a_header_matters_alike(tmp_path: Path, data: bytes) -> None:
    """A changed byte has the same effect on both ways, also once its header is known."""
    path = str(tmp_path / "a.record")
    positions = {0, 1, 2, 3}
    for key in protobuf.Example.FromString(data).features.feature:
        start = data.index(key.encode())
        stop = start + len(key)
        positions |= {*range(start - 6, start + 1), *range(stop - 1, stop + 10)}
    for position in sorted(p for p in positions if p < len(data)):
        for change in (1, 0x80, 0xF3):
            changed = bytearray(data)
            changed[position] ^= change
            write_records(path, data, bytes(changed))
            assert tallied(path, IDS, exactly=False) == tallied(path, IDS, exactly=True)


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_cut_message_fails_alike(tmp_path: Path, cut: int) -> None:
    data = ORDINARY["image first"]
    path = write_records(tmp_path / "a.record", data, data[:-cut], data[cut:])
    assert tallied(path, IDS, exactly=False) == tallied(path, IDS, exactly=True)


def test_texts_with_bytes_that_are_none(tmp_path: Path) -> None:
    """A BytesList is checked even where all its texts are known."""
    texts = map_entry("image/object/class/text", delimited(1, b"\xff\x0a\x03cat"))
    boxes = features({key: row for key, row in image([b"cat"]).items() if "text" not in key})
    path = write_records(
        tmp_path / "a.record", example(image([b"cat"])), delimited(1, boxes + texts)
    )
    assert tallied(path, IDS, exactly=False) == tallied(path, IDS, exactly=True)
    assert (
        tallied(path, IDS, exactly=False)[0]
        == "record 2 is no tf.train.Example: a field has wire type 7"
    )


def test_a_long_spelling_of_a_short_length_hides_no_key(tmp_path: Path) -> None:
    """Read as one byte, the key's length would lead to a tag inside of the text."""
    key = b"image/object/class/text"
    start = b"\x0a" + bytes([len(key) | 0x80]) + b"\x00" + key
    for size in range(120, 160):
        text = b"x" * size + b"\x12" + b"\x05" + b"hello"
        entry = delimited(1, start + delimited(2, delimited(1, delimited(1, text))))
        boxes = features({**corners(1), "image/object/class/label": [1]})
        path = write_records(tmp_path / "a.record", delimited(1, boxes + entry))
        counts = tallied(path, {text: 2}, exactly=False)
        assert counts == tallied(path, {text: 2}, exactly=True)
        assert [(row.class_id, row.objects) for row in counts.classes] == [(2, 1)]


@pytest.mark.parametrize("size", range(1, 9))
def test_bytes_that_are_no_floats(tmp_path: Path, size: int) -> None:
    side = delimited(2, delimited(1, bytes(size)))
    entries = b"".join(map_entry(key, side) for key in corners(1))
    classes = features({"image/object/class/label": [1] * (size // 4)})
    path = write_records(tmp_path / "a.record", delimited(1, entries + classes))
    assert tallied(path, IDS, exactly=False) == tallied(path, IDS, exactly=True)
    assert isinstance(tallied(path, IDS, exactly=False), tuple) == (size % 4 > 0)


def test_ordinary_examples_are_read_the_fast_way(tmp_path: Path) -> None:
    messages = [
        example({**image([b"cat"] * boxes), "image/encoded": [b"\xff" * size]})
        for boxes in (0, 1, 7, 24, 25, 31, 40, 100, 600)
        for size in (0, 1, 119, 120, 16_300, 16_384, 100_000, 3_000_000)
    ]
    messages += [
        example(image(labels=[1, 300, -1])),
        example({"k" * 127: [b"v"], **image([b"cat"])}),
    ]
    with RecordFile(write_records(tmp_path / "a.record", *messages)) as file:
        rows = [row for batch in read_rows(file, {}, verify=True) for row in batch]
    assert len(rows) == len(messages)
    assert not [row[:2] for row in rows if None in row]


@pytest.mark.parametrize(
    "feature, kind, problem",
    [
        (b"\x12\x00", INTS, "has image/object/class/label as a float_list, not as an int64_list"),
        (b"\x0a\x00", FLOATS, "has image/object/class/label as a bytes_list, not as a float_list"),
        (
            b"\x1a\x02\x08\x01",
            BYTES,
            "has image/object/class/label as an int64_list, not as a bytes_list",
        ),
    ],
)
def test_wrong_kind(feature: bytes, kind: int, problem: str) -> None:
    key = "image/object/class/label"
    data = delimited(1, map_entry(key, feature))
    with pytest.raises(FeatureError, match=problem):
        read_example(data, 0, len(data), {key.encode(): kind})


def test_ten_bytes_of_varint_wrap_to_negative() -> None:
    data = example({"k": [-1, -(2**63), 2**63 - 1]})
    assert read_example(data, 0, len(data), {b"k": INTS}) == {b"k": [-1, -(2**63), 2**63 - 1]}
