"""Counting the boxes of tf.train.Examples.

Most images are plain: as many classes as boxes, no more boxes than TFOD takes, no NaN, no
negative side and no coordinate in pixels. A batch of plain images is counted as a whole; another
one is halved until its parts are plain, and what is left is counted image by image.
"""

from __future__ import annotations

import struct
from collections import Counter
from itertools import repeat
from operator import le
from typing import Any, Iterator, Mapping, Optional, Sequence

from tfod_weights.counting.features import (
    BYTES,
    FLOATS,
    INTS,
    FeatureError,
    list_values,
    map_keys,
    read_example,
)
from tfod_weights.counting.flags import add_flagged, are_bare, fit, flags_of
from tfod_weights.counting.framing import RecordFile
from tfod_weights.counting.hierarchy import Hierarchy
from tfod_weights.counting.ordinary import KINDS, OTHER_KINDS, SINGLE, Row, Step, read_rows
from tfod_weights.counting.tally import MAX_COORDINATE, UNKNOWN, Boxes, Tally
from tfod_weights.counting.wire import WireError
from tfod_weights.label_map import LabelMap

_XMIN, _XMAX, _YMIN, _YMAX, _LABEL, _TEXT, _CROWD, _DIFFICULT, _GROUP_OF, _WEIGHT = KINDS
_CORNERS = (_YMIN, _XMIN, _YMAX, _XMAX)

_PIECES = 1 << 14  # class texts worth remembering


def example_counter(
    tally: Tally, label_map: Optional[LabelMap], *, expand_labels_hierarchy: bool
) -> ExampleCounter:
    """A counter that takes class texts from a label map, if there is one.

    Raises:
        LabelMapError: TFOD cannot expand the classes of this label map.
    """
    if label_map is None:
        return ExampleCounter(tally, None)
    hierarchy = Hierarchy(label_map) if expand_labels_hierarchy else None
    return ExampleCounter(tally, label_map.ids_by_text(), hierarchy)


class ExampleCounter:
    """Adds the rows of record files to a tally.

    What it learns of how the records are laid out serves for the next file.

    Attributes:
        tally: Takes the counts; may be replaced between files.

    Args:
        tally: The first one.
        ids_by_text: Class text -> class_id; None without a label map.
        hierarchy: Expands classes to their ancestors; None: they stay as they are.
    """

    def __init__(
        self,
        tally: Tally,
        ids_by_text: Optional[Mapping[bytes, int]],
        hierarchy: Optional[Hierarchy] = None,
    ) -> None:
        self.tally = tally
        self._ids_by_text = ids_by_text
        self._hierarchy = hierarchy
        self._steps: dict[bytes, Step] = {}
        self._texts_by_piece: dict[bytes, bytes] = {}

    def count(self, file: RecordFile, *, verify: bool) -> Iterator[int]:
        """Count a file; yields how far it is, in bytes.

        Raises:
            RecordError: the file is damaged, or TFOD would stop at one of the records.
        """
        for rows in read_rows(file, self._steps, verify=verify):
            self._add(rows, file)
            for _, stop, *_ in rows[-1:]:
                yield stop

    def count_each(self, file: RecordFile) -> Iterator[tuple[int, int]]:
        """Count a file record by record; yields where the data of the last one starts and stops.

        Raises:
            RecordError: as `count`.
        """
        for rows in read_rows(file, self._steps, verify=False):
            for row in rows:
                self._add([row], file)
                yield row[0], row[1]

    def _add(self, rows: Sequence[Row], file: RecordFile) -> None:
        """Count a batch of rows of a file."""
        if not rows or (not self.tally.merges and self._add_plain(rows)):
            return
        if len(rows) == 1 or self.tally.merges:
            for row in rows:
                self._add_single(row, file)
            return
        self._add(rows[: len(rows) // 2], file)
        self._add(rows[len(rows) // 2 :], file)

    def _add_plain(self, rows: Sequence[Row]) -> bool:
        """Count the rows if all of them are plain."""
        columns: Any = zip(*rows)
        _, _, xmin, xmax, ymin, ymax, labels, texts, crowd, difficult, group_of, weights = columns
        if None in xmin:
            return False
        sizes = list(map(len, xmin))
        limit = self.tally.max_number_of_boxes
        if (
            not sizes == list(map(len, xmax)) == list(map(len, ymin)) == list(map(len, ymax))
            or (limit is not None and max(sizes) > 4 * limit)
            or not _are_upright(b"".join(xmin + ymin), b"".join(xmax + ymax))
            or not fit(crowd, sizes)
            or not fit(difficult, sizes)
            or not b"".join(group_of).isascii()
        ):
            return False
        if self._hierarchy and not are_bare((crowd, difficult, group_of), weights, sizes):
            return False
        images = list(zip(labels, texts, sizes))
        times = Counter(images)
        classes = {image: self._plain_classes(*image) for image in times}
        if None in classes.values():
            return False
        self._add_classes(classes.values(), times.values())
        ids = [classes[image][0] for image in images]
        add_flagged(self.tally.crowd, ids, crowd)
        add_flagged(self.tally.difficult, ids, difficult)
        add_flagged(self.tally.group_of, ids, group_of)
        if any(weights):
            self.tally.weighted_boxes += _other_than_one(list_values(b"".join(weights), FLOATS))
        return True

    def _plain_classes(self, label: bytes, text: bytes, size: int) -> Any:
        """class_ids and texts of the boxes of an image; None if it is not plain."""
        try:
            ids = list(label) if label.isascii() else list_values(label, INTS)
            texts = self._texts(text)
        except WireError:
            return None
        if texts and self._ids_by_text is not None:
            ids = list(map(self._ids_by_text.get, texts, repeat(UNKNOWN)))
        if len(ids) * 4 != size:
            return None
        return (ids, texts) if self._hierarchy is None else self._expanded(ids)

    def _expanded(self, ids: Sequence[int]) -> Any:
        """As `_plain_classes`, of the classes of an image before they are expanded."""
        assert self._hierarchy is not None
        expanded, limit = self._hierarchy.expanded(ids), self.tally.max_number_of_boxes
        is_plain = expanded is not None and (limit is None or len(expanded) <= limit)
        return (expanded, ()) if is_plain else None

    def _texts(self, content: bytes) -> list[bytes]:
        """The values of a BytesList.

        Its tags are line feeds, so that a split at line feeds yields the values, each behind
        its length, unless a value or a length holds a line feed itself. So split, values of
        fewer than 128 bytes are remembered.
        """
        first, *pieces = content.split(b"\n")
        texts: Any = list(map(self._texts_by_piece.get, pieces))
        if first or None in texts:
            texts = list_values(content, BYTES)
            if len(self._texts_by_piece) < _PIECES:
                short = [text for text in texts if len(text) < 128]
                self._texts_by_piece.update((b"%c%b" % (len(t), t), t) for t in short)
        return list(texts)

    def _add_classes(self, classes: Any, images: Any) -> None:
        """Count plain images: the classes of their boxes, and how many images have those."""
        objects: list[int] = []
        present: list[int] = []
        for (ids, texts), times in zip(classes, images):
            self._name(ids, texts)
            if min(ids, default=0) < 0:
                self.tally.drop(ids, texts, range(len(ids)), times)
                ids = [class_id for class_id in ids if class_id >= 0]
            objects += ids if times == 1 else ids * times
            present += set(ids) if times == 1 else [*set(ids)] * times
            self.tally.images += times
        self.tally.objects.update(objects)
        self.tally.images_with.update(present)

    def _name(self, ids: Sequence[int], texts: Sequence[bytes]) -> None:
        if self._ids_by_text is None and len(texts) == len(ids):
            for class_id, text in zip(ids, texts):
                if text:
                    self.tally.names.setdefault(class_id, text)

    def _add_single(self, row: Row, file: RecordFile) -> None:
        try:
            self._add_image(_features(row, file))
        except WireError as reason:
            problem = f"is no tf.train.Example: {reason}"
            raise file.error_in(row[0], problem, _NO_EXAMPLE) from reason
        except FeatureError as reason:
            raise file.error_in(row[0], str(reason), reason.help) from reason

    def _add_image(self, features: Mapping[bytes, list[Any]]) -> None:
        sizes = [len(features[key]) for key in _CORNERS]
        if min(sizes) != max(sizes):
            raise FeatureError("has {} ymin, {} xmin, {} ymax, {} xmax".format(*sizes))
        ids, texts = features[_LABEL], features[_TEXT]
        self._name(ids, texts)
        if texts and self._ids_by_text is not None:
            ids = [self._ids_by_text.get(text, UNKNOWN) for text in texts]
        if self._hierarchy is not None:
            by_object = {key: features[key] for key in KINDS if key not in (_LABEL, _TEXT)}
            ids, features = self._hierarchy.expand(ids, texts, by_object)
        sides = [features[key] for key in _CORNERS]
        boxes = len(sides[0])
        kept = self.tally.add_image(Boxes(ids, texts, list(zip(*sides)), boxes))
        for key, flagged in ((_CROWD, self.tally.crowd), (_DIFFICULT, self.tally.difficult)):
            flags = flags_of(kept, features[key], boxes, key)
            flagged.update(ids[i] for i, flag in zip(kept, flags) if flag)
        self.tally.weighted_boxes += _other_than_one(features[_WEIGHT])
        group_of = features[_GROUP_OF]
        self.tally.group_of.update(ids[i] for i in kept if any(group_of[i : i + 1]))


def _features(row: Row, file: RecordFile) -> Mapping[bytes, list[Any]]:
    start, stop, *contents = row
    if None not in contents:
        return {key: list_values(c, kind) for (key, kind), c in zip(KINDS.items(), contents)}
    with file.mapped(start, stop) as (buffer, first, end):
        keys = map_keys(buffer, first, end, 2)  # of a SequenceExample's feature lists
        if any(key.startswith((b"image/", b"region/")) for key in keys):
            raise FeatureError("is a tf.train.SequenceExample", _IS_SEQUENCE)
        return read_example(buffer, first, end, KINDS, OTHER_KINDS, SINGLE)


def _other_than_one(weights: Sequence[float]) -> int:
    return len(weights) - list(weights).count(1.0)


def _are_upright(low: bytes, high: bytes) -> bool:
    """Whether no low side is above its high side, none is NaN and none is far off the image."""
    numbers = struct.Struct(f"<{len(low) // 4}f")
    highs = numbers.unpack(high)
    return all(map(le, numbers.unpack(low), highs)) and max(highs, default=0) <= MAX_COORDINATE


_NO_EXAMPLE = "TFOD reads records that each hold one serialized tf.train.Example"
_IS_SEQUENCE = "read it with input type TF_SEQUENCE_EXAMPLE, as input_type of the input reader says"
