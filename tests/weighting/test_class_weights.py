"""class_weights: scheme, cap, normalisation, inputs, warnings and refusals."""

import math
import pickle

import pytest

from tfod_weights.counting.counts import ClassCount, ClassCounts
from tfod_weights.errors import UsageError, WeightsError
from tfod_weights.weighting import NORMALIZATIONS, SCHEMES, ClassWeights, class_weights

BCCD = {1: 2382, 2: 214, 3: 209}


def counted(*rows, num_classes=None):
    classes = tuple(ClassCount(c, name, n, min(n, 99), float(n)) for c, name, n in rows)
    return ClassCounts(100, classes, num_classes or max(row.class_id for row in classes))


def rounded(weights):
    return tuple(float(f"{weight:.3g}") for weight in weights)


@pytest.mark.parametrize(
    ("scheme", "normalize", "expected"),
    [
        ("sqrt", "objects", (0.738, 2.46, 2.49)),
        ("sqrt", "min", (1, 3.34, 3.38)),
        ("inverse", "objects", (0.393, 4.37, 4.47)),
        ("inverse", "min", (1, 11.1, 11.4)),
        ("uniform", "objects", (1, 1, 1)),
    ],
)
def test_blood_cells(scheme, normalize, expected):
    assert rounded(class_weights(BCCD, scheme=scheme, normalize=normalize)) == expected


def test_a_hundred_and_twenty_objects_weigh_one_and_five():
    assert class_weights([100, 20], scheme="inverse", normalize="min").values == (1, 5)


def test_classes_over_count_as_a_function():
    """`len(class_counts) / count` of 1000, 100, 50 and 20 objects."""
    weights = class_weights(
        [1000, 100, 50, 20],
        scheme=lambda n: {c: len(n) / n[c] for c in n},
        normalize="none",
    )
    assert weights.values == (0.004, 0.04, 0.08, 0.2)
    assert weights.scheme == "custom"


def test_total_over_count_has_these_ratios():
    weights = class_weights([1000, 100, 50, 20], scheme="inverse", normalize="min")
    assert weights.values == pytest.approx((1, 10, 20, 50), rel=1e-15)


def test_the_three_inputs_agree():
    classes = counted((1, "RBC", 2382), (2, "WBC", 214), (3, "Platelets", 209))
    assert class_weights(classes).values == class_weights(BCCD).values
    assert class_weights(classes).values == class_weights(list(BCCD.values())).values
    assert class_weights(iter(BCCD.values())).values == class_weights(BCCD).values


def test_effective_objects_decide():
    rows = (ClassCount(1, "a", 10, 5, 30.0), ClassCount(2, "b", 10, 5, 10.0))
    weights = class_weights(ClassCounts(10, rows, 2), scheme="inverse", normalize="min")
    assert weights.values == (1, 3)
    assert [row.objects for row in weights.rows] == [30, 10]
    assert [row.images for row in weights.rows] == [5, 5]


def test_gaps_and_empty_classes_weigh_exactly_one():
    classes = counted((1, "a", 100), (3, "c", 0), (5, "e", 20), num_classes=6)
    for normalize in NORMALIZATIONS:
        weights = class_weights(classes, scheme="inverse", normalize=normalize)
        assert len(weights) == 6
        assert [weights[i] for i in (1, 2, 3, 5)] == [1, 1, 1, 1]
        assert weights.ratio == pytest.approx(5)
        assert [(w.kind, w.class_ids) for w in weights.warnings] == [
            ("no-objects", (3,)),
            ("gap", (2, 4, 6)),
        ]


def test_only_classes_with_objects_decide():
    with_gap = class_weights({1: 100, 2: 0, 4: 20})
    without = class_weights([100, 20])
    assert (with_gap[0], with_gap[3]) == without.values


def test_warnings_in_words():
    classes = counted((1, "car", 9000), (2, "toaster", 9), (3, "drier", 0), num_classes=4)
    assert [warning.message for warning in class_weights(classes).warnings] == [
        "toaster weighs 31.6 times as much as car; above 10 training often suffers: "
        "consider a milder scheme or a maximum ratio",
        "1 class has fewer than 10 objects, which no weight replaces: toaster (9)",
        "1 class has no objects and weighs 1: drier",
        "1 class id belongs to no class and weighs 1: 4",
    ]


def test_long_lists_in_warnings_are_cut():
    weights = class_weights([5000, *[0] * 8, 4000])
    assert weights.warnings[0].message == (
        "8 classes have no objects and weigh 1: class_id 2, class_id 3, class_id 4, "
        "class_id 5, class_id 6, class_id 7 and 2 more"
    )
    assert weights.warnings[0].class_ids == tuple(range(2, 10))


def test_a_cap_at_the_limit_does_not_warn():
    weights = class_weights([9000, 70], scheme="inverse", max_ratio=10)
    assert weights.ratio == pytest.approx(10)
    assert weights.warnings == ()


def test_cap_comes_before_normalisation():
    weights = class_weights([1000, 100, 20], scheme="inverse", normalize="min", max_ratio=4)
    assert weights.values == (1, 4, 4)
    kept = class_weights([1000, 100, 20], scheme="inverse", max_ratio=4)
    assert math.fsum(n * w for n, w in zip((1000, 100, 20), kept)) == pytest.approx(1120)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, {}),
        ({"scheme": "effective-number"}, {"beta": 0.999}),
        ({"scheme": "smoothed", "smoothing": 2}, {"smoothing": 2}),
        ({"scheme": "power", "power": 1, "max_ratio": 3}, {"power": 1, "max_ratio": 3}),
        ({"scheme": "sqrt", "power": 1, "max_ratio": 3}, {"max_ratio": 3}),
    ],
)
def test_parameters_that_matter_are_kept(arguments, expected):
    assert class_weights(BCCD, **arguments).parameters == expected


def test_num_classes_adds_gaps():
    weights = class_weights([100, 20], num_classes=4)
    assert len(weights) == 4
    assert weights.rows[3].is_gap
    with pytest.raises(UsageError, match="num_classes is 1, but the counts have class_id 2"):
        class_weights([100, 20], num_classes=1)


@pytest.mark.parametrize(
    "counts, num_classes, says",
    [
        ({2147483647: 5}, None, "the highest class_id is 2147483647, above the limit of 100,000"),
        (
            ClassCounts(1, (ClassCount(7, "cat", 1, 1, 1.0),), num_classes=2_000_000_000),
            None,
            "num_classes is 2000000000",
        ),
        ([100, 20], 100_001, "num_classes is 100001, above the limit"),
    ],
)
def test_ids_above_all_reason_are_refused(counts, num_classes, says):
    with pytest.raises(UsageError, match=says) as caught:
        class_weights(counts, num_classes=num_classes)
    assert "label map" in caught.value.help


def test_a_named_function_gives_the_scheme_its_name():
    def rarest_first(objects):
        return {c: 1 / n for c, n in objects.items()}

    assert class_weights(BCCD, scheme=rarest_first).scheme == "rarest_first"


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ([1, 2], "returned list, not class_id -> weight"),
        ({1: 1}, "returned no weight for class_id 2"),
        ({1: 1, 2: 1, 7: 1}, "returned a weight for 7, which has no objects"),
        ({1: 1, 2: 0}, "weight of class_id 2 is 0, but must be above 0"),
        ({1: 1, 2: math.nan}, "weight of class_id 2 is nan, not a finite number"),
        ({1: 1, 2: "5"}, "weight of class_id 2: '5' is not a number"),
    ],
)
def test_functions_that_return_nonsense(returned, message):
    with pytest.raises(WeightsError, match=message):
        class_weights([100, 20], scheme=lambda objects: returned)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([100, -1], "objects of class_id 2 is -1, but cannot be negative"),
        ([100, math.nan], "objects of class_id 2 is nan, not a finite number"),
        ([100, math.inf], "objects of class_id 2 is inf, not a finite number"),
        ([100, 10**400], "objects of class_id 2 cannot be used: int too large"),
        ([100, "20"], "objects of class_id 2: '20' is not a number"),
        ([100, None], "objects of class_id 2: None is not a number"),
        ({0: 5, 1: 5}, "class_id 0 is below 1; the background has no class weight"),
        ({"RBC": 5}, "'RBC' is not a class_id"),
        ({1.0: 5}, "1.0 is not a class_id"),
        ([0, 0], "no class has objects"),
        ([], "no class has objects"),
    ],
)
def test_counts_that_cannot_be_used(counts, message):
    with pytest.raises(WeightsError, match=message):
        class_weights(counts)


@pytest.mark.parametrize("counts", ["train.record", b"x", None, 5])
def test_counts_that_are_no_counts(counts):
    with pytest.raises(UsageError, match="counts must be"):
        class_weights(counts)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scheme": "sqr"}, "no scheme 'sqr'\nhelp: did you mean 'sqrt'\\? There are sqrt, inver"),
        ({"scheme": "Inverse"}, "did you mean 'inverse'"),
        ({"scheme": "effective_number"}, "did you mean 'effective-number'"),
        ({"scheme": "balanced"}, "no scheme 'balanced'\nhelp: There are sqrt"),
        ({"scheme": None}, "no scheme None"),
        ({"normalize": "object"}, "no normalisation 'object'\nhelp: did you mean 'objects'"),
        ({"beta": 1}, "beta is 1, but must be at least 0 and below 1"),
        ({"beta": None}, "beta"),
        ({"power": -1}, "power is -1, but must be at least 0"),
        ({"smoothing": math.nan}, "smoothing is nan"),
        ({"max_ratio": 0.5}, "max_ratio is 0.5, but must be at least 1"),
        ({"num_classes": 0}, "num_classes is 0, but must be a whole number of at least 1"),
        ({"num_classes": 2.0}, "num_classes is 2.0"),
    ],
)
def test_arguments_that_are_wrong(arguments, message):
    with pytest.raises(UsageError) as error:
        class_weights([100, 20], **arguments)
    error.match(message)


def test_arguments_after_the_first_are_keywords():
    with pytest.raises(TypeError):
        class_weights([100, 20], "sqrt")


def test_weights_are_a_sequence_of_floats():
    weights = class_weights([100, 20], scheme="inverse", normalize="min")
    assert list(weights) == [1, 5]
    assert weights[-1] == 5
    assert weights[:1] == (1,)
    assert tuple(reversed(weights)) == (5, 1)
    assert 5 in weights
    assert weights.index(5) == 1
    assert isinstance(weights, ClassWeights)
    assert pickle.loads(pickle.dumps(weights)) == weights


def test_weights_too_far_apart_are_refused():
    with pytest.raises(WeightsError):
        class_weights([100, 20], scheme=lambda n: {1: 5e-324, 2: 1e308}, normalize="objects")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("normalize", NORMALIZATIONS)
def test_every_scheme_and_normalisation_work_together(scheme, normalize):
    weights = class_weights(BCCD, scheme=scheme, normalize=normalize)
    assert (weights.scheme, weights.normalize) == (scheme, normalize)
    assert weights[0] <= weights[1] <= weights[2]
