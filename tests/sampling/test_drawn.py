"""What sampling is expected to draw from record files."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path

import pytest

from tests.counting.records import BOX, CLASS, PNG, example, write_records
from tfod_weights.counting import count_classes, expand_inputs, labelled_records
from tfod_weights.label_map import LabelMap, LabelMapItem
from tfod_weights.sampling import ClassSampling, drawn_counts

PETS = LabelMap((LabelMapItem(1, "cat"), LabelMapItem(2, "dog")))


def pictures(*images: str) -> list[bytes]:
    """An Example for every text, with a cat for each c and a dog for each d in it."""
    names = {"c": b"cat", "d": b"dog"}
    return [
        example(
            {
                "image/encoded": [PNG],
                CLASS + "text": [names[one] for one in image],
                **{BOX + side: [0.2] * len(image) for side in ("ymin", "xmin")},
                **{BOX + side: [0.8] * len(image) for side in ("ymax", "xmax")},
            }
        )
        for image in images
    ]


@pytest.fixture
def inputs(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "a.record", tmp_path / "b.record"]
    write_records(paths[0], *pictures("ccc", "ccc", "ccd"))
    write_records(paths[1], *pictures("d"))
    return paths


def effective(
    paths: list[Path], sampling: ClassSampling, shares: list[float] | None
) -> list[float]:
    counts = count_classes(paths, PETS, sample_weights=shares)
    read = partial(labelled_records, label_map=PETS, num_classes=2)
    drawn = drawn_counts(counts, expand_inputs(paths, shares), sampling, read)
    assert [row.objects for row in drawn.classes] == [8, 2]
    return [row.effective_objects for row in drawn.classes]


def test_one_input(inputs: list[Path]) -> None:
    # image weights 1, 1, 2 and 4; their mean is 2
    cats, dogs = effective(inputs, ClassSampling((1, 4), "MEAN"), None)
    assert math.isclose(cats, 3 * 0.5 + 3 * 0.5 + 2 * 1)
    assert math.isclose(dogs, 1 * 1 + 1 * 2)


def test_inputs_that_are_mixed(inputs: list[Path]) -> None:
    """Each input is drawn by its sample weight, whatever the weights of its images."""
    cats, dogs = effective(inputs, ClassSampling((1, 4), "MEAN"), [3, 1])
    # of the first input, images weigh 1, 1 and 2: 2 cats and 1/2 dog per image drawn
    assert math.isclose(cats, 4 * 0.75 * (3 + 3 + 2 * 2) / 4)
    assert math.isclose(dogs, 4 * (0.75 * 2 / 4 + 0.25 * 1))
