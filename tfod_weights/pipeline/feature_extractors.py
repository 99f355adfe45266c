"""Which feature extractors TFOD builds on TensorFlow 2, and what became of those of TensorFlow 1.

The tables of object_detection/builders/model_builder.py (TFOD 2.8.0).
"""

from __future__ import annotations

from typing import Mapping, Optional

# architecture -> the types that TFOD builds on TensorFlow 2
KERAS_TYPES: Mapping[str, tuple[str, ...]] = {
    "ssd": (
        "ssd_mobilenet_v1_keras",
        "ssd_mobilenet_v1_fpn_keras",
        "ssd_mobilenet_v2_keras",
        "ssd_mobilenet_v2_fpn_keras",
        "ssd_resnet50_v1_fpn_keras",
        "ssd_resnet101_v1_fpn_keras",
        "ssd_resnet152_v1_fpn_keras",
        *(f"ssd_efficientnet-b{size}_bifpn_keras" for size in range(8)),
    ),
    "faster_rcnn": (
        "faster_rcnn_resnet50_keras",
        "faster_rcnn_resnet101_keras",
        "faster_rcnn_resnet152_keras",
        "faster_rcnn_inception_resnet_v2_keras",
        "faster_rcnn_resnet50_fpn_keras",
        "faster_rcnn_resnet101_fpn_keras",
        "faster_rcnn_resnet152_fpn_keras",
    ),
    "center_net": (
        "resnet_v2_50",
        "resnet_v2_101",
        "resnet_v1_18_fpn",
        "resnet_v1_34_fpn",
        "resnet_v1_50_fpn",
        "resnet_v1_101_fpn",
        "hourglass_10",
        "hourglass_20",
        "hourglass_32",
        "hourglass_52",
        "hourglass_104",
        "mobilenet_v2",
        "mobilenet_v2_fpn",
        "mobilenet_v2_fpn_sep_conv",
    ),
}

_TF1_ONLY = (
    "ssd_inception_v2",
    "ssd_inception_v3",
    "ssd_mobilenet_v1",
    "ssd_mobilenet_v1_fpn",
    "ssd_mobilenet_v1_ppn",
    "ssd_mobilenet_v2",
    "ssd_mobilenet_v2_fpn",
    "ssd_mobilenet_v2_mnasfpn",
    "ssd_mobilenet_v3_large",
    "ssd_mobilenet_v3_small",
    "ssd_mobilenet_edgetpu",
    "ssd_resnet50_v1_fpn",
    "ssd_resnet101_v1_fpn",
    "ssd_resnet152_v1_fpn",
    "ssd_resnet50_v1_ppn",
    "ssd_resnet101_v1_ppn",
    "ssd_resnet152_v1_ppn",
    "embedded_ssd_mobilenet_v1",
    "ssd_pnasnet",
    "ssd_mobiledet_cpu",
    "ssd_mobiledet_dsp",
    "ssd_mobiledet_edgetpu",
    "ssd_mobiledet_gpu",
    "ssd_spaghettinet",
    "faster_rcnn_nas",
    "faster_rcnn_pnas",
    "faster_rcnn_inception_resnet_v2",
    "faster_rcnn_inception_v2",
    "faster_rcnn_resnet50",
    "faster_rcnn_resnet101",
    "faster_rcnn_resnet152",
)

_KERAS = {name for names in KERAS_TYPES.values() for name in names}

# a type of TensorFlow 1 -> the same network on TensorFlow 2, None where there is none
TF1_TYPES: Mapping[str, Optional[str]] = {
    name: f"{name}_keras" if f"{name}_keras" in _KERAS else None for name in _TF1_ONLY
}
