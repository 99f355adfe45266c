"""The tables of feature extractors, against the source of the TFOD that is installed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tfod_weights.pipeline.feature_extractors import KERAS_TYPES, TF1_TYPES
from tfod_weights.schema.installed import protos_folder


def test_twins() -> None:
    assert TF1_TYPES["ssd_mobilenet_v2"] == "ssd_mobilenet_v2_keras"
    assert TF1_TYPES["faster_rcnn_resnet101"] == "faster_rcnn_resnet101_keras"
    assert TF1_TYPES["ssd_inception_v2"] is None


def test_the_tables_are_those_of_the_model_builder() -> None:
    folder = protos_folder()
    if folder is None:
        pytest.skip("object_detection is not installed")
    source = (Path(folder).parent / "builders" / "model_builder.py").read_text()
    maps = {
        name: set(re.findall(r"'([^']+)':", body))
        for name, body in re.findall(r"  (\w+_MAP) = \{\n(.*?)\n  \}", source, re.DOTALL)
    }
    assert maps["SSD_KERAS_FEATURE_EXTRACTOR_CLASS_MAP"] == set(KERAS_TYPES["ssd"])
    assert maps["FASTER_RCNN_KERAS_FEATURE_EXTRACTOR_CLASS_MAP"] == set(KERAS_TYPES["faster_rcnn"])
    assert maps["CENTER_NET_EXTRACTOR_FUNCTION_MAP"] == set(KERAS_TYPES["center_net"])
    tf1 = maps["SSD_FEATURE_EXTRACTOR_CLASS_MAP"] | maps["FASTER_RCNN_FEATURE_EXTRACTOR_CLASS_MAP"]
    assert tf1 == set(TF1_TYPES)
