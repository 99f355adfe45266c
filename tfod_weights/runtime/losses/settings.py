"""What the losses do beside weighing; set before the model is built.

`TFOD_WEIGHTS_CLASS_SUMMARIES=0` turns the class losses off for programs that set nothing.
"""

from __future__ import annotations

import os

SUMMARIES_VARIABLE = "TFOD_WEIGHTS_CLASS_SUMMARIES"

#: Whether each class's loss is written beside TFOD's own scalars.
class_summaries: bool = os.environ.get(SUMMARIES_VARIABLE, "1") not in ("0", "false", "no")
