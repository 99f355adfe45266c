"""Gates: how conditions are read, and what they are true of."""

from __future__ import annotations

import pytest

from tfod_weights.errors import UsageError
from tfod_weights.evaluation import (
    Change,
    ClassChange,
    ClassMetrics,
    Comparison,
    Evaluation,
    Gate,
    GroupChange,
    GroupMetrics,
)
from tfod_weights.evaluation.comparison import METRICS

NAMES = ("circle", "traffic light", "U.S. sign", "a<b", "x.AP", "common", "ghost")


def changes(value):
    """AP changes by `value` ± 0.02, every other metric by nothing."""
    nothing = Change(0.0, -0.02, 0.02, 0.5, 0.5)
    return {
        **dict.fromkeys(METRICS, nothing),
        "AP": Change(value, value - 0.02, value + 0.02, 0, 0),
    }


COMPARISON = Comparison(
    classes=tuple(
        ClassChange(i, name, 10, 9, {} if name == "ghost" else changes(-i / 100))
        for i, name in enumerate(NAMES, start=1)
    ),
    groups=tuple(
        GroupChange(name, (1,), 9, changes(value))
        for name, value in {"all": 0.01, "rare": 0.05, "common": 0.0, "head": -0.0125}.items()
    ),
    images=9,
    baseline_seeds=1,
    candidate_seeds=1,
    iou=0.5,
    score_threshold=0.5,
    resamples=1000,
    seed=0,
    confidence=0.95,
)
EVALUATION = Evaluation(
    images=9,
    iou=0.5,
    score_threshold=0.5,
    classes=tuple(
        ClassMetrics(i, name, 10, 9, ap=None if name == "ghost" else 0.5)
        for i, name in enumerate(NAMES, start=1)
    ),
    groups=tuple(GroupMetrics(row.name, (1,), ap=0.5) for row in COMPARISON.groups),
    coco={},
    confusion=(),
    matches={},
    source={},
)

CONDITIONS = [
    # condition, name, metric, bound, holds
    ("head.AP < -0.01", "head", "AP", "value", True),
    ("head.AP<-0.0125", "head", "AP", "value", False),
    ("head.AP <= -0.0125", "head", "AP", "value", True),
    ("  head.ap < -.02 ", "head", "AP", "value", False),
    ("rare.AP.low > 0", "rare", "AP", "low", True),
    ("rare.AP.LOW >= 0.03001", "rare", "AP", "low", False),
    ("all.AP.high < 0", "all", "AP", "high", False),
    ("all.Precision < 1e-9", "all", "precision", "value", True),
    ("all.f1 > 0", "all", "F1", "value", False),
    ("traffic light.AP <= -0.02", "traffic light", "AP", "value", True),
    ("U.S. sign.AP50.low < 0", "U.S. sign", "AP50", "low", True),
    ("a<b.AP < 0", "a<b", "AP", "value", True),
    ("x.AP.AP < 0", "x.AP", "AP", "value", True),
    ("class:common.AP < 0", "class:common", "AP", "value", True),
    ("group:common.AP < 0", "group:common", "AP", "value", False),
]


@pytest.mark.parametrize(("text", "name", "metric", "bound", "holds"), CONDITIONS)
def test_conditions(text, name, metric, bound, holds):
    gate = Gate.parse(text)
    assert (gate.name, gate.metric, gate.bound, gate.text) == (name, metric, bound, text.strip())
    gate.require_in(EVALUATION)
    (result,) = gate.results("candidate", COMPARISON)
    assert result.holds is holds
    assert result.candidate == "candidate"


NO_CONDITIONS = [
    ("", "is no condition"),
    ("head.AP", "is no condition"),
    ("head.AP = 0", "is no condition"),
    ("head.AP == 0", "is no condition"),
    ("< 0", "is no condition"),
    ("head < 0", "names no metric"),
    ("AP < 0", "names no metric"),
    (".AP < 0", "names no metric"),
    ("head.low < 0", "names no metric"),
    ("head.AP50.mid < 0", "no metric 'mid'"),
    ("head.mAP < 0", "no metric 'mAP'\nhelp: did you mean AP?"),
    ("head.recal < 0", "no metric 'recal'\nhelp: did you mean recall?"),
    ("head.AP <", "ends with no number"),
    ("head.AP < 1%", "'1%' is no number"),
    ("head.AP < -1", "no change is as large as -1\nhelp: metrics go from 0 to 1"),
    ("head.AP < nan", "no change is as large as nan"),
    ("head.AP < inf", "no change is as large as inf"),
]


@pytest.mark.parametrize(("text", "problem"), NO_CONDITIONS)
def test_what_is_no_condition(text, problem):
    with pytest.raises(UsageError) as error:
        Gate.parse(text)
    assert problem in str(error.value)
    assert "help: " in str(error.value)


UNKNOWN = [
    ("haed.AP < 0", "called 'haed'\nhelp: did you mean head?"),
    ("Circle.AP < 0", "called 'Circle'\nhelp: did you mean circle?"),
    ("zebra.AP < 0", "called 'zebra'\nhelp: there are: all, rare, common, head, circle, "),
    ("class:head.AP < 0", "called 'head'\nhelp: there are: circle, "),
    ("common.AP < 0", "common is a class and a group\nhelp: write class:common or group:common"),
    ("ghost.AP < 0", "ghost has no objects in these images"),
]


@pytest.mark.parametrize(("text", "problem"), UNKNOWN)
def test_what_a_gate_cannot_be_about(text, problem):
    with pytest.raises(UsageError) as error:
        Gate.parse(text).require_in(EVALUATION)
    assert problem in str(error.value)


def test_a_group_without_classes():
    few = GroupMetrics("all", (1,), ap=0.5)
    with pytest.raises(UsageError, match="no class is rare\nhelp: groups with classes: all"):
        Gate.parse("rare.AP < 0").require_in(
            Evaluation(9, 0.5, 0.5, EVALUATION.classes, (few,), {}, (), {}, {})
        )


def test_classes_of_the_same_name_are_all_looked_at():
    twins = (
        ClassChange(1, "twin", 5, 5, changes(-0.05)),
        ClassChange(2, "twin", 5, 5, changes(0.05)),
    )
    comparison = Comparison(twins, (), 5, 1, 1, 0.5, 0.5, 1000, 0, 0.95)
    results = Gate.parse("twin.AP < -0.01").results("B", comparison)
    assert [result.holds for result in results] == [True, False]
