"""The pictures of docs/results.md: how far each arm is from none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Sequence

from benchmarks.effect.arms import BASELINE
from benchmarks.effect.run_results import RunResult
from benchmarks.effect.summary import GOAL_GAIN, GOAL_RATIO, MEAN, ArmSummary, Estimate, summarize
from tfod_weights.figures.style import AFTER, INK, MUTED, WARM, content, drawing_style, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _FRAME, _WIDTH = 0.3, 0.9, 8.0  # inches


def write_pictures(folder: Path, results: Sequence[RunResult]) -> None:
    """Write effect-NAME.png for every data set with an arm to compare."""
    for name in sorted({one.data_set for one in results}):
        found = summarize([one for one in results if one.data_set == name])
        compared = [one for one in found if one.arm != BASELINE]
        if compared:
            (folder / f"effect-{name}.png").write_bytes(picture(compared))


def picture(summaries: Sequence[ArmSummary]) -> bytes:
    """A PNG of the differences in AP, ± two standard errors: one arm or more, not the baseline.

    Three panels: mAP, the rarest class, and the class that came off worst, with its name. A
    dashed line is the goal; what lost more than chance makes likely is orange.
    """
    with drawing_style():
        figure = new_figure(_FRAME + _ROW * len(summaries), _WIDTH)
        panels = figure.subplots(1, 3, sharey=True)
        rarest = [one.figures[one.rarest] for one in summaries]
        _draw(panels[0], "mAP", [one.figures[MEAN] for one in summaries], GOAL_GAIN)
        before = rarest[0].mean - rarest[0].difference
        _draw(panels[1], f"rarest: {summaries[0].rarest}", rarest, before * (GOAL_RATIO - 1))
        worst = [
            min(_classes(one), key=lambda name: _classes(one)[name].difference) for one in summaries
        ]
        _draw(panels[2], "worst off", [one.figures[name] for one, name in zip(summaries, worst)], 0)
        for row, name in enumerate(worst):
            panels[2].annotate(
                name, (1, row), (-2, 6), xycoords=("axes fraction", "data"),
                textcoords="offset points", ha="right", size=8, color=MUTED,
            )  # fmt: skip
        panels[0].set_yticks(range(len(summaries)), [one.arm for one in summaries])
        panels[0].invert_yaxis()
        figure.supxlabel("AP above that without balancing", size=9, color=MUTED)
    return content(figure, "png")


def _classes(one: ArmSummary) -> dict[str, Estimate]:
    return {name: figure for name, figure in one.figures.items() if name != MEAN}


def _draw(axes: Axes, title: str, figures: Sequence[Estimate], goal: float) -> None:
    axes.set_title(title)
    axes.axvline(0, color=INK, linewidth=0.8)
    if goal:
        axes.axvline(goal, color=MUTED, linewidth=0.8, linestyle="--")
    for row, one in enumerate(figures):
        color = WARM if one.is_below else AFTER
        axes.errorbar(
            one.difference, row, xerr=2 * one.error, color=color, marker="o", markersize=5
        )
    axes.margins(y=0.1)
    axes.locator_params(axis="x", nbins=4)
