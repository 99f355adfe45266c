"""What the tables of the effect study say of runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Sequence

import pytest

pytest.importorskip("sklearn", reason="scikit-learn has the digits")

from benchmarks.effect.arms import ARMS, BASELINE
from benchmarks.effect.pictures import write_pictures
from benchmarks.effect.run_results import ClassResult, RunResult, load, result_text
from benchmarks.effect.summary import MEAN, ArmSummary, summarize
from benchmarks.effect.tables import data_set_tables, write_tables


def run(arm: str, seed: int, *aps: float) -> RunResult:
    """A run with these APs, of the class `a`, which is rarest, and those after it."""
    classes = [
        ClassResult(name, 10 * index, ap, ap50=ap, precision=0.5, recall=0.5, best_f1=0.5)
        for index, (name, ap) in enumerate(zip("abc", aps), start=1)
    ]
    return RunResult("bccd", arm, seed, "", 1500, 100.0, tuple(classes))


def summary(arm: str, results: Sequence[RunResult]) -> ArmSummary:
    return next(one for one in summarize(results) if one.arm == arm)


PLAIN = [run(BASELINE, 1, 0.1, 0.5), run(BASELINE, 2, 0.12, 0.48)]


def test_means_and_differences_by_seed() -> None:
    found = summary(
        "sqrt-min", [*PLAIN, run("sqrt-min", 1, 0.2, 0.5), run("sqrt-min", 2, 0.24, 0.5)]
    )
    assert found.seeds == (1, 2)
    assert found.rarest == "a"
    assert found.ratio == pytest.approx(2)
    rare = found.figures["a"]
    assert (rare.mean, rare.low, rare.high) == pytest.approx((0.22, 0.2, 0.24))
    assert rare.difference == pytest.approx(0.11)
    assert found.figures[MEAN].difference == pytest.approx((0.05 + 0.07) / 2)


def test_only_seeds_that_the_baseline_has_count() -> None:
    found = summary(
        "sqrt-min", [*PLAIN, run("sqrt-min", 2, 0.2, 0.5), run("sqrt-min", 3, 0.9, 0.9)]
    )
    assert found.seeds == (2,)
    assert found.figures["a"].difference == pytest.approx(0.08)


def test_the_error_is_that_of_a_difference_of_means() -> None:
    found = summary(
        "sqrt-min", [*PLAIN, run("sqrt-min", 1, 0.1, 0.5), run("sqrt-min", 2, 0.1, 0.5)]
    )
    deviation = (2 * 0.01**2 / 2) ** 0.5  # two arms of two seeds: two degrees of freedom
    assert found.figures["a"].error == pytest.approx(deviation)
    assert summary(BASELINE, PLAIN).figures["a"].error == 0


def test_a_class_is_lost_beyond_two_errors() -> None:
    results = [*PLAIN, run("sqrt-min", 1, 0.3, 0.49), run("sqrt-min", 2, 0.3, 0.47)]
    assert summary("sqrt-min", results).below == []
    assert summary("sqrt-min", results).meets_goal
    results = [*PLAIN, run("sqrt-min", 1, 0.3, 0.4), run("sqrt-min", 2, 0.3, 0.38)]
    assert summary("sqrt-min", results).below == ["b"]
    assert not summary("sqrt-min", results).meets_goal


def test_one_seed_says_nothing_of_chance() -> None:
    results = [run(BASELINE, 1, 0.1, 0.5), run("sqrt-min", 1, 0.2, 0.1)]
    assert summary("sqrt-min", results).below == []


def test_without_a_baseline_nothing_is_compared() -> None:
    assert summarize([run("sqrt-min", 1, 0.1, 0.2)]) == []


def test_results_are_read_as_written(tmp_path: Path) -> None:
    for one in PLAIN:
        (tmp_path / f"{one.seed}.json").write_text(result_text(one))
    assert list(load(tmp_path)) == PLAIN
    assert (tmp_path / "1.json").stat().st_size < 600


PAGE = """before
<!-- effect: arms -->
<!-- end -->
<!-- effect: bccd -->
old
<!-- end -->
after
"""


def test_a_picture_of_every_data_set_with_something_to_compare(tmp_path: Path) -> None:
    write_pictures(tmp_path, PLAIN)
    assert not list(tmp_path.iterdir())
    write_pictures(tmp_path, [*PLAIN, run("sqrt-min", 1, 0.3, 0.2)])
    assert (tmp_path / "effect-bccd.png").read_bytes().startswith(b"\x89PNG")


def test_tables_are_written_between_markers(tmp_path: Path) -> None:
    page = tmp_path / "results.md"
    page.write_text(PAGE)
    write_tables(page, PLAIN)
    write_tables(page, PLAIN)
    text = page.read_text()
    assert text.startswith("before\n<!-- effect: arms -->\n\n| arm | `tfod-weights patch …` |\n")
    assert text.endswith(f"<!-- effect: bccd -->\n{data_set_tables(PLAIN)}<!-- end -->\nafter\n")
    assert "| none | .110 | .490 |" in text
    assert "\nold\n" not in text


def test_a_page_without_markers_is_left_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "results.md"
    page.write_text(PAGE.replace("bccd", "digits"))
    with pytest.raises(ValueError, match="effect: bccd"):
        write_tables(page, PLAIN)
    assert page.read_text() == PAGE.replace("bccd", "digits")


def test_arms_come_in_their_order() -> None:
    results = [replace(PLAIN[0], arm=arm.name) for arm in reversed(ARMS)]
    assert [one.arm for one in summarize(results)] == [arm.name for arm in ARMS]
