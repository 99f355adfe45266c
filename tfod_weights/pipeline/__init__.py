"""The pipeline.config: where each architecture keeps its classes and losses; patch, strip.

config and architectures say what a file means; targets where weights go; layout how text is
inserted; switches what else patch can add; patch and strip put it together; verify has the last
word.
"""

from tfod_weights.pipeline.config import InputReader, PipelineConfig
from tfod_weights.pipeline.loss_switch import LossSwitch
from tfod_weights.pipeline.patch import PatchedConfig, patch_config, patch_text
from tfod_weights.pipeline.strip import strip_config, strip_text

__all__ = [
    "InputReader",
    "LossSwitch",
    "PatchedConfig",
    "PipelineConfig",
    "patch_config",
    "patch_text",
    "strip_config",
    "strip_text",
]
