"""TensorFlow without its notes on every start, for commands that print something of their own."""

from __future__ import annotations

import logging
import os
import warnings


def quieten_tensorflow() -> None:
    """Let TensorFlow and what it imports print errors only; call it before they are imported.

    What users set themselves, TF_CPP_MIN_LOG_LEVEL, stays.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # TFOD's calls are deprecated
    warnings.filterwarnings("ignore", module=r"(google|keras|tensorflow|tf_keras)\..*")
