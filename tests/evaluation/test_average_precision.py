"""Metrics of resampled images against pycocotools run on images that are really repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evaluation.making import made_images, require_pycocotools
from tfod_weights.evaluation import DetectedImages, Evaluation, evaluate_images
from tfod_weights.evaluation.average_precision import (
    MatchArrays,
    average_precisions,
    points_at_threshold,
)
from tfod_weights.evaluation.result import ClassMatches

require_pycocotools()
np = pytest.importorskip("numpy")

IOU, SCORE = 0.75, 0.4


def repeated(images: DetectedImages, times: Sequence[int]) -> DetectedImages:
    """Every image as often as `times` says, its copies side by side."""
    copies = [(one, copy) for one, n in zip(images.image_ids, times) for copy in range(n)]
    new_ids = {pair: place for place, pair in enumerate(copies)}

    def of(rows):
        return [
            row._replace(image_id=new_id)
            for row in rows
            for (image_id, _), new_id in new_ids.items()
            if image_id == row.image_id
        ]

    return DetectedImages(
        images.names, [*new_ids.values()], of(images.objects), of(images.detections)
    )


def evaluated(images: DetectedImages) -> Evaluation:
    return evaluate_images(images, iou=IOU, score_threshold=SCORE)


@st.composite
def sets_of_images(draw):
    """Few images, so that recalls are few and their comparisons tell."""
    return made_images(
        draw(st.integers(1, 8)),
        quality=draw(st.floats(0, 1)),
        objects=draw(st.integers(1, 6)),
        crowds=draw(st.sampled_from([0, 0.3])),
        seed=draw(st.integers(0, 10_000)),
        groundtruth_seed=draw(st.integers(0, 10_000)),
    )


def found(evaluation: Evaluation, class_id: int, drawn) -> tuple[float, ...]:
    """What one resample of a class is computed to have."""
    matches = MatchArrays.of(evaluation.matches[class_id])
    ap = average_precisions(matches, drawn)
    precision, recall = points_at_threshold(matches, drawn, iou=IOU, score=SCORE)
    return tuple(float(one[0]) for one in (ap.mean(axis=1), ap[:, 0], ap[:, 5], precision, recall))


def expected(evaluation: Evaluation, class_id: int) -> tuple[float, ...]:
    """What pycocotools says of a class; NaN without objects."""
    row = evaluation.of(class_id)
    if row.at_threshold is None:
        return (float("nan"),) * 5
    return row.ap, row.ap50, row.ap75, row.at_threshold.precision, row.at_threshold.recall


@settings(max_examples=40)
@given(sets_of_images())
def test_every_image_once_is_what_pycocotools_says(images):
    evaluation = evaluated(images)
    drawn = np.ones((1, evaluation.images), np.uint8)
    for class_id in images.names:
        wanted = pytest.approx(expected(evaluation, class_id), abs=1e-9, nan_ok=True)
        assert found(evaluation, class_id, drawn) == wanted


@settings(max_examples=60)
@given(sets_of_images(), st.data())
def test_images_repeated_are_what_pycocotools_says_of_the_repeated_images(images, data):
    times = data.draw(st.lists(st.integers(0, 4), min_size=8, max_size=8))[: len(images.image_ids)]
    evaluation = evaluated(images)
    of_copies = evaluated(repeated(images, times))
    for class_id in images.names:
        wanted = pytest.approx(expected(of_copies, class_id), abs=1e-9, nan_ok=True)
        assert found(evaluation, class_id, np.array([times], np.uint8)) == wanted


def test_many_objects_reach_recalls_as_pycocotools_compares_them():
    """100 objects, where recall 0.07 is below the threshold 7 · 0.01 by the last bit."""
    for share in range(1, 100):
        right = ClassMatches(
            images=tuple(range(100)),
            scores=tuple(np.linspace(0.9, 0.1, 100)),
            matched=tuple(1023 if place < share else 0 for place in range(100)),
            ignored=(0,) * 100,
            objects=dict.fromkeys(range(100), 1),
        )
        recalls = np.linspace(0, 1, 101)  # as pycocotools/cocoeval.py, setDetParams
        reached = (recalls <= share / 100).sum()
        ap = average_precisions(MatchArrays.of(right), np.ones((1, 100), np.uint8))
        assert ap[0, 0] == pytest.approx(reached / 101, abs=1e-12)


def test_resamples_are_computed_alike_together_and_apart():
    evaluation = evaluated(made_images(30, crowds=0.1))
    drawn = np.random.default_rng(0).integers(0, 4, (50, 30)).astype(np.uint8)
    for matches in map(MatchArrays.of, evaluation.matches.values()):
        together = average_precisions(matches, drawn)
        apart = [average_precisions(matches, row[None]) for row in drawn]
        np.testing.assert_array_equal(together, np.concatenate(apart))


NOTHING = ClassMatches(images=(), scores=(), matched=(), ignored=(), objects={0: 2})


@pytest.mark.parametrize(
    ("matches", "ap"),
    [
        pytest.param(NOTHING, 0.0, id="nothing detected"),
        pytest.param(replace(NOTHING, objects={}), float("nan"), id="neither"),
        pytest.param(replace(NOTHING, objects={1: 2}), float("nan"), id="objects not drawn"),
    ],
)
def test_classes_without_detections_or_objects(matches, ap):
    drawn = np.array([[2, 0]], np.uint8)
    assert average_precisions(MatchArrays.of(matches), drawn)[0, 0] == pytest.approx(
        ap, nan_ok=True
    )
    for one in points_at_threshold(MatchArrays.of(matches), drawn, iou=0.5, score=0.5):
        assert one[0] == pytest.approx(ap, nan_ok=True)
