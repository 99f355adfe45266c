"""Metrics per class, on scenes small enough to reckon in the head, and by the definitions."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pycocotools", reason="pycocotools is not installed")

from tests.evaluation.scenes import NAMES, scene
from tfod_weights.errors import UsageError
from tfod_weights.evaluation import (
    DetectedImages,
    Detection,
    GroundtruthObject,
    evaluate_images,
)
from tfod_weights.evaluation.curves import thinned
from tfod_weights.evaluation.result import CurvePoint

LEFT, MIDDLE, RIGHT = ((x, 10.0, 20.0, 20.0) for x in (0.0, 40.0, 80.0))


def images_of(objects, detections, names=NAMES) -> DetectedImages:
    """One image, of (class_id, box) and (class_id, box, score)."""
    return DetectedImages(
        names,
        ["only"],
        [GroundtruthObject("only", class_id, box, 400.0) for class_id, box in objects],
        [Detection("only", *detection) for detection in detections],
    )


@pytest.fixture(scope="module")
def evaluation():
    """Two cells and a clot: a cell is seen, one is missed, the clot is taken for a cell and
    seen with a low score, and something is seen in the void."""
    return evaluate_images(
        images_of(
            [(1, LEFT), (1, MIDDLE), (2, RIGHT)],
            [(1, LEFT, 0.9), (1, RIGHT, 0.8), (2, RIGHT, 0.3), (2, (0.0, 90.0, 5.0, 5.0), 0.6)],
        )
    )


def test_precision_recall_and_f1_at_the_threshold(evaluation) -> None:
    cell, clot, cyst = evaluation.classes
    assert cell.at_threshold == CurvePoint(0.5, 0.5, 0.5)
    assert cell.at_threshold.f1 == 0.5
    assert clot.at_threshold == CurvePoint(0.5, 0.0, 0.0)
    assert clot.at_threshold.f1 == 0.0
    assert cyst.at_threshold is None


def test_the_best_f1_is_where_it_is_highest(evaluation) -> None:
    cell, clot, cyst = evaluation.classes
    assert cell.best == CurvePoint(0.9, 1.0, 0.5)
    assert clot.best == CurvePoint(0.3, 0.5, 1.0)
    assert cyst.best is None


def test_the_curve_has_every_score(evaluation) -> None:
    assert [point.score for point in evaluation.of(2).curve] == [0.6, 0.3]
    assert [point.recall for point in evaluation.of(2).curve] == [0.0, 1.0]


def test_ap_is_cocos(evaluation) -> None:
    # Of COCO's 101 recalls the cell's detections reach 0, .01 … .5, with a precision of 1.
    assert evaluation.of(1).ap == pytest.approx(51 / 101)
    assert evaluation.of(2).ap == pytest.approx(0.5)
    assert evaluation.of(4).ap is None
    assert evaluation.coco["AP"] == pytest.approx((51 / 101 + 0.5) / 2)
    assert evaluation.group("all").ap == pytest.approx(evaluation.coco["AP"])


def test_confusion_takes_each_object_once(evaluation) -> None:
    assert evaluation.confusion == (
        (0, 2, 1),  # in the void
        (1, 0, 1),  # the cell in the middle
        (1, 1, 1),
        (2, 1, 1),  # its own detection is below the threshold
    )


def test_roc_auc_compares_objects_of_a_class_with_the_others(evaluation) -> None:
    # cells score .9 and 0 as cells, the clot .8: one pair of two is in order
    assert evaluation.of(1).roc_auc == 0.5
    assert evaluation.of(2).roc_auc == 1.0
    assert evaluation.of(4).roc_auc is None


def test_equal_scores_count_half_and_share_a_threshold() -> None:
    evaluation = evaluate_images(
        images_of([(1, LEFT), (2, RIGHT)], [(1, LEFT, 0.7), (1, RIGHT, 0.7)])
    )
    assert evaluation.of(1).roc_auc == 0.5
    assert evaluation.of(1).curve == ((0.7, 0.5, 1.0),)


def test_a_stricter_iou(evaluation) -> None:
    shifted = (3.0, 10.0, 20.0, 20.0)  # IoU 17/23 = .74
    images = images_of([(1, LEFT)], [(1, shifted, 0.9)])
    assert evaluate_images(images, iou=0.7).of(1).at_threshold.recall == 1
    strict = evaluate_images(images, iou=0.75)
    assert strict.of(1).at_threshold.recall == 0
    assert strict.confusion == ((0, 1, 1), (1, 0, 1))
    assert strict.of(1).ap50 == pytest.approx(1)
    assert strict.of(1).ap75 == 0
    assert strict.of(1).ap == pytest.approx(0.5)  # .50 to .70


def test_no_such_iou() -> None:
    with pytest.raises(UsageError, match=r"0\.52 is none of COCO's IoU thresholds"):
        evaluate_images(images_of([], []), iou=0.52)


@pytest.mark.parametrize("score", [float("nan"), float("inf"), -float("inf")])
def test_no_such_score(score) -> None:
    with pytest.raises(UsageError, match=f"{score:g} is no score threshold"):
        evaluate_images(images_of([], []), score_threshold=score)


def test_no_detections_at_all() -> None:
    evaluation = evaluate_images(images_of([(1, LEFT)], []))
    assert evaluation.of(1).ap == 0
    assert evaluation.of(1).at_threshold == (0.5, 0.0, 0.0)
    assert evaluation.of(1).curve == ()
    assert evaluation.confusion == ((1, 0, 1),)


def test_no_objects_at_all() -> None:
    evaluation = evaluate_images(images_of([], [(1, LEFT, 0.9)]))
    assert evaluation.coco["AP"] is None
    assert evaluation.group("all").ap is None
    assert evaluation.of(1).at_threshold is None


def test_crowds_are_neither_right_nor_wrong() -> None:
    images = images_of([(1, LEFT)], [(1, LEFT, 0.5), (1, RIGHT, 0.9)])
    crowd = GroundtruthObject("only", 1, RIGHT, 400.0, is_crowd=True)
    with_crowd = DetectedImages(NAMES, ["only"], [*images.objects, crowd], images.detections)
    row = evaluate_images(with_crowd).of(1)
    assert (row.objects, row.at_threshold) == (1, (0.5, 1.0, 1.0))
    assert row.ap == pytest.approx(1)


def test_what_lies_on_a_crowd_is_no_confusion() -> None:
    """Unless it is right, or the crowd is one of another class."""
    found = [(1, LEFT, 0.9), (1, RIGHT, 0.8), (2, RIGHT, 0.7), (1, MIDDLE, 0.6)]
    images = images_of([(1, LEFT), (2, MIDDLE)], found)
    crowds = [GroundtruthObject("only", 1, box, 400.0, is_crowd=True) for box in (RIGHT, MIDDLE)]
    with_crowds = DetectedImages(NAMES, ["only"], [*images.objects, *crowds], images.detections)
    evaluation = evaluate_images(with_crowds)
    assert evaluation.confusion == ((0, 2, 1), (1, 1, 1), (2, 0, 1))
    assert evaluation.of(1).at_threshold.precision == 1


def test_the_100_best_detections_of_an_image_and_class_count_everywhere() -> None:
    boxes = [(20.0 * number, 10.0, 10.0, 10.0) for number in range(130)]
    scores = [0.9 - number / 1000 for number in range(130)]
    evaluation = evaluate_images(
        images_of(
            [*((1, box) for box in boxes), (2, LEFT)],
            [*((1, box, score) for box, score in zip(boxes, scores)), (2, LEFT, 0.6)],
        )
    )
    assert evaluation.of(1).at_threshold.recall == 100 / 130
    assert evaluation.confusion == ((1, 0, 30), (1, 1, 100), (2, 2, 1))
    assert evaluation.of(1).roc_auc == pytest.approx(115 / 130)


def test_a_class_may_have_the_id_0() -> None:
    names = {0: "cell", 1: "clot"}
    found = [(0, LEFT, 0.9), (0, (0.0, 90.0, 5.0, 5.0), 0.8), (0, RIGHT, 0.7)]
    evaluation = evaluate_images(images_of([(0, LEFT), (0, MIDDLE), (1, RIGHT)], found, names))
    assert evaluation.of(0).at_threshold == pytest.approx((0.5, 1 / 3, 0.5))
    assert evaluation.confusion == (
        (-1, 0, 1),  # in the void
        (0, -1, 1),  # the cell in the middle
        (0, 0, 1),
        (1, 0, 1),
    )


def test_scores_may_be_negative() -> None:
    """An object that is not seen ranks below all that are."""
    found = [(1, LEFT, -1.0), (1, MIDDLE, -2.0), (1, RIGHT, -3.0)]
    images = images_of([(1, LEFT), (1, MIDDLE), (2, RIGHT)], found)
    evaluation = evaluate_images(images, score_threshold=-2.5)
    assert evaluation.of(1).roc_auc == 1
    assert evaluation.of(1).at_threshold == (-2.5, 1, 1)
    unseen = images_of([(1, LEFT), (2, RIGHT)], [(1, LEFT, -1.0)])
    assert evaluate_images(unseen).of(1).roc_auc == 1


def _rounded(value):
    return value if value is None else round(value, 9)


def test_groups_go_by_the_training_objects() -> None:
    images = images_of([(1, LEFT), (2, RIGHT)], [(1, LEFT, 0.9)])
    evaluation = evaluate_images(images, training_objects={1: 1000, 2: 30, 4: 200})
    groups = {group.name: (group.class_ids, _rounded(group.ap)) for group in evaluation.groups}
    # an equal share would be 410 objects; the cyst has more than a third of that
    assert groups == {
        "all": ((1, 2, 4), 0.5),
        "rare": ((2,), 0.0),
        "common": ((4,), None),
        "head": ((1,), 1.0),
    }


def test_many_points_are_thinned_to_what_a_figure_shows() -> None:
    points = [CurvePoint(1 - index / 1000, 0.5, index / 1000) for index in range(1000)]
    few = thinned(points)
    assert len(few) == 200
    assert (few[0], few[-1]) == (points[0], points[-1])


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_metrics_by_their_definitions(seed, threshold) -> None:
    """Precision and recall from pycocotools' own matches, object by object."""
    images = scene(seed)
    evaluation = evaluate_images(images, score_threshold=threshold)
    for row in evaluation.classes:
        matches = evaluation.matches[row.class_id]
        kept = [
            bool(matched & 1)
            for score, matched, ignored in zip(matches.scores, matches.matched, matches.ignored)
            if score >= threshold and not ignored & 1
        ]
        if row.at_threshold is None:
            assert row.objects == 0
            continue
        assert row.at_threshold.recall == sum(kept) / row.objects
        assert row.at_threshold.precision == (sum(kept) / len(kept) if kept else 0)
        assert list(matches.scores) == sorted(matches.scores, reverse=True)
        best = max((point.f1 for point in row.curve), default=None)
        assert (row.best and row.best.f1) == best


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_every_object_and_every_detection_is_in_the_confusion_once(seed, threshold) -> None:
    images = scene(seed, crowds=False)
    cells = evaluate_images(images, score_threshold=threshold).confusion
    objects = images.objects
    seen = [one for one in images.detections if one.score >= threshold]
    assert sum(number for class_id, _, number in cells if class_id) == len(objects)
    assert sum(number for _, detected_as, number in cells if detected_as) == len(seen)


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_what_precision_leaves_out_confusion_leaves_out(seed, threshold) -> None:
    """Of a class alone: as many are seen right or wrong, and as many are missed."""
    images = scene(seed, names={1: "cell"})
    evaluation = evaluate_images(images, score_threshold=threshold)
    cells = {cell[:2]: cell.number for cell in evaluation.confusion}
    point = evaluation.of(1).at_threshold
    seen = sum(cells.get((class_id, 1), 0) for class_id in (0, 1))
    if point is not None:
        assert cells.get((1, 1), 0) == pytest.approx(point.recall * evaluation.of(1).objects)
        assert cells.get((1, 1), 0) == pytest.approx(point.precision * seen)


@given(st.integers(0, 10_000))
def test_roc_auc_counts_ordered_pairs(seed) -> None:
    images = scene(seed, crowds=False)

    def iou(a, b) -> float:
        width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        shared = max(width, 0) * max(height, 0)
        return shared / (a[2] * a[3] + b[2] * b[3] - shared)

    def score(one, class_id) -> float:
        return max(
            (
                detection.score
                for detection in images.detections
                if (detection.image_id, detection.class_id) == (one.image_id, class_id)
                and iou(detection.box, one.box) >= 0.5
            ),
            default=0.0,
        )

    for row in evaluate_images(images).classes:
        scores = [
            (one.class_id == row.class_id, score(one, row.class_id)) for one in images.objects
        ]
        pairs = [
            (positive > negative) + (positive == negative) / 2
            for (is_one, positive), (is_other, negative) in itertools.product(scores, scores)
            if is_one and not is_other
        ]
        expected = sum(pairs) / len(pairs) if pairs else None
        assert row.roc_auc == (expected if expected is None else pytest.approx(expected))
