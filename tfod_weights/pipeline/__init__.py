"""The pipeline.config: where each architecture keeps its classes and losses; patch, strip.

config, inputs and architectures say what a file means; targets where weights go; sampling_block
how images are drawn; switches what else patch can add; layout how text is inserted; patch and
strip put it together; verify has the last word.
"""

from tfod_weights.pipeline.config import PipelineConfig
from tfod_weights.pipeline.inputs import InputReader
from tfod_weights.pipeline.loss_switch import LossSwitch
from tfod_weights.pipeline.patch import PatchedConfig, patch_config, patch_text
from tfod_weights.pipeline.sampling_block import NewSampling
from tfod_weights.pipeline.strip import strip_config, strip_text

__all__ = [
    "InputReader",
    "LossSwitch",
    "NewSampling",
    "PatchedConfig",
    "PipelineConfig",
    "patch_config",
    "patch_text",
    "strip_config",
    "strip_text",
]
