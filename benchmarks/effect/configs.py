"""The pipeline.config of a run: generated, then patched, both by tfod-weights."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.effect.arms import Arm
from benchmarks.effect.datasets import DataSet
from tfod_weights import generate_config
from tfod_weights.cli import patch

_AUGMENTATION = """\
  data_augmentation_options {
    random_horizontal_flip { }  # remove it if left and right matter, as in digits
  }
  data_augmentation_options {
    ssd_random_crop { }
  }
"""
_METRICS = 'metrics_set: "coco_detection_metrics"\n'


def write_config(path: Path, data_set: DataSet, arm: Arm, seed: int, records: Path) -> None:
    """Write the config of a run.

    Args:
        path: Where to.
        data_set: What to train on.
        arm: How to balance.
        seed: Of the sampling, where the arm samples.
        records: The folder with the records.

    Raises:
        TfodWeightsError: `tfod-weights patch` refuses the arm's options.
    """
    path.write_text(base_config(data_set, records))
    options = arm.options(seed)
    if options:
        parser = argparse.ArgumentParser()
        patch.add_arguments(parser)
        patch.patched(parser.parse_args([str(path), *options])).write()


def base_config(data_set: DataSet, records: Path) -> str:
    """The tiny SSD of the templates, without weights."""
    text = generate_config(
        "ssd-tiny",
        label_map=records / "label_map.pbtxt",
        train=records / "train.record",
        val=records / "val.record",
        image_size=data_set.image_size,
        steps=data_set.steps,
        weighted=False,
    ).text
    text = _replaced(text, _METRICS, f"{_METRICS}  include_metrics_per_category: true\n")
    return text if data_set.augmented else _replaced(text, _AUGMENTATION, "")


def _replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"the template no longer has {old!r}"
    return text.replace(old, new)
