"""Feature extractors that TensorFlow 1 built, and what TensorFlow 2 has instead."""

from __future__ import annotations

from typing import Iterator, Optional

from tfod_weights.migration.history import LIKELY, Mend, replacement
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.feature_extractors import TF1_TYPES
from tfod_weights.textformat import MergedMessage, Scalar

_MESSAGES = ("SsdFeatureExtractor", "FasterRcnnFeatureExtractor")


def extractor_mends(config: PipelineConfig) -> Iterator[Mend]:
    """Feature extractors of TensorFlow 1 → their Keras twins."""
    for extractor in _extractors(config):
        name, span = extractor_type(extractor), _span_of_type(config, extractor)
        twin = TF1_TYPES.get(name)
        if twin and span:
            reason = "TensorFlow 2 has its Keras twin; TF 1 checkpoints do not fit it"
            yield replacement(config.text, span, twin, reason, LIKELY)


def extractor_notes(config: PipelineConfig) -> Iterator[tuple[int, str]]:
    """Where a config names what TensorFlow 2 cannot build, and that it does."""
    for extractor in _extractors(config):
        name = extractor_type(extractor)
        if TF1_TYPES.get(name, "") is None:
            offset = extractor.occurrences("type")[-1].start
            yield offset, f"only TensorFlow 1 builds {name}; choose another feature extractor"


def extractor_type(extractor: Optional[MergedMessage]) -> str:
    """The name of a feature extractor; empty where there is none."""
    return str(extractor.scalar("type")) if extractor and extractor.has("type") else ""


def _extractors(config: PipelineConfig) -> Iterator[MergedMessage]:
    return (one for one in config.root.walk() if one.descriptor.name in _MESSAGES)


def _span_of_type(config: PipelineConfig, extractor: MergedMessage) -> Optional[tuple[int, int]]:
    """The type without its quotes; None if it is written in several strings."""
    value = extractor.occurrences("type")[-1].value if extractor.has("type") else None
    if not isinstance(value, Scalar):
        return None
    span = (value.start + 1, value.end - 1)
    return span if config.text[slice(*span)] == extractor_type(extractor) else None
