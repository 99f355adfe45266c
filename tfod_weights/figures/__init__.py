"""Figures of class distributions, weights and metrics, drawn with matplotlib (the extra `plot`).

matplotlib is imported when something is drawn.
"""

from __future__ import annotations

# Name -> what it shows.
FIGURES = {
    "distribution": "objects per class, and what sampling draws",
    "weights": "the class weights in the config",
    "forecast": "the share of the loss that each class is expected to have",
    "ap": "average precision per class, and how it changed",
    "curves": "precision-recall curves",
    "confusion": "which classes are taken for which",
}
