"""Class weights as text: the field, the remark beside each value, and the marker's content."""

from __future__ import annotations

import math
import struct
from typing import Iterator, Sequence, Union

from tfod_weights.pipeline.layout import NewField
from tfod_weights.weighting import BatchClassWeights, ClassWeights, parameter_texts

PER_BATCH = "per-batch"  # in the marker: the recipe is in the field itself


def weights_field(name: str, weights: ClassWeights) -> NewField:
    """The field that holds the weights, with class names for long lists."""
    values = tuple(float32_text(value) for value in weights.values)
    remarks = tuple(_printable(remark) for remark in _remarks(weights))
    return NewField(name, values, is_list=True, remarks=remarks)


def _remarks(weights: ClassWeights) -> Iterator[str]:
    for row in weights.rows:
        name = "" if row.name == str(row.class_id) else f" {row.name}"
        counted = "" if row.objects is None else f": {row.objects:.10g} objects"
        yield f"{row.class_id}{' no such class' if row.is_gap else name + counted}"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)


def provenance(
    weights: Union[ClassWeights, BatchClassWeights], missing: Sequence[str]
) -> dict[str, str]:
    """What the marker says of the weights; `missing` are the blocks that are added."""
    pairs = {"added": missing[0]} if missing else {}
    if isinstance(weights, BatchClassWeights):
        return {**pairs, "scheme": PER_BATCH}
    pairs["scheme"] = weights.scheme
    if weights.scheme != "given":
        pairs["normalize"] = weights.normalize
    pairs.update(parameter_texts(weights.parameters))
    if weights.source:
        pairs["source"] = weights.source
    return pairs


def float32_text(value: float) -> str:
    """The shortest decimal of at least 6 digits that is the same 32-bit float.

    >>> float32_text(5), float32_text(1 / 3), float32_text(1e-9)
    ('5.0', '0.33333333', '1e-09')
    """
    single = as_float32(value)
    texts = [f"{value:.{digits}g}" for digits in range(6, 10)]
    texts.append(f"{single:.9g}")  # 9 digits of a 64-bit float may belong to the next 32-bit one
    text = next(text for text in texts if as_float32(float(text)) == single)
    return text if any(c in text for c in ".en") else f"{text}.0"


def as_float32(value: float) -> float:
    """A number as a 32-bit float keeps it; infinite where it is too large."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.inf
