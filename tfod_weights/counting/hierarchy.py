"""Objects that are trained as their class and as all of its ancestors.

As object_detection/data_decoders/tf_example_decoder.py decodes Examples for an input reader with
`expand_labels_hierarchy`: each box is repeated once per class of its lineage, in ascending order,
before anything is dropped or cut. The table has a row for each id from 1 to the label map's
highest; at an object with another class, one that is dropped without the option, TFOD stops.
Its decoder of SequenceExamples does not know the option.

The classes of whole images (image/class) are expanded too, and nothing of that counts here.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, Mapping, Optional, Sequence

from tfod_weights.counting.features import FeatureError
from tfod_weights.counting.tally import UNKNOWN
from tfod_weights.label_map import LabelMap


class Hierarchy:
    """What the classes of a label map are trained as.

    Raises:
        LabelMapError: an ancestor at which TFOD stops.
    """

    def __init__(self, label_map: LabelMap) -> None:
        self._max_id = label_map.max_id
        self._lineages = label_map.lineages()

    def expanded(self, ids: Sequence[int]) -> Optional[list[int]]:
        """The classes that objects of these classes are trained as; None if TFOD stops."""
        if ids and not 1 <= min(ids) <= max(ids) <= self._max_id:
            return None
        return list(chain.from_iterable(map(self._lineage, ids)))

    def expand(
        self, ids: Sequence[int], texts: Sequence[bytes], features: Mapping[bytes, list[Any]]
    ) -> tuple[list[int], Mapping[bytes, list[Any]]]:
        """An image's classes expanded, and its box features.

        Args:
            ids: One class_id per object.
            texts: Its class text, where `ids` came from texts.
            features: All that has a value per object.

        Raises:
            FeatureError: TFOD stops at the image.
        """
        expanded = self.expanded(ids)
        if expanded is None:
            raise self._outside(ids, texts)
        times = [len(self._lineage(class_id)) for class_id in ids]
        return expanded, {key: _repeated(row, times, key) for key, row in features.items()}

    def _lineage(self, class_id: int) -> Sequence[int]:
        return self._lineages.get(class_id) or (class_id,)

    def _outside(self, ids: Sequence[int], texts: Sequence[bytes]) -> FeatureError:
        place, class_id = next((i, c) for i, c in enumerate(ids) if not 1 <= c <= self._max_id)
        if class_id == UNKNOWN:
            what = f"the class text {texts[place]!r}, which is not in the label map"
        else:
            what = f"the class {class_id}, but the label map has 1 to {self._max_id}"
        return FeatureError(f"has an object with {what}", _STOPS)


def _repeated(row: list[Any], times: Sequence[int], key: bytes) -> list[Any]:
    """The values, each so often as its object; as tf.repeat, for which one object has them all."""
    if not row:
        return row
    if len(times) == 1:
        times = [*times] * len(row)
    if len(times) != len(row):
        found = f"{len(row)} values in {key.decode()}, but classes for {len(times)}"
        raise FeatureError(f"has {found}")
    return [value for value, number in zip(row, times) for _ in range(number)]


_STOPS = (
    "with expand_labels_hierarchy TFOD stops training with an error at this record; "
    "mend it or the label map"
)
