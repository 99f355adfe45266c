"""The embedded demonstration: a small, imbalanced data set drawn by the package itself."""

from tfod_weights.demo.dataset import write_demo

__all__ = ["write_demo"]
