"""The losses that apply the class weights of a config, inside the real TFOD.

config → `model_weights` (checked) → `model_building` wraps the losses of the model that TFOD
built → `weightings` say what each entry of a loss is multiplied by. A model whose config has no
class weights is TFOD's own, untouched.

Importing this imports neither TensorFlow nor TFOD.
"""

from __future__ import annotations

__all__ = ["PATCHES"]

# a module of TFOD → the function of ours that is called with it once it is imported
PATCHES: tuple[tuple[str, str], ...] = (
    (
        "object_detection.builders.model_builder",
        f"{__name__}.model_building:patch_model_builder",
    ),
    ("object_detection.utils.config_util", f"{__name__}.class_names:patch_config_util"),
    ("object_detection.model_lib_v2", f"{__name__}.class_losses:patch_model_lib"),
    ("object_detection.model_lib_v2", f"{__name__}.training_step:patch_model_lib"),
)
