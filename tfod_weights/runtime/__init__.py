"""The real TFOD with class weights: the only part that touches TensorFlow and object_detection.

enable → mends (compat), TFOD's messages with our fields (grafted_protos), patches of TFOD's own
modules (patches); all of them wait until the program imports what they change (import_hooks).
"""

from __future__ import annotations

from tfod_weights.runtime.activation import enable

__all__ = ["enable"]
