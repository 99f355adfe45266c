"""The fast way through a record file: Examples written the ordinary way.

Ordinary is what protobuf libraries write: the features submessage fills the record, each of its
map entries is key then value, each value is one list, numbers are packed. The walk looks at
nothing but the headers of the entries; it copies the few lists that counting needs and steps
over everything else, images above all. A record of any other make is handed on unread, and so is
one with a list at which TFOD stops, as far as headers tell.
"""

from __future__ import annotations

import struct
from typing import Any, Iterator, Optional

import google_crc32c

from tfod_weights.counting.features import BYTES, FLOATS, INTS
from tfod_weights.counting.framing import FOOTER, HEADER, RecordFile
from tfod_weights.counting.wire import DELIMITED, WireError, read_varint
from tfod_weights.errors import RecordError

# What counts, of all that object_detection/data_decoders/tf_example_decoder.py reads.
KINDS = {
    b"image/object/bbox/xmin": FLOATS,
    b"image/object/bbox/xmax": FLOATS,
    b"image/object/bbox/ymin": FLOATS,
    b"image/object/bbox/ymax": FLOATS,
    b"image/object/class/label": INTS,
    b"image/object/class/text": BYTES,
    b"image/object/is_crowd": INTS,
    b"image/object/difficult": INTS,
    b"image/object/group_of": INTS,
    b"image/object/weight": FLOATS,
}

# What it reads besides, whatever the input reader says; at another kind it stops as well.
OTHER_KINDS = {
    b"image/encoded": BYTES,
    b"image/format": BYTES,
    b"image/filename": BYTES,
    b"image/key/sha256": BYTES,
    b"image/source_id": BYTES,
    b"image/height": INTS,
    b"image/width": INTS,
    b"image/class/text": BYTES,
    b"image/class/label": INTS,
    b"image/class/confidence": FLOATS,
    b"image/neg_category_ids": INTS,
    b"image/not_exhaustive_category_ids": INTS,
    b"image/object/area": FLOATS,
}
# Those of which it takes exactly one value; of images `check --images` says how many there are.
SINGLE = {
    b"image/format",
    b"image/filename",
    b"image/key/sha256",
    b"image/source_id",
    b"image/height",
    b"image/width",
}

# Start and stop of the record's data, then for each of KINDS the bytes of its packed numbers,
# or of its BytesList; None for each of them where the record is not ordinary.
Row = list[Any]

# Of an entry, from its first byte: where the next entry starts, the place in the row of the
# list that is wanted (or 0), and where that list starts.
Step = tuple[int, int, int]

_SLOTS = {key: slot for slot, key in enumerate(KINDS, 2)}
_NO_LISTS: Row = [b""] * len(KINDS)
_UNREAD: Row = [None] * len(KINDS)

_BATCH = 256  # rows handed on at once, few enough to stay in the processor's cache
_UINT32 = struct.Struct("<I")
_IMAGE_HEADER = struct.Struct("<I16sI")  # tag and length, _IMAGE_KEY, length and the list's tag
_IMAGE_KEY = b"\n\rimage/encoded\x12"  # tag, length, key, tag

_REACH = 160  # more than the header of an entry takes whose key has at most 127 bytes
_STEPS = 1 << 14  # entry headers worth remembering


def read_rows(file: RecordFile, steps: dict[bytes, Step], *, verify: bool) -> Iterator[list[Row]]:
    """The rows of a file, in batches.

    The loop over the entries runs a dozen times per image, so it does little more than one
    dict lookup: entry headers repeat from image to image, and one that was checked once is
    good for ever. Positions are relative to a window of the file that follows the walk.

    Args:
        file: The file.
        steps: Entry headers met so far; share it between files.
        verify: Whether to compare the checksums of the data.

    Raises:
        RecordError: the file is damaged; the rows before the damage come first.
    """
    size, look, crc32c = file.size, file.window, google_crc32c.value
    unpack_header, known_step = HEADER.unpack_from, steps.get
    rows: list[Row] = []
    window, base, have, at = b"", file.start, 0, 0
    try:
        while base + at < size:
            if at + _REACH > have:
                base, at = base + at, 0
                window = look(base)
                have = len(window)
            if at + HEADER.size > have:
                file.record_at(base + at)  # raises: the header is cut off
            length, checksum = unpack_header(window, at)
            crc = crc32c(window[at : at + 8])
            start = base + at + HEADER.size
            stop = start + length
            intact = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF == checksum
            if not intact or stop + FOOTER.size > size:
                file.record_at(base + at)  # raises, and says which
            if verify:
                file.check_data(start, stop)
            row: Row = [start, stop, *_NO_LISTS]
            end = stop - base
            at = _features_start(window, at + HEADER.size, end)
            slot = 0
            while True:
                # Entry headers must lie in the window whole, except where the file ends.
                limit = end if base + have == size else min(end, have - _REACH)
                while at < limit:
                    # Tag, length, key tag, key length and key of the entry, then 6 bytes: tags
                    # and lengths of its value, of its list and of the packed numbers. Lengths
                    # from 128 on take another byte; those headers are looked at every time.
                    step = known_step(window[at : at + 10 + window[at + 3]])
                    if step is None:
                        step = _new_step(window, at, steps)
                        if step is None:
                            at, slot = end + 1, 0
                            break
                    advance, slot, skip = step
                    if slot:
                        row[slot] = window[at + skip : at + advance]
                    at += advance
                if slot and have < at <= end:  # the list goes on beyond the window
                    row[slot] = file.read(advance - skip, base + at - advance + skip)
                if at >= end:
                    break
                base, end, at = base + at, end - at, 0
                window = look(base)
                have = len(window)
            rows.append(row if at == end else [start, stop, *_UNREAD])
            at = end + FOOTER.size
            if len(rows) == _BATCH:
                yield rows
                rows = []
    except RecordError:
        yield rows
        raise
    yield rows


def _features_start(window: bytes, at: int, end: int) -> int:
    """Where a record's features start if they fill the record, else a place beyond its end."""
    size = end - at - 4
    if 1 << 14 <= size < 1 << 21:  # three bytes of length, as in most records with an image
        expected = 0x0080800A | (size & 0x7F) << 8 | (size & 0x3F80) << 9 | size >> 14 << 24
        return at + 4 if _UINT32.unpack_from(window, at)[0] == expected else end + 1
    try:
        size, start = read_varint(window, at + 1, len(window), longest=5)
    except WireError:
        return end + 1
    return start if window[at] == 0x0A and start + size == end else end + 1


def _new_step(window: bytes, at: int, steps: dict[bytes, Step]) -> Optional[Step]:
    """Check the entry header at `at`, and remember it; None if the entry is not ordinary."""
    try:
        if window[at + 1] > 127:
            return _image_step(window, at) or _checked_step(window, at)
        step = _checked_step(window, at)
    except (WireError, IndexError, struct.error):
        return None
    if step:
        if len(steps) > _STEPS:
            steps.clear()
        steps[window[at : at + 10 + window[at + 3]]] = step
    return step


def _image_step(window: bytes, at: int) -> Optional[Step]:
    """As `_checked_step`, for image/encoded with three bytes for each length."""
    entry, key, value = _IMAGE_HEADER.unpack_from(window, at)
    if key != _IMAGE_KEY or entry & 0x808080FF != 0x0080800A or value & 0x3F808080 != 0x0A008080:
        return None
    size = entry >> 8 & 0x7F | entry >> 9 & 0x3F80 | entry >> 10 & 0x1FC000
    value_size = value & 0x7F | value >> 1 & 0x3F80 | value >> 2 & 0x1FC000
    return (size + 4, 0, 0) if size == value_size + len(_IMAGE_KEY) + 3 else None


def _checked_step(window: bytes, at: int) -> Optional[Step]:
    have = len(window)
    size, key_tag = read_varint(window, at + 1, have, longest=5)
    key_size, key = window[key_tag + 1], key_tag + 2
    value_tag = key + key_size
    value_size, value = read_varint(window, value_tag + 1, have, longest=5)
    stop = key_tag + size
    tags = window[at], window[key_tag], window[value_tag]
    if tags != (0x0A, 0x0A, 0x12) or key_size > 127 or value + value_size != stop:
        return None
    name = window[key:value_tag]
    if name not in KINDS:
        kind = OTHER_KINDS.get(name)
        if kind is not None and value_size:
            if window[value] != kind << 3 | DELIMITED:
                return None
            if name in SINGLE and not _is_single(window, value, stop, kind):
                return None
        return stop - at, 0, 0
    start = _list_start(window, value, stop, KINDS[name]) if value_size else stop
    return None if start is None else (stop - at, _SLOTS[name], start - at)


def _is_single(window: bytes, value: int, stop: int, kind: int) -> bool:
    """Whether a Feature has one value, as `features.require_single` says."""
    start = _list_start(window, value, stop, kind)
    if start is None or kind == INTS:
        return start is not None and 1 <= stop - start <= 3
    size, first = read_varint(window, start + 1, len(window), longest=5)
    return window[start] == 0x0A and first + size == stop


def _list_start(window: bytes, value: int, stop: int, kind: int) -> Optional[int]:
    """Where the wanted bytes start of a Feature that is one list of the kind, up to `stop`."""
    have = len(window)
    size, start = read_varint(window, value + 1, have, longest=5)
    if window[value] != kind << 3 | DELIMITED or start + size != stop:
        return None
    if kind == BYTES or not size:
        return start
    packed, first = read_varint(window, start + 1, have, longest=5)
    if window[start] != 0x0A or first + packed != stop or (kind == FLOATS and packed % 4):
        return None
    return first
