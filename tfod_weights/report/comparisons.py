"""Comparisons of runs: a table with intervals and verdicts for a terminal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Iterator, Optional, Sequence, Union

from tfod_weights.evaluation.comparison import METRICS
from tfod_weights.report.evaluations import metric_text, without_zero
from tfod_weights.report.grid import Column, Grid, cells_of, left_aligned, right_aligned
from tfod_weights.report.numbers import count_text
from tfod_weights.report.sentences import Sentence
from tfod_weights.report.tables import Table
from tfod_weights.wording import number_of

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from tfod_weights.comparing import ComparedRuns
    from tfod_weights.evaluation import Change, ClassChange, Comparison, GateResult, GroupChange
    from tfod_weights.evaluation.runs import Run

    Row = Union[ClassChange, GroupChange]

AP = "AP"
_SHORT = {"precision": "prec."}
_STYLES = {"better": "green", "worse": "red", "too few images": "dim", "no objects": "dim"}


@dataclass(frozen=True)
class ComparisonTable:
    """A rich renderable: who is compared with whom, the classes, the groups, and words.

    Attributes:
        title: Who is compared with whom.
        classes: One row per class.
        groups: One row per group, with sentences below.
    """

    title: Sentence
    classes: Grid
    groups: Table

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """One below the other."""
        from rich.segment import Segment

        for part in (self.title, self.classes):
            yield part
            yield Segment.line()
        yield self.groups


def comparison_tables(runs: ComparedRuns, metric: str = AP) -> list[ComparisonTable]:
    """A table for every candidate.

    One row per class, then one per group: the metric before and after, its change with the
    interval, and the verdict; where there is room the changes of the other metrics, too. Below:
    what the intervals are over, and the gates.

    Args:
        runs: What was compared.
        metric: One of METRICS.
    """
    return [
        _table(runs, candidate, comparison, metric)
        for candidate, comparison in zip(runs.candidates, runs.comparisons)
    ]


def _table(
    runs: ComparedRuns, candidate: Run, comparison: Comparison, metric: str
) -> ComparisonTable:
    title = f"{_seeds(candidate)} against {_seeds(runs.baseline)}"
    gates = [result for result in runs.gates if result.comparison is comparison]
    sentences = [
        *_sentences(comparison),
        *_other_groups(runs.baseline, candidate),
        *(Sentence(gate_text(result)) for result in gates),
    ]
    classes, groups = _grids(comparison, metric)
    return ComparisonTable(Sentence(title), classes, Table(groups, sentences))


def _seeds(run: Run) -> str:
    return f"{run.name} ({number_of(len(run.seeds), 'seed')})"


def _grids(comparison: Comparison, metric: str) -> list[Grid]:
    """The classes and the groups, column below column."""
    objects = {row.class_id: row.objects for row in comparison.classes}
    rows: list[Row] = [*comparison.classes, *comparison.groups]
    names = [
        *(row.name for row in comparison.classes),
        *(f"{row.name} ({len(row.class_ids)})" for row in comparison.groups),
    ]
    counts = [
        *objects.values(),
        *(sum(objects[one] for one in row.class_ids) for row in comparison.groups),
    ]
    columns = [
        Column("", names, is_name=True),
        Column("objects", [count_text(number) for number in counts], rank=1),
        *_metric_columns(rows, metric, f"{100 * comparison.confidence:g}% interval"),
    ]
    styles = [_STYLES.get(verdict, "") for verdict in _verdicts(rows, metric)]
    end = len(comparison.classes)
    parts = {"class": slice(end), "group": slice(end, None)}
    return [
        Grid([_part(one, title, part) for one in columns], [0.0] * len(styles[part]), styles[part])
        for title, part in parts.items()
    ]


def _part(column: Column, title: str, part: slice) -> Column:
    """Some rows of a column, as wide as all of it; `title` is that of names."""
    widest = max(map(cells_of, column.cells))
    cells = [
        left_aligned(cell, widest, False) if column.is_name else right_aligned(cell, widest)
        for cell in column.cells
    ]
    return replace(column, title=column.title or title, cells=cells[part])


def _metric_columns(rows: Sequence[Row], metric: str, interval: str) -> Iterator[Column]:
    """One metric before and after, and the changes of the others where there is room."""
    changes = [row.changes.get(metric) for row in rows]
    verdicts = _verdicts(rows, metric)
    widest = max(map(len, verdicts))
    yield Column(f"{metric} before", [metric_text(one.before if one else None) for one in changes])
    yield Column("after", [metric_text(one.after if one else None) for one in changes])
    yield Column("change", [_change_text(one) for one in changes])
    yield Column(interval, [_interval(one) for one in changes])
    yield Column("verdict".ljust(widest), [verdict.ljust(widest) for verdict in verdicts])
    further = [one for one in METRICS if one != metric]
    for rank, name in enumerate(further, start=2):
        cells = [_change_text(row.changes.get(name)) for row in rows]
        yield Column(f"+/- {_SHORT.get(name, name)}", cells, rank=rank)


def _verdicts(rows: Sequence[Row], metric: str) -> list[str]:
    return [row.changes[metric].verdict if row.changes else row.verdict for row in rows]


def _change_text(change: Optional[Change]) -> str:
    return signed(change.value) if change else "–"


def signed(value: float) -> str:
    """A change with three decimals and its sign.

    >>> signed(-0.0141), signed(0.5), signed(-0.0001)
    ('-.014', '+.500', '.000')
    """
    text = without_zero(f"{value:+.3f}")
    return text if float(text) else text[1:]


def _interval(change: Optional[Change]) -> str:
    return f"{signed(change.low):>5} to {signed(change.high):>5}" if change else "–"


def _sentences(comparison: Comparison) -> Iterator[Sentence]:
    images = number_of(comparison.images, "image")
    seeds = (comparison.baseline_seeds, comparison.candidate_seeds)
    spread = "" if seeds == (1, 1) else f" and the spread of {sum(seeds)} seeds"
    drawn = f"{comparison.resamples:,} resamples of {images} (seed {comparison.seed})"
    yield Sentence(f"intervals: {drawn}{spread}")
    yield Sentence(
        f"precision, recall and F1 at a score of {comparison.score_threshold:g}, "
        f"IoU {comparison.iou:g}"
    )
    if seeds == (1, 1):
        text = "one training each: what another seed would change is not in the intervals"
        yield Sentence(text, "note")
    elif 1 in seeds:
        yield Sentence("the run of 1 seed is taken to vary as the other does", "note")
    known = sum(bool(row.changes) for row in comparison.classes)
    by_chance = round((1 - comparison.confidence) * known)
    if by_chance:
        text = f"about {by_chance} of {known} intervals leave out 0 even where nothing changed"
        yield Sentence(text, "note")


def _other_groups(baseline: Run, candidate: Run) -> Iterator[Sentence]:
    """Groups follow the training records, which may not be the same."""
    groups = [
        {row.name: row.class_ids for row in next(iter(run.seeds.values())).groups}
        for run in (baseline, candidate)
    ]
    if groups[0] != groups[1]:
        text = f"groups are those of {baseline.name}; {candidate.name} was trained on other counts"
        yield Sentence(text, "note")


def gate_text(result: GateResult) -> str:
    """What became of a gate, in words."""
    word = "failed" if result.holds else "passed"
    return f"gate {word}: {result.gate.text} (it is {result.number:+.4f})"
