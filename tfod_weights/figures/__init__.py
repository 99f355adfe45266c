"""Figures of class distributions, weights and metrics, drawn with matplotlib (the extra `plot`).

matplotlib is imported when something is drawn.
"""
