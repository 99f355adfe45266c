"""The data sets, and how long a network of ours is trained on each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from benchmarks.effect.bccd import write_bccd
from benchmarks.effect.digits import write_digits


@dataclass(frozen=True)
class DataSet:
    """Records to train on.

    Attributes:
        name: Names its folder and its table.
        image_size: Pixels of a side of the network's input.
        steps: Training steps of 8 images.
        augmented: Whether images are mirrored and cropped, as the template does it.
        write: Writes train.record, val.record and label_map.pbtxt; the first folder is where
            BCCD is.
    """

    name: str
    image_size: int
    steps: int
    augmented: bool
    write: Callable[[Path, Path], None]

    def prepare(self, bccd: Path, folder: Path) -> None:
        """Write the records unless they are there."""
        if not (folder / "label_map.pbtxt").exists():
            self.write(bccd, folder)


DATA_SETS = (
    DataSet("bccd", 192, 1500, augmented=True, write=write_bccd),
    DataSet("digits", 160, 1500, augmented=False, write=lambda _, folder: write_digits(folder)),
)
