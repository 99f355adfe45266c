"""The images of record files, as far as their headers tell: found without being decoded.

As object_detection/data_decoders/tf_example_decoder.py reads them: image/encoded is decoded by
what it holds, whatever image/format says, unless that says raw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Optional, Sequence

from tfod_weights.counting.features import (
    BYTES,
    INTS,
    FeatureError,
    bytes_ranges,
    feature_ranges,
    feature_values,
    frame_ranges,
)
from tfod_weights.counting.framing import RecordFile
from tfod_weights.counting.image_headers import ImageHeader, read_image_header
from tfod_weights.counting.meter import Meter
from tfod_weights.counting.wire import Buffer, Range, WireError
from tfod_weights.errors import RecordPlace
from tfod_weights.progress import Progress

_ENCODED, _FORMAT = b"image/encoded", b"image/format"
_WIDTH, _HEIGHT = b"image/width", b"image/height"


@dataclass(frozen=True)
class RecordImage:
    """The image of one record, or of one frame of a SequenceExample.

    Attributes:
        place: The record.
        record: Its number in the file, one-based.
        images: How many values image/encoded has; TFOD takes exactly one.
        size: Bytes of the first of them.
        header: What it says of itself; None if it is of no known format.
        format: image/format; None where absent.
        width, height: image/width and image/height; None where absent.
        problem: At what of these TFOD stops, of another kind or with several values.
    """

    place: RecordPlace
    record: int
    images: int
    size: int = 0
    header: Optional[ImageHeader] = None
    format: Optional[str] = None
    width: Optional[int] = None
    height: Optional[int] = None
    problem: Optional[str] = None


def record_images(
    files: Sequence[str], *, sequences: bool = False, progress: Optional[Progress] = None
) -> Iterator[RecordImage]:
    """Every image of record files, in order.

    Args:
        files: The record files.
        sequences: Whether they hold tf.train.SequenceExamples.
        progress: Called with (bytes done, bytes in all), at most every 50 ms and at the end.

    Raises:
        RecordError: a file is damaged.
    """
    meter = Meter(files, progress)
    for path in files:
        with RecordFile(path) as file:
            for number, (start, stop) in enumerate(file.records(), 1):
                place = RecordPlace(path, start - 12)
                with file.mapped(start, stop) as (buffer, first, end):
                    yield from _images(buffer, first, end, place, number, sequences)
                meter.show(stop)
            meter.show(file.size)
        meter.next_file()


def _images(
    buffer: Buffer, start: int, stop: int, place: RecordPlace, number: int, sequences: bool
) -> Iterator[RecordImage]:
    """The images of one record; none if it is no message, which counting reports."""
    try:
        context = feature_ranges(buffer, start, stop)
        known = _Context(buffer, context)
        frames = [context.get(_ENCODED, [])]
        if sequences:
            frames = frame_ranges(buffer, start, stop, _ENCODED)
        for frame in frames:
            yield known.image(place, number, bytes_ranges(buffer, frame))
    except WireError:
        return


class _Context:
    """What a record says about its images besides."""

    def __init__(self, buffer: Buffer, ranges: Mapping[bytes, Sequence[Range]]) -> None:
        self._buffer, self._ranges = buffer, ranges
        self._problem: Optional[str] = None
        format = self._value(_FORMAT, BYTES)
        self._format = None if format is None else format.decode("utf-8", "backslashreplace")
        self._width, self._height = self._value(_WIDTH, INTS), self._value(_HEIGHT, INTS)

    def _value(self, key: bytes, kind: int) -> Any:
        """The first value of a feature that has one; None without one that TFOD reads."""
        try:
            values = feature_values(self._buffer, self._ranges.get(key, ()), key, kind)
        except FeatureError as reason:
            self._problem = self._problem or str(reason)
            return None
        if len(values) > 1:
            problem = f"has {len(values)} values in {key.decode()}, where TFOD takes one"
            self._problem = self._problem or problem
        return next(iter(values), None)

    def image(self, place: RecordPlace, number: int, values: Sequence[Range]) -> RecordImage:
        start, stop = values[0] if values else (0, 0)
        return RecordImage(
            place,
            number,
            images=len(values),
            size=stop - start,
            header=read_image_header(self._buffer, start, stop),
            format=self._format,
            width=self._width,
            height=self._height,
            problem=self._problem,
        )
