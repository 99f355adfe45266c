"""The presets of `--augment`: data_augmentation_options of TFOD that are known to work together.

Names and parameters are those of object_detection/protos/preprocessor.proto. A new preset is a
new entry; the options of each stand in the order in which TFOD applies them:

1. the flip, which moves everything and loses nothing;
2. the colours, of real pixels only: the crop may pad with black, which should stay black. TFOD
   expects values from 0 to 255 here and cuts the result to them, so nothing that rescales values
   may come before;
3. the crop, which decides how much of the image and which of its boxes are left.

The zoo's CenterNet configs and the SSD of Liu et al. 2016 have colours before the crop, too.
"""

from __future__ import annotations

from typing import Mapping

Parameters = Mapping[str, str]  # the name of a field -> its value as text
Preset = Mapping[str, Parameters]  # the name of an option -> its parameters

FLIP = "random_horizontal_flip"

# The whole image or at least 3/4 of it: ssd_resnet50_v1_fpn_640x640_coco17_tpu-8 and
# ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8 of TFOD's model zoo.
_MILD_CROP: Parameters = {
    "min_object_covered": "0.0",
    "min_aspect_ratio": "0.75",
    "max_aspect_ratio": "3.0",
    "min_area": "0.75",
    "max_area": "1.0",
    "overlap_thresh": "0.0",
}
# A square of 0.6 to 1.3 times the image's longer side, so zoomed in or out: CenterNet (Zhou et al.
# 2019), as in the zoo's center_net_deepmac_512x512_voc_only_tpu-32.
_SQUARE_CROP: Parameters = {"scale_min": "0.6", "scale_max": "1.3"}

# The zoo's CenterNets change colours by these amounts; they are the defaults of
# preprocessor.proto, written out so that they can be seen and changed.
_HUE: Parameters = {"max_delta": "0.02"}
_CONTRAST: Parameters = {"min_delta": "0.8", "max_delta": "1.25"}
_SATURATION: Parameters = {"min_delta": "0.8", "max_delta": "1.25"}
_BRIGHTNESS: Parameters = {"max_delta": "0.2"}

PRESETS: Mapping[str, Preset] = {
    # The zoo's models flip; half of the usual change of brightness is safe almost everywhere.
    "light": {
        FLIP: {},
        "random_adjust_brightness": {"max_delta": "0.1"},
    },
    "medium": {
        FLIP: {},
        "random_adjust_brightness": _BRIGHTNESS,
        "random_adjust_contrast": _CONTRAST,
        "random_crop_image": _MILD_CROP,
    },
    # What center_net_deepmac_512x512_voc_only_tpu-32 trains with, option by option.
    "strong": {
        FLIP: {},
        "random_adjust_hue": _HUE,
        "random_adjust_contrast": _CONTRAST,
        "random_adjust_saturation": _SATURATION,
        "random_adjust_brightness": _BRIGHTNESS,
        "random_square_crop_by_scale": _SQUARE_CROP,
    },
    # The flip and the crop of Liu et al. 2016, section 2.2: the whole image, or a patch that has
    # an overlap of 0.1, 0.3, 0.5, 0.7 or 0.9 with an object (TFOD: that covers so much of one).
    # These are the defaults of ssd_random_crop. The zoo's ssd_mobilenet_v2_320x320_coco17_tpu-8
    # and ssd_inception_v2_pets train with the two, the flip first.
    "detection-ssd": {
        FLIP: {},
        "ssd_random_crop": {},
    },
}

# Two of these in one config cut the image twice.
CROPS = frozenset(
    {
        "random_crop_image",
        "random_crop_pad_image",
        "random_crop_to_aspect_ratio",
        "random_scale_crop_and_pad_to_square",
        "random_square_crop_by_scale",
        "ssd_random_crop",
        "ssd_random_crop_fixed_aspect_ratio",
        "ssd_random_crop_pad",
        "ssd_random_crop_pad_fixed_aspect_ratio",
    }
)
COLOURS = frozenset(
    {
        "random_adjust_brightness",
        "random_adjust_contrast",
        "random_adjust_hue",
        "random_adjust_saturation",
    }
)
# After these, values are no longer between 0 and 255.
RESCALING = frozenset({"normalize_image", "subtract_channel_mean"})
