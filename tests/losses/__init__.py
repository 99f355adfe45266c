"""The class-weighted losses, inside the real TFOD; skipped where it is not installed."""

from tests.tfod_imports import import_tfod

import_tfod()
