"""Migration: what people copy from the web → what TFOD reads, every edit with its reason.

characters, lexical, punctuation mend text that does not parse; names, values, placement,
extractors, defaults what does; history keeps the way back to the lines of the original;
advice tells other commands what would be mended.
"""

from tfod_weights.migration.advice import advise, mended_places, with_advice
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
    "advise",
    "mended_places",
    "migrate_config",
    "migrate_text",
    "with_advice",
]
