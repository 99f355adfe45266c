"""`font.getsize`, which Pillow 10 removed; TFOD draws its box labels with it."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from tfod_weights.runtime.import_hooks import after_import
from tfod_weights.runtime.notes import note


def install() -> None:
    """Bring it back on every class of fonts that lacks it."""
    after_import("PIL.ImageFont", _add_getsize)


def _add_getsize(image_font: ModuleType) -> None:
    for font in (image_font.FreeTypeFont, image_font.ImageFont, image_font.TransposedFont):
        if not hasattr(font, "getsize"):
            font.getsize = _getsize
            note("Pillow's fonts get back getsize")


def _getsize(font: Any, text: str, *arguments: Any, **keywords: Any) -> tuple[int, int]:
    """Width of the ink, and height from the top of the line to the bottom of the ink."""
    left, _, right, bottom = font.getbbox(text, *arguments, **keywords)
    return int(right - left), int(bottom)
