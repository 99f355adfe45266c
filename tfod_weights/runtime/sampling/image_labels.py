"""The classes of an image's objects, read from its record without decoding the image.

The same objects as in tfod_weights.counting, which says where TFOD drops boxes.
"""

from __future__ import annotations

from typing import Any, Callable, Optional

import tensorflow as tf

from tfod_weights.counting.merging import BINS
from tfod_weights.label_map import LabelMap

Tensor = Any

_CORNERS = tuple(f"image/object/bbox/{side}" for side in ("ymin", "xmin", "ymax", "xmax"))
_LABEL, _TEXT = "image/object/class/label", "image/object/class/text"
_ABOVE_IDS = 2**31  # all that num_classes, an int32, leaves of class_ids is below
_FEATURES = {
    **{name: tf.io.VarLenFeature(tf.float32) for name in _CORNERS},
    _LABEL: tf.io.VarLenFeature(tf.int64),
    _TEXT: tf.io.VarLenFeature(tf.string),
}


def labels_reader(
    label_map: Optional[LabelMap],
    num_classes: int,
    max_number_of_boxes: int,
    *,
    expand_labels_hierarchy: bool = False,
    merge_multiple_label_boxes: bool = False,
) -> Callable[[Tensor], Tensor]:
    """A function from a serialized tf.train.Example, a string [], to int64 [objects].

    What it gives are the class_ids, from 1 to num_classes, of the objects that TFOD trains on.

    Args:
        label_map: The input reader's; None without one, when only labels decide.
        num_classes: The model's.
        max_number_of_boxes: The input reader's.
        expand_labels_hierarchy: The input reader's.
        merge_multiple_label_boxes: train_config's.

    Raises:
        LabelMapError: TFOD cannot expand the classes of this label map.
    """
    ids_by_text = _table(label_map) if label_map else None
    lineages = _lineages(label_map) if label_map and expand_labels_hierarchy else None

    def labels(record: Tensor) -> Tensor:
        parsed = tf.io.parse_single_example(record, _FEATURES)
        values = {name: parsed[name].values for name in _FEATURES}
        class_ids = values[_LABEL]
        if ids_by_text is not None:
            of_texts = ids_by_text.lookup(values[_TEXT])
            class_ids = tf.cond(tf.size(values[_TEXT]) > 0, lambda: of_texts, lambda: class_ids)
        # Where the numbers of values differ, TFOD itself stops at the record.
        boxes = tf.reduce_min([tf.size(values[name]) for name in _CORNERS] + [tf.size(class_ids)])
        sides = tf.stack([values[name][:boxes] for name in _CORNERS], axis=1)
        class_ids = class_ids[:boxes]
        if lineages is not None:
            class_ids, sides = _expanded(lineages, class_ids, sides)
        is_kept = (class_ids >= 0) & ~tf.reduce_any(tf.math.is_nan(sides), axis=1)
        class_ids, sides = tf.boolean_mask(class_ids, is_kept), tf.boolean_mask(sides, is_kept)
        slots = _slots(sides) if merge_multiple_label_boxes else tf.range(tf.size(class_ids))
        is_kept = (slots < max_number_of_boxes) & (class_ids >= 1) & (class_ids <= num_classes)
        class_ids, slots = tf.boolean_mask(class_ids, is_kept), tf.boolean_mask(slots, is_kept)
        return _distinct(class_ids, slots) if merge_multiple_label_boxes else class_ids

    return labels


def _lineages(label_map: LabelMap) -> Any:
    """Row i - 1: what the class_id i is trained as."""
    known = label_map.lineages()
    rows = [known.get(class_id, (class_id,)) for class_id in range(1, label_map.max_id + 1)]
    return tf.ragged.constant(rows, tf.int64, ragged_rank=1, row_splits_dtype=tf.int64)


def _expanded(lineages: Any, class_ids: Tensor, sides: Tensor) -> tuple[Tensor, Tensor]:
    """Each box once per class of its lineage; at a class without one TFOD itself stops."""
    is_known = (class_ids >= 1) & (class_ids <= lineages.nrows())
    class_ids, sides = tf.boolean_mask(class_ids, is_known), tf.boolean_mask(sides, is_known)
    rows = tf.gather(lineages, class_ids - 1)
    return rows.flat_values, tf.repeat(sides, rows.row_lengths(), axis=0)


def _slots(sides: Tensor) -> Tensor:
    """Which box a box is merged into, as in tfod_weights.counting.merging."""
    ymin, xmin, ymax, xmax = tf.unstack(tf.cast(sides * (BINS - 1), tf.int64), num=4, axis=1)
    return tf.unique(ymin + BINS * (xmin + BINS * (ymax + BINS * xmax))).idx


def _distinct(class_ids: Tensor, slots: Tensor) -> Tensor:
    """The class_ids, each once per slot."""
    slots = tf.cast(slots, tf.int64)
    return tf.unique(slots * _ABOVE_IDS + class_ids).y % _ABOVE_IDS


def _table(label_map: LabelMap) -> Any:
    """Class text -> class_id, -1 for others, as in TFOD's decoder."""
    ids_by_text = label_map.ids_by_text()
    entries = tf.lookup.KeyValueTensorInitializer(
        tf.constant(list(ids_by_text), tf.string), tf.constant(list(ids_by_text.values()), tf.int64)
    )
    return tf.lookup.StaticHashTable(entries, default_value=-1)
