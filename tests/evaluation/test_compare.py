"""Comparisons: what the intervals hold, what they are over, and what cannot be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.evaluation.making import made_evaluation, require_pycocotools
from tfod_weights import compare_evaluations
from tfod_weights.errors import EvaluationError, UsageError
from tfod_weights.evaluation import Change, bootstrap
from tfod_weights.evaluation.bootstrap import RowMetrics, draw_images, seed_errors
from tfod_weights.evaluation.comparison import METRICS

require_pycocotools()
np = pytest.importorskip("numpy")

RESAMPLES = 200


def compare(baseline, candidate, **settings):
    return compare_evaluations(baseline, candidate, **{"resamples": RESAMPLES, **settings})


@pytest.fixture(scope="module")
def stock():
    return [made_evaluation(60, quality=0.55, seed=seed) for seed in range(3)]


@pytest.fixture(scope="module")
def better():
    return [made_evaluation(60, quality=0.75, seed=seed) for seed in range(10, 13)]


def test_values_are_those_of_the_evaluations(stock, better):
    comparison = compare(stock[0], better[0])
    for row in comparison.classes:
        before, after = stock[0].of(row.class_id), better[0].of(row.class_id)
        assert tuple(row.changes) == METRICS
        assert (row.objects, row.images) == (before.objects, before.images)
        assert row.changes["AP"].before == pytest.approx(before.ap, abs=1e-12)
        assert row.changes["AP"].after == pytest.approx(after.ap, abs=1e-12)
        assert row.changes["AP"].value == pytest.approx(after.ap - before.ap, abs=1e-12)
        assert row.changes["F1"].after == pytest.approx(after.at_threshold.f1, abs=1e-12)
    for group in comparison.groups:
        before, after = stock[0].group(group.name), better[0].group(group.name)
        for metric, field in (("AP", "ap"), ("AP75", "ap75"), ("recall", "recall"), ("F1", "f1")):
            assert group.changes[metric].before == pytest.approx(getattr(before, field), abs=1e-12)
            assert group.changes[metric].after == pytest.approx(getattr(after, field), abs=1e-12)


def test_seeds_are_averaged(stock, better):
    comparison = compare(stock, better)
    wanted = np.mean([one.group("all").ap for one in better])
    assert comparison.group("all").changes["AP"].after == pytest.approx(wanted, abs=1e-12)
    assert (comparison.baseline_seeds, comparison.candidate_seeds) == (3, 3)


def test_nothing_changed_between_a_run_and_itself(stock):
    for row in compare(stock[0], stock[0]).classes:
        change = row.changes["AP"]
        assert (change.value, change.low, change.high) == (0, 0, 0)
        assert row.verdict == "no clear change"


def test_a_much_better_model_is_better_and_the_other_way_round_worse(stock, better):
    assert {row.verdict for row in compare(stock, better).groups} == {"better"}
    assert {row.verdict for row in compare(better, stock).groups} == {"worse"}


def test_the_other_way_round_is_the_mirror_image(stock, better):
    forth, back = (
        compare(*pair).group("all") for pair in ((stock[0], better[0]), (better[0], stock[0]))
    )
    for metric in METRICS:
        assert forth.changes[metric].low == pytest.approx(-back.changes[metric].high, abs=1e-12)


def test_the_seed_decides(stock, better):
    first, again, other = (compare(stock, better, seed=seed) for seed in (3, 3, 4))
    assert first == again
    assert first.groups != other.groups


def test_parts_of_any_size_give_the_same(stock, better, monkeypatch):
    whole = compare(stock, better)
    monkeypatch.setattr(bootstrap, "_AT_ONCE", 1000)
    assert compare(stock, better) == whole


def test_higher_confidence_widens(stock, better):
    narrow, wide = (
        compare(stock, better, confidence=c).group("head").changes["AP"] for c in (0.8, 0.98)
    )
    assert wide.low < narrow.low < narrow.high < wide.high


def test_the_images_are_drawn_alike_for_both_runs(stock):
    """Noise that two models share cancels: theirs is not the interval of two sets of images."""
    other = made_evaluation(60, quality=0.55, qualities={1: 0.56}, seed=0)
    paired = compare(stock[0], other).of(1).changes["AP"]
    own = [
        bootstrap.run_metrics([one], {}, draw_images(60, RESAMPLES, np.random.default_rng(i)), int)
        for i, one in enumerate((stock[0], other))
    ]
    apart = (own[1].classes[1].resampled - own[0].classes[1].resampled)[0]
    assert paired.high - paired.low < np.quantile(apart, 0.975) - np.quantile(apart, 0.025)


def test_a_group_is_resampled_as_a_whole(stock, better):
    """Its interval is that of the mean, narrower than the mean of the intervals."""
    comparison = compare(stock[0], better[0])
    changes = [row.changes["AP"] for row in comparison.classes]
    whole = comparison.group("all").changes["AP"]
    assert whole.value == pytest.approx(np.mean([change.value for change in changes]), abs=1e-12)
    assert whole.high - whole.low < np.mean([change.high - change.low for change in changes])


def test_classes_without_objects_are_left_out():
    names, shares = ("circle", "square", "ghost"), (0.7, 0.3, 0)
    pair = [made_evaluation(30, names=names, shares=shares, seed=seed) for seed in (0, 1)]
    comparison = compare(*pair)
    assert (comparison.of(3).changes, comparison.of(3).verdict) == ({}, "no objects")
    known = [comparison.of(class_id).changes["AP"].value for class_id in (1, 2)]
    assert comparison.group("all").changes["AP"].value == pytest.approx(np.mean(known), abs=1e-12)
    assert comparison.group("rare").verdict == "no objects"


def test_a_class_of_few_images_has_no_verdict():
    pair = [
        made_evaluation(40, quality=quality, shares=(0.9, 0.099, 0.001), groundtruth_seed=4)
        for quality in (0.1, 0.95)
    ]
    row = compare(*pair).of(2)
    assert row.images >= 6
    assert row.verdict == "better"
    few = next(row for row in compare(*pair).classes if 0 < row.images < 6)
    assert few.verdict == "too few images"


@pytest.mark.parametrize(
    ("low", "high", "enough", "verdict"),
    [
        (0.01, 0.03, True, "better"),
        (-0.03, -0.01, True, "worse"),
        (-0.01, 0.03, True, "no clear change"),
        (0.0, 0.03, True, "no clear change"),
        (0.01, 0.03, False, "too few images"),
    ],
)
def test_verdicts(low, high, enough, verdict):
    assert Change(0.02, low, high, 0.3, 0.32, enough).verdict == verdict


# -- seeds ------------------------------------------------------------------------------------


def row_of(points, interaction=0.0):
    values = np.array(points, float)[:, None]
    return RowMetrics(values, np.zeros((1, 10)), np.array([interaction]))


def test_without_images_the_error_is_that_of_the_t_test():
    before, after = [0.30, 0.32, 0.31], [0.35, 0.36]
    pooled = (2 * np.var(before, ddof=1) + np.var(after, ddof=1)) / 3
    wanted = np.sqrt(pooled * (1 / 3 + 1 / 2))
    assert seed_errors(row_of(before), row_of(after))[0] == pytest.approx(wanted, rel=1e-12)


def test_what_the_images_account_for_is_not_counted_again():
    before, after = row_of([0.30, 0.32], interaction=0.0001), row_of([0.31, 0.33])
    assert 0 < seed_errors(before, after)[0] < seed_errors(row_of([0.30, 0.32]), after)[0]
    assert seed_errors(row_of([0.30, 0.32], interaction=1), after)[0] == 0


def test_one_seed_each_says_nothing_about_seeds():
    assert seed_errors(row_of([0.3]), row_of([0.4]))[0] == 0


def test_seeds_that_differ_widen_the_interval(stock, better):
    def spread(evaluation, quality, seed):
        other = made_evaluation(60, quality=quality, seed=seed)
        return compare([evaluation, other], better).group("all").changes["AP"]

    alike, apart = spread(stock[0], 0.55, 1), spread(stock[0], 0.15, 1)
    assert apart.high - apart.low > 2 * (alike.high - alike.low)


@pytest.mark.parametrize("seeds", [1, 3])
def test_models_of_the_same_quality_seldom_differ(seeds):
    """Of 95% intervals of nothing about 1 in 20 leaves out 0; 40 trials, so up to 6."""
    missed = 0
    for trial in range(40):
        runs = [
            [
                made_evaluation(
                    25,
                    quality=0.5,
                    seed=1000 * trial + 10 * run + seed,
                    groundtruth_seed=trial,
                    names=("one",),
                    shares=(1,),
                )
                for seed in range(seeds)
            ]
            for run in range(2)
        ]
        missed += compare(*runs).group("all").verdict != "no clear change"
    assert missed <= 6


# -- what cannot be compared --------------------------------------------------------------------


def changed_class(evaluation, **changes):
    first, *others = evaluation.classes
    return replace(evaluation, classes=(replace(first, **changes), *others))


def changed_matches(evaluation, **changes):
    matches = {**evaluation.matches, 1: replace(evaluation.matches[1], **changes)}
    return replace(evaluation, matches=matches)


OTHERS = {
    "images": (lambda one: replace(one, images=61), "same images: 60 and 61 images"),
    "name": (lambda one: changed_class(one, name="disc"), "class 1 is 'circle' and 'disc'"),
    "missing": (
        lambda one: replace(one, classes=one.classes[:2]),
        "class 3 is 'triangle' and missing",
    ),
    "iou": (lambda one: replace(one, iou=0.75), "differ in their IoU: 0.5 and 0.75"),
    "threshold": (
        lambda one: replace(one, score_threshold=0.3),
        "differ in their score threshold: 0.5 and 0.3",
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_evaluations_of_something_else(stock, name):
    change, problem = OTHERS[name]
    with pytest.raises(EvaluationError, match=problem) as error:
        compare(stock[0], change(stock[1]))
    assert "the baseline and the candidate" in str(error.value)
    assert "help:" in str(error.value)


def test_other_objects(stock):
    other = made_evaluation(60, groundtruth_seed=1)
    with pytest.raises(EvaluationError, match=r"\d+ and \d+ objects of 'circle' in image \d+"):
        compare(stock[0], other)


BROKEN = {
    "image": {"images": (60,), "scores": (0.5,), "matched": (0,), "ignored": (0,)},
    "rising": {"images": (0, 1), "scores": (0.5, 0.6), "matched": (0, 0), "ignored": (0, 0)},
    "right": {
        "images": (0,) * 30,
        "scores": (0.5,) * 30,
        "matched": (1,) * 30,
        "ignored": (0,) * 30,
    },
    "text": {"images": ("a",), "scores": (0.5,), "matched": (0,), "ignored": (0,)},
}


@pytest.mark.parametrize("name", BROKEN)
def test_matches_that_contradict_themselves(stock, name):
    with pytest.raises(EvaluationError, match="the matches of 'circle' contradict"):
        compare(stock[0], changed_matches(stock[1], **BROKEN[name]))


def test_matches_of_other_objects_than_the_class(stock):
    with pytest.raises(EvaluationError, match="but others in its matches"):
        compare(stock[0], changed_matches(stock[1], objects={0: 1}))


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"resamples": 99}, "99 resamples are too few"),
        ({"confidence": 0.999}, "200 resamples are too few"),
        ({"confidence": 95}, "95 is no confidence"),
        ({"confidence": float("nan")}, "nan is no confidence"),
        ({"resamples": 10**14}, "100,000,000,000,000 resamples are too many"),
        ({"confidence": 1 - 1e-9}, "a confidence of 0.999999999 needs"),
        ({"seed": -1}, "-1 is no seed"),
    ],
)
def test_numbers_that_make_no_sense(stock, settings, problem):
    with pytest.raises(UsageError, match=problem):
        compare(stock[0], stock[1], **settings)


def test_more_images_than_fit_memory(stock):
    many = replace(stock[0], images=2**31 - 1)
    with pytest.raises(UsageError, match="200 resamples of 2,147,483,647 images do not fit"):
        compare(many, many)


def test_no_evaluation(stock):
    with pytest.raises(UsageError, match="the candidate has no evaluation"):
        compare(stock[0], [])


def test_progress_ends_at_its_total(stock, better):
    calls = []
    compare(stock, better, progress=lambda *call: calls.append(call))
    assert calls == [(done, 18) for done in range(1, 19)]
