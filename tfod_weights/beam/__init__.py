"""Counting on many machines: an Apache Beam transform (the extra `beam`).

    import apache_beam as beam
    from tfod_weights.beam import CountClasses

    with beam.Pipeline(options=options) as pipeline:
        counts = pipeline | CountClasses("train.record-*", "label_map.pbtxt")

`counts` is a PCollection of one ClassCounts, equal to what `count_classes` returns. Workers need
tfod-weights, and the record files under the same paths. `launch` is `count --beam`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tfod_weights.beam.transform import CountClasses

__all__ = ["CountClasses"]


def __getattr__(name: str) -> Any:
    """Import Beam, which takes seconds, when it is needed; the command first quiets it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tfod_weights.beam import transform

    return getattr(transform, name)
