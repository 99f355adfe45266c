"""Migration: what people copy from the web → what TFOD reads, every edit with its reason.

characters, lexical, punctuation mend text that does not parse; names, values, placement,
extractors, defaults what does; history keeps the way back to the lines of the original.
"""

from tfod_weights.migration.history import CERTAIN, DEFAULT, LIKELY, MigrationEdit
from tfod_weights.migration.migrate import (
    Leftover,
    MigratedConfig,
    migrate_config,
    migrate_text,
)

__all__ = [
    "CERTAIN",
    "DEFAULT",
    "LIKELY",
    "Leftover",
    "MigratedConfig",
    "MigrationEdit",
    "migrate_config",
    "migrate_text",
]
