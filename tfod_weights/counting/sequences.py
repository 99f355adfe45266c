"""Counting the boxes of tf.train.SequenceExamples, frame by frame.

As object_detection/data_decoders/tf_sequence_example_decoder.py reads them: class texts are
looked up by the label map's names alone, every list must have a row for each frame of
image/source_id, and boxes and texts are padded to the longest row of the sequence. Frames that
region/is_annotated marks as not annotated count too: the list must be there, but
object_detection/inputs.py (_get_labels_dict) leaves it out of what the training loss gets.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Iterator, Mapping

from tfod_weights.counting.features import (
    BYTES,
    FLOATS,
    INTS,
    FeatureError,
    map_keys,
    read_sequence_example,
)
from tfod_weights.counting.framing import RecordFile
from tfod_weights.counting.tally import UNKNOWN, Boxes, Tally
from tfod_weights.counting.wire import WireError

_SOURCE_ID = b"image/source_id"
_IS_ANNOTATED = b"region/is_annotated"
_TEXT = b"region/label/string"
_CORNERS = (b"region/bbox/ymin", b"region/bbox/xmin", b"region/bbox/ymax", b"region/bbox/xmax")
_XMIN = _CORNERS[1]
_KINDS = {_SOURCE_ID: BYTES, _IS_ANNOTATED: INTS, _TEXT: BYTES, **dict.fromkeys(_CORNERS, FLOATS)}

Rows = Mapping[bytes, list[list[Any]]]


class SequenceCounter:
    """Adds SequenceExamples to a tally.

    Attributes:
        tally: Takes the counts; may be replaced between files.

    Args:
        tally: The first one.
        ids_by_name: The label map's names -> class_id.
    """

    def __init__(self, tally: Tally, ids_by_name: Mapping[bytes, int]) -> None:
        self.tally = tally
        self._ids_by_name = ids_by_name

    def count(self, file: RecordFile, *, verify: bool) -> Iterator[int]:
        """Count a file; yields how far it is, in bytes.

        Raises:
            RecordError: the file is damaged, or TFOD would stop at one of the records.
        """
        for start, stop in file.records():
            if verify:
                file.check_data(start, stop)
            self._add(file, start, stop)
            yield stop

    def _add(self, file: RecordFile, start: int, stop: int) -> None:
        try:
            with file.mapped(start, stop) as (buffer, first, end):
                rows = read_sequence_example(buffer, first, end, _KINDS)
                if not rows and b"image/encoded" in map_keys(buffer, first, end, 1):
                    raise FeatureError("is a tf.train.Example", _IS_EXAMPLE)
            self._add_sequence(rows)
        except WireError as reason:
            problem = f"is no tf.train.SequenceExample: {reason}"
            raise file.error_in(start, problem, _NO_SEQUENCE) from reason
        except FeatureError as reason:
            raise file.error_in(start, str(reason), reason.help) from reason

    def _add_sequence(self, rows: Rows) -> None:
        frames = _number_of_frames(rows)
        counts: Counter[int] = Counter()
        for boxes in _frames(rows, frames, self._ids_by_name):
            counts.update(boxes.ids[i] for i in self.tally.add_image(boxes))
        self.tally.add_sequence(counts, frames)


def _number_of_frames(rows: Rows) -> int:
    """Frames of a sequence, once everything that TFOD asks of it is checked."""
    for key in _KINDS:
        if key not in rows:
            raise FeatureError(f"has no feature list {key.decode()}")
    frames = len(rows[_SOURCE_ID])
    if not frames:
        raise FeatureError("has no frames in image/source_id")
    for key in (_SOURCE_ID, _IS_ANNOTATED):
        for frame, row in enumerate(rows[key]):
            if len(row) != 1:
                raise FeatureError(f"has {len(row)} values in {key.decode()} of frame {frame}")
    for key in _KINDS:
        if len(rows[key]) < frames:
            found = f"{len(rows[key])} rows in {key.decode()}"
            raise FeatureError(f"has {frames} frames in image/source_id, but {found}")
    shapes = {(len(rows[key]), max(map(len, rows[key]))) for key in _CORNERS}
    if len(shapes) > 1:
        raise FeatureError("has a different number of ymin, xmin, ymax and xmax values")
    return frames


def _frames(rows: Rows, frames: int, ids_by_name: Mapping[bytes, int]) -> Iterator[Boxes]:
    """The boxes of every frame, padded as TFOD pads them."""
    width = max(map(len, rows[_XMIN]))
    text_width = max(map(len, rows[_TEXT]))
    for frame in range(frames):
        sides = [_padded(rows[key][frame], width, 0.0) for key in _CORNERS]
        texts = _padded(rows[_TEXT][frame], text_width, b"")
        ids = [ids_by_name.get(text, UNKNOWN) for text in texts]
        yield Boxes(ids, texts, list(zip(*sides)), len(rows[_XMIN][frame]))


def _padded(row: list[Any], width: int, padding: Any) -> list[Any]:
    return row + [padding] * (width - len(row))


_NO_SEQUENCE = "with TF_SEQUENCE_EXAMPLE, each record holds one serialized tf.train.SequenceExample"
_IS_EXAMPLE = "read it with input type TF_EXAMPLE, as input_type of the input reader says"
