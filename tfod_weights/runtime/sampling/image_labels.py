"""The classes of an image's objects, read from its record without decoding the image.

The same objects as in tfod_weights.counting, which says where TFOD drops boxes.
"""

from __future__ import annotations

from typing import Any, Callable, Optional

import tensorflow as tf

from tfod_weights.label_map import LabelMap

Tensor = Any

_CORNERS = tuple(f"image/object/bbox/{side}" for side in ("ymin", "xmin", "ymax", "xmax"))
_LABEL, _TEXT = "image/object/class/label", "image/object/class/text"
_FEATURES = {
    **{name: tf.io.VarLenFeature(tf.float32) for name in _CORNERS},
    _LABEL: tf.io.VarLenFeature(tf.int64),
    _TEXT: tf.io.VarLenFeature(tf.string),
}


def labels_reader(
    label_map: Optional[LabelMap], num_classes: int, max_number_of_boxes: int
) -> Callable[[Tensor], Tensor]:
    """A function from a serialized tf.train.Example, a string [], to int64 [objects].

    What it gives are the class_ids, from 1 to num_classes, of the objects that TFOD trains on.

    Args:
        label_map: The input reader's; None without one, when only labels decide.
        num_classes: The model's.
        max_number_of_boxes: The input reader's.
    """
    ids_by_text = _table(label_map) if label_map else None

    def labels(record: Tensor) -> Tensor:
        parsed = tf.io.parse_single_example(record, _FEATURES)
        values = {name: parsed[name].values for name in _FEATURES}
        class_ids = values[_LABEL]
        if ids_by_text is not None:
            of_texts = ids_by_text.lookup(values[_TEXT])
            class_ids = tf.cond(tf.size(values[_TEXT]) > 0, lambda: of_texts, lambda: class_ids)
        # Where the numbers of values differ, TFOD itself stops at the record.
        boxes = tf.reduce_min([tf.size(values[name]) for name in _CORNERS] + [tf.size(class_ids)])
        sides = tf.stack([values[name][:boxes] for name in _CORNERS])
        has_box = tf.logical_not(tf.reduce_any(tf.math.is_nan(sides), axis=0))
        class_ids = tf.boolean_mask(class_ids[:boxes], has_box)
        class_ids = tf.boolean_mask(class_ids, class_ids >= 0)[:max_number_of_boxes]
        return tf.boolean_mask(class_ids, (class_ids >= 1) & (class_ids <= num_classes))

    return labels


def _table(label_map: LabelMap) -> Any:
    """Class text -> class_id, -1 for others, as in TFOD's decoder."""
    ids_by_text = label_map.ids_by_text()
    entries = tf.lookup.KeyValueTensorInitializer(
        tf.constant(list(ids_by_text), tf.string), tf.constant(list(ids_by_text.values()), tf.int64)
    )
    return tf.lookup.StaticHashTable(entries, default_value=-1)
