"""The digits of the effect study: what is promised of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn has the digits")

import numpy as np
from sklearn.datasets import load_digits

from benchmarks.effect.digits import (
    CLASSES,
    TRAIN,
    VAL,
    Split,
    placed_digits,
    split_records,
    write_digits,
)
from benchmarks.effect.scenes import IMAGE_SIZE, draw_scene
from tfod_weights import count_classes

SPLITS = pytest.mark.parametrize("split", [TRAIN, VAL], ids=lambda split: split.name)


@SPLITS
def test_the_same_bytes_every_time(split: Split) -> None:
    first, second = (list(islice(split_records(split), 3)) for _ in range(2))
    assert first == second
    assert len(set(first)) == 3


def test_another_seed_is_another_set() -> None:
    one, other = (next(split_records(replace(VAL, seed=seed))) for seed in (2, 3))
    assert one != other


@SPLITS
def test_every_class_has_its_objects(split: Split) -> None:
    scenes = placed_digits(split)
    assert len(scenes) == split.images
    assert Counter(one.digit for scene in scenes for one in scene) == Counter(
        dict(enumerate(split.objects))
    )
    assert max(map(len, scenes)) - min(map(len, scenes)) <= 1


def test_the_tail_is_100_to_1_in_training_alone() -> None:
    assert len(TRAIN.objects) == len(VAL.objects) == len(CLASSES) == 10
    assert max(TRAIN.objects) == 100 * min(TRAIN.objects)
    assert len(set(VAL.objects)) == 1


def test_no_digit_is_in_both() -> None:
    used = [
        {one.source for scene in placed_digits(split) for one in scene} for split in (TRAIN, VAL)
    ]
    assert not used[0] & used[1]


@SPLITS
def test_objects_are_the_digits_that_they_are_said_to_be(split: Split) -> None:
    target = load_digits().target
    assert all(target[one.source] == one.digit for scene in placed_digits(split) for one in scene)


def test_boxes_hold_the_objects_and_meet_no_other() -> None:
    rng = np.random.RandomState(1)
    ink = load_digits().images[:5] / 16
    for _ in range(10):
        scene = draw_scene(list(ink), iter(ink), rng)
        assert scene.pixels.shape == (IMAGE_SIZE, IMAGE_SIZE)
        covered = np.zeros((IMAGE_SIZE, IMAGE_SIZE), int)
        for top, left, bottom, right in scene.boxes:
            assert 0 <= top < bottom <= IMAGE_SIZE
            assert 0 <= left < right <= IMAGE_SIZE
            covered[top:bottom, left:right] += 1
        assert covered.max() == 1
        assert len(scene.boxes) == len(ink)


def test_records_are_counted_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = [
        replace(split, images=4, objects=tuple(range(1, 11)) if split is TRAIN else (1,) * 10)
        for split in (TRAIN, VAL)
    ]
    monkeypatch.setattr("benchmarks.effect.digits.TRAIN", small[0])
    monkeypatch.setattr("benchmarks.effect.digits.VAL", small[1])
    write_digits(tmp_path)
    for split in small:
        counts = count_classes(tmp_path / f"{split.name}.record", tmp_path / "label_map.pbtxt")
        assert tuple(row.objects for row in counts.classes) == split.objects
        assert [row.name for row in counts.classes] == list(CLASSES)
        assert counts.images == split.images
