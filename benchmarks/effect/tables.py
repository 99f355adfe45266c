"""The tables of docs/results.md, written between markers."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, Sequence

from benchmarks.effect.arms import ARMS, BASELINE
from benchmarks.effect.run_results import RunResult
from benchmarks.effect.summary import MEAN, ArmSummary, Estimate, summarize

_COMPARED = ("arm", "seeds", "mAP", "against none", "rarest", "×", "classes that lost", "goal")


def write_tables(path: Path, results: Sequence[RunResult]) -> None:
    """Write the arms, and the tables of every data set, between their markers.

    Markers are `<!-- effect: NAME -->` and `<!-- end -->`; NAME is `arms` or a data set's.

    Raises:
        ValueError: markers are missing; the file is left as it is.
    """
    text = _between(path.read_text(encoding="utf-8"), "arms", f"\n{arms_table()}\n")
    for name in sorted({one.data_set for one in results}):
        tables = data_set_tables([one for one in results if one.data_set == name])
        text = _between(text, name, tables)
    path.write_text(text, encoding="utf-8")


def _between(text: str, name: str, new: str) -> str:
    """The text with what is between two markers replaced."""
    start, end = f"<!-- effect: {name} -->\n", "<!-- end -->"
    before, found_start, rest = text.partition(start)
    _, found_end, after = rest.partition(end)
    if not (found_start and found_end):
        raise ValueError(f"no {start.strip()} … {end}")
    return f"{before}{start}{new}{end}{after}"


def arms_table() -> str:
    """What the arms are."""
    rows = (iter((arm.name, f"`{arm.patch}`" if arm.patch else "(as generated)")) for arm in ARMS)
    return _table(("arm", "`tfod-weights patch …`"), rows)


def data_set_tables(results: Sequence[RunResult]) -> str:
    """Both tables of one data set."""
    summaries = summarize(results)
    classes = [row.name for row in results[0].classes]
    header = (f"{row.name} ({row.objects:,})" for row in results[0].classes)
    compared = _table(_COMPARED, (_compared_row(one) for one in summaries))
    by_class = _table(("arm", *header), (_class_row(one, classes) for one in summaries))
    return f"\n{compared}\n{by_class}\n"


def _compared_row(one: ArmSummary) -> Iterator[str]:
    mean, rarest = one.figures[MEAN], one.figures[one.rarest]
    is_baseline = one.arm == BASELINE
    yield one.arm
    yield str(len(one.seeds))
    yield _spread(mean)
    yield "" if is_baseline else _change(mean)
    yield _spread(rarest)
    yield "" if is_baseline else f"{one.ratio:.2f}"
    yield ", ".join(one.below)
    yield "" if is_baseline else ("yes" if one.meets_goal else "no")


def _class_row(one: ArmSummary, classes: Sequence[str]) -> Iterator[str]:
    yield one.arm
    for name in classes:
        figure = one.figures[name]
        yield (
            _ap(figure.mean) if one.arm == BASELINE else f"{_ap(figure.mean)}<br>{_change(figure)}"
        )


def _spread(figure: Estimate) -> str:
    """The mean, and from the lowest to the highest seed."""
    return f"{_ap(figure.mean)} ({_ap(figure.low)} to {_ap(figure.high)})"


def _change(figure: Estimate) -> str:
    sign = "−" if figure.difference < 0 else "+"
    return f"{sign}{_ap(abs(figure.difference))} ± {_ap(2 * figure.error)}"


def _ap(value: float) -> str:
    return f"{value:.3f}".replace("0.", ".", 1) if value < 1 else f"{value:.3f}"


def _table(header: Sequence[str], rows: Iterator[Iterator[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
