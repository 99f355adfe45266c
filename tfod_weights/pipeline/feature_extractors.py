"""The feature extractors that TFOD 2.8 knows, by architecture and TensorFlow version.

Facts from object_detection/builders/model_builder.py; a git clone of TFOD may know more.
"""

from __future__ import annotations

from typing import Optional

TENSORFLOW_2 = {
    "ssd": (
        "ssd_mobilenet_v1_keras",
        "ssd_mobilenet_v1_fpn_keras",
        "ssd_mobilenet_v2_keras",
        "ssd_mobilenet_v2_fpn_keras",
        *(f"ssd_resnet{depth}_v1_fpn_keras" for depth in (50, 101, 152)),
        *(f"ssd_efficientnet-b{scale}_bifpn_keras" for scale in range(8)),
    ),
    "faster_rcnn": (
        *(f"faster_rcnn_resnet{depth}_keras" for depth in (50, 101, 152)),
        "faster_rcnn_inception_resnet_v2_keras",
        *(f"faster_rcnn_resnet{depth}_fpn_keras" for depth in (50, 101, 152)),
    ),
    "center_net": (
        "resnet_v2_50",
        "resnet_v2_101",
        *(f"resnet_v1_{depth}_fpn" for depth in (18, 34, 50, 101)),
        *(f"hourglass_{depth}" for depth in (10, 20, 32, 52, 104)),
        "mobilenet_v2",
        "mobilenet_v2_fpn",
        "mobilenet_v2_fpn_sep_conv",
    ),
}

TENSORFLOW_1_ONLY = {
    "ssd": (
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
        *(f"ssd_resnet{depth}_v1_fpn" for depth in (50, 101, 152)),
        *(f"ssd_resnet{depth}_v1_ppn" for depth in (50, 101, 152)),
        "embedded_ssd_mobilenet_v1",
        "ssd_pnasnet",
        *(f"ssd_mobiledet_{chip}" for chip in ("cpu", "dsp", "edgetpu", "gpu")),
        "ssd_spaghettinet",
    ),
    "faster_rcnn": (
        "faster_rcnn_nas",
        "faster_rcnn_pnas",
        "faster_rcnn_inception_resnet_v2",
        "faster_rcnn_inception_v2",
        *(f"faster_rcnn_resnet{depth}" for depth in (50, 101, 152)),
    ),
    "center_net": (),
}


def keras_twin(architecture: str, name: str) -> Optional[str]:
    """The TensorFlow 2 extractor of the same network as a TensorFlow 1 one; None without one.

    >>> keras_twin("ssd", "ssd_mobilenet_v2")
    'ssd_mobilenet_v2_keras'
    >>> keras_twin("ssd", "ssd_inception_v2")
    """
    twin = f"{name}_keras"
    return twin if twin in TENSORFLOW_2.get(architecture, ()) else None
