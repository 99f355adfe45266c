"""What is worth knowing before TensorFlow is imported: seconds instead of a minute."""

from __future__ import annotations

from tfod_weights.checking.kinds import ERROR
from tfod_weights.checking.sampling_rules import sampling_findings
from tfod_weights.checking.weight_rules import value_findings
from tfod_weights.errors import ConfigError
from tfod_weights.files import StrPath
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.strip import grafted_fields
from tfod_weights.pipeline.targets import require_classes


def require_trainable(path: StrPath) -> PipelineConfig:
    """Refuse what TFOD's parser, the class-weighted losses and the sampling refuse.

    Reads no other file.

    Returns:
        The config.

    Raises:
        ConfigError: the config cannot be read, or its weights cannot be trained with.
        TextFormatError: it is not protobuf text format.
    """
    config = PipelineConfig.load(path)
    config.require_valid()
    if any(grafted_fields(config)):
        require_classes(config)
        num_classes = config.num_classes
        for finding in (
            *value_findings(config, num_classes),
            *sampling_findings(config, num_classes),
        ):
            if finding.severity == ERROR:
                raise ConfigError(finding.problem, place=finding.place, help=finding.help)
    return config
