"""The pre-training gate: rules over config, label map, records and weights → findings."""

from tfod_weights.checking.check import check_config
from tfod_weights.checking.check_many import CheckedConfig, check_configs
from tfod_weights.checking.findings import Finding
from tfod_weights.checking.kinds import ERROR, FINDINGS, NOTE, WARNING, Kind
from tfod_weights.checking.preflight import require_trainable

__all__ = [
    "ERROR",
    "FINDINGS",
    "NOTE",
    "WARNING",
    "CheckedConfig",
    "Finding",
    "Kind",
    "check_config",
    "check_configs",
    "require_trainable",
]
