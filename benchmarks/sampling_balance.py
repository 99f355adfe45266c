"""How well each way of drawing images balances the classes of a real data set.

Runs TFOD's own input pipeline; needs TFOD.

    python benchmarks/sampling_balance.py --data ../shared/data/bccd
"""

from __future__ import annotations

import argparse
import logging
import tempfile
from pathlib import Path
from typing import Iterator

from tfod_weights import class_weights, count_classes, enable, patch_text
from tfod_weights.sampling import AGGREGATIONS, ClassSampling
from tfod_weights.sampling.result import DrawnClasses

SCHEMES = ("sqrt", "inverse")
CONFIG = """
model {{ ssd {{ num_classes: {num_classes} loss {{ }} }} }}
train_input_reader {{
  label_map_path: "{folder}/label_map.pbtxt"
  tf_record_input_reader {{ input_path: "{folder}/train.record*" }}
}}
"""


def samplings(folder: Path) -> Iterator[tuple[str, ClassSampling]]:
    """Every way to draw, by name."""
    counts = count_classes([folder / "train.record*"], folder / "label_map.pbtxt")
    for scheme in SCHEMES:
        weights = tuple(class_weights(counts, scheme=scheme).values)
        for aggregation in AGGREGATIONS:
            yield f"{scheme} {aggregation}", ClassSampling(weights, aggregation)
    for threshold in (0.5, 1.0):
        yield f"repeat factors {threshold}", ClassSampling(repeat_factor_threshold=threshold)


def drawn(folder: Path, sampling: ClassSampling, passes: int) -> DrawnClasses:
    """What TFOD draws."""
    from tfod_weights.runtime.sampling.draw import draw_config

    counts = count_classes([folder / "train.record*"], folder / "label_map.pbtxt")
    text = CONFIG.format(folder=folder, num_classes=counts.num_classes)
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "pipeline.config"
        path.write_text(patch_text(text, None, losses="none", sampling=sampling).text)
        return draw_config(path, passes=passes)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passes", type=int, default=20)
    arguments = parser.parse_args()
    enable()
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    folder = arguments.data.resolve()
    for name, sampling in samplings(folder):
        found = drawn(folder, sampling, arguments.passes)
        if name == f"{SCHEMES[0]} {next(iter(AGGREGATIONS))}":
            print("| drawn by |", " | ".join(row.name for row in found.classes), "| ratio |")
            shares = " | ".join(f"{row.share:.1%}" for row in found.classes)
            print(f"| (the records) | {shares} | {found.imbalance:.2f} |")
        shares = " | ".join(f"{row.drawn_share:.1%}" for row in found.classes)
        print(f"| {name} | {shares} | {found.drawn_imbalance:.2f} |")


if __name__ == "__main__":
    main()
