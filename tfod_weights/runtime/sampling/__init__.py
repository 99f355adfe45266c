"""Class-balanced sampling inside TFOD's own input pipeline.

train_input (input_functions) says what classes there are → read_dataset (record_readers) wraps
the reading of each file, before TFOD's shuffle → record_copies plans how often each record is
read, from the labels that image_labels takes out of all records once, at the start.

Importing this imports neither TensorFlow nor TFOD.
"""

from __future__ import annotations

__all__ = ["PATCHES"]

# a module of TFOD → the function of ours that is called with it once it is imported
PATCHES: tuple[tuple[str, str], ...] = (
    ("object_detection.inputs", f"{__name__}.input_functions:patch_inputs"),
    (
        "object_detection.builders.dataset_builder",
        f"{__name__}.record_readers:patch_dataset_builder",
    ),
)
