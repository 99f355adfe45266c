"""The pre-training gate: rules over config, label map, records and weights → findings."""

from tfod_weights.checking.check import check_config
from tfod_weights.checking.findings import ERROR, FINDINGS, NOTE, WARNING, Finding

__all__ = ["ERROR", "FINDINGS", "NOTE", "WARNING", "Finding", "check_config"]
