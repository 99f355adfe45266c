"""Feature extractors that TensorFlow 1 built, and what TensorFlow 2 has instead.

Facts from the class maps of object_detection/builders/model_builder.py.
"""

from __future__ import annotations

from typing import Iterator, Optional

from tfod_weights.migration.history import LIKELY, Mend, replacement
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.textformat import MergedMessage, Scalar

_MESSAGES = ("SsdFeatureExtractor", "FasterRcnnFeatureExtractor")

# Names of TensorFlow 1 whose network is a Keras model in TensorFlow 2, `_keras` appended.
WITH_KERAS_TWIN = frozenset(
    {
        "faster_rcnn_inception_resnet_v2",
        "faster_rcnn_resnet50",
        "faster_rcnn_resnet101",
        "faster_rcnn_resnet152",
        "ssd_mobilenet_v1",
        "ssd_mobilenet_v1_fpn",
        "ssd_mobilenet_v2",
        "ssd_mobilenet_v2_fpn",
        "ssd_resnet50_v1_fpn",
        "ssd_resnet101_v1_fpn",
        "ssd_resnet152_v1_fpn",
    }
)

# Names of TensorFlow 1 that TensorFlow 2 has nothing for.
WITHOUT_TWIN = frozenset(
    {
        "embedded_ssd_mobilenet_v1",
        "faster_rcnn_inception_v2",
        "faster_rcnn_nas",
        "faster_rcnn_pnas",
        "ssd_inception_v2",
        "ssd_inception_v3",
        "ssd_mobiledet_cpu",
        "ssd_mobiledet_dsp",
        "ssd_mobiledet_edgetpu",
        "ssd_mobiledet_gpu",
        "ssd_mobilenet_edgetpu",
        "ssd_mobilenet_v1_ppn",
        "ssd_mobilenet_v2_mnasfpn",
        "ssd_mobilenet_v3_large",
        "ssd_mobilenet_v3_small",
        "ssd_pnasnet",
        "ssd_resnet50_v1_ppn",
        "ssd_resnet101_v1_ppn",
        "ssd_resnet152_v1_ppn",
        "ssd_spaghettinet",
    }
)


def extractor_mends(config: PipelineConfig) -> Iterator[Mend]:
    """Feature extractors of TensorFlow 1 → their Keras twins."""
    for extractor in _extractors(config):
        name, span = extractor_type(extractor), _span_of_type(config, extractor)
        if name in WITH_KERAS_TWIN and span:
            reason = "TensorFlow 2 has its Keras twin; TF 1 checkpoints do not fit it"
            yield replacement(config.text, span, f"{name}_keras", reason, LIKELY)


def extractor_notes(config: PipelineConfig) -> Iterator[tuple[int, str]]:
    """Where a config names what TensorFlow 2 cannot build, and that it does."""
    for extractor in _extractors(config):
        name = extractor_type(extractor)
        if name in WITHOUT_TWIN:
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
