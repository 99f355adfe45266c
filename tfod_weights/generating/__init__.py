"""A whole pipeline.config from a template, a label map and records.

header reads a template file, library finds them all; data reads what to train on; schedule says
how long and how fast; values, rendering and checkpoint fill in; generate puts it together.
"""

from tfod_weights.generating.generate import GeneratedConfig, generate_config, require_new
from tfod_weights.generating.library import templates
from tfod_weights.generating.template import CHECKPOINT_TYPES, Template

__all__ = [
    "CHECKPOINT_TYPES",
    "GeneratedConfig",
    "Template",
    "generate_config",
    "require_new",
    "templates",
]
