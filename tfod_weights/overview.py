"""All that is known of a config and of the models trained with it, in one place.

What cannot be known, such as counts of records that are not at hand, is missing with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Optional, Sequence

from tfod_weights.checking import Finding, check_config
from tfod_weights.checking.changing_rules import weighted_blocks
from tfod_weights.checking.weight_rules import WrittenWeights, sampling_weights, written_weights
from tfod_weights.config_names import Names, config_names, first_conflict, joined_names
from tfod_weights.count_config import config_label_map, count_as_drawn
from tfod_weights.counting import ClassCounts
from tfod_weights.errors import EvaluationError, SourcePlace, TfodWeightsError
from tfod_weights.evaluated_runs import NamedRun, load_runs
from tfod_weights.evaluation import Comparison
from tfod_weights.evaluation.compare import compare_runs, require_settings
from tfod_weights.files import StrPath
from tfod_weights.forecast import Forecast, forecast_counts
from tfod_weights.pipeline import PipelineConfig, strip_text
from tfod_weights.pipeline.diff import unified_diff
from tfod_weights.pipeline.marker import marker_above
from tfod_weights.progress import Stages, no_progress
from tfod_weights.sampling import ClassSampling

RECORDS, METRICS, FORECAST = "records", "metrics", "forecast"


@dataclass(frozen=True)
class Missing:
    """Something that an overview lacks.

    Attributes:
        what: RECORDS, METRICS or FORECAST.
        why: In one sentence, possibly with a source line; without a full stop.
        help: How to get it.
    """

    what: str
    why: str
    help: Optional[str] = None


@dataclass(frozen=True)
class LossWeights:
    """The class weights of one loss, or of the sampling.

    Attributes:
        kind: `classification`, `localization` or `sampling`.
        values: By class_index.
        line: One-based, in the config.
        provenance: Where the weights come from, as the comment above them says.
    """

    kind: str
    values: tuple[float, ...]
    line: int
    provenance: Mapping[str, str]


@dataclass(frozen=True)
class Overview:
    """What is known.

    Attributes:
        path: The config.
        names: class_id -> name, as far as label map, counts or evaluations know it.
        counts: Of the training records; the effective objects as sampling draws them.
        sampling: How the config draws its images; None: each once in a pass.
        weights: In the config, loss by loss.
        changing: How weights change during training, in words; empty if they do not.
        forecast: What the weights will make of the counts.
        findings: Of `check`.
        diff: What tfod-weights has put into the config; empty if nothing.
        runs: As they were given; the first is what the others are compared with.
        comparisons: Of every further run with the first.
        missing: What is not known, and why.
    """

    path: str
    names: Mapping[int, str]
    counts: Optional[ClassCounts]
    sampling: Optional[ClassSampling]
    weights: tuple[LossWeights, ...]
    changing: tuple[str, ...]
    forecast: Optional[Forecast]
    findings: tuple[Finding, ...]
    diff: str
    runs: tuple[NamedRun, ...]
    comparisons: tuple[Comparison, ...]
    missing: tuple[Missing, ...]

    def name_of(self, class_id: int) -> str:
        """The name of a class; its id where it has none."""
        return self.names.get(class_id, str(class_id))


def config_overview(
    path: StrPath,
    metrics: Sequence[StrPath] = (),
    *,
    label_map: Optional[StrPath] = None,
    stages: Stages = no_progress,
    **intervals: Any,
) -> Overview:
    """Gather what is known.

    Args:
        path: The config.
        metrics: Files that `evaluate` wrote; the first is what the others are compared with.
        label_map: Use this label map instead of the one that the config names.
        stages: Progress of each stage.
        **intervals: `resamples`, `seed` and `confidence`, as for `compare_files`.

    Raises:
        ConfigError: the config cannot be read.
        TextFormatError: it is no protobuf text format.
        EvaluationError: metrics cannot be read, or are of other classes than the config's.
        UsageError: one of `intervals` makes no sense.
    """
    require_settings(**intervals)
    config = PipelineConfig.load(path)
    runs = load_runs(metrics)  # before the records are read, which may take long
    names = config_names(config, label_map)
    _require_names(names, runs, config.path)
    missing = [] if runs else [_NO_METRICS]
    counts = _counted(config, label_map, stages, missing)
    if counts and not names:
        names = {row.class_id: [row.name] for row in counts.classes}
        _require_names(names, runs, config.path)
    with stages("checking", "bytes") as progress:
        findings = check_config(path, label_map=label_map, progress=progress)
    return Overview(
        path=config.path,
        names=joined_names(names, _called(runs)),
        counts=counts,
        sampling=config.train_input.class_sampling if config.train_input else None,
        weights=tuple(_weights(config)),
        changing=tuple(dict.fromkeys(_changing(config))),
        forecast=_forecast(config, counts, missing),
        findings=tuple(findings),
        diff=unified_diff(strip_text(config.text, path=config.path), config.text, config.path),
        runs=runs,
        comparisons=_comparisons(runs, stages, intervals),
        missing=tuple(missing),
    )


_NO_METRICS = Missing(
    METRICS,
    "no metrics were given",
    "make them: tfod-weights evaluate CONFIG --checkpoint FOLDER -o metrics.json",
)


def _called(runs: Sequence[NamedRun]) -> dict[int, str]:
    return {row.class_id: row.name for row in runs[0].first.classes} if runs else {}


def _require_names(names: Names, runs: Sequence[NamedRun], path: str) -> None:
    conflict = first_conflict(names, _called(runs))
    if conflict:
        class_id, name, known = conflict
        problem = f"class {class_id} is {name!r} here and {known!r} in {path}"
        help = "name the config of these models, or evaluate them again with its label map"
        raise EvaluationError(problem, place=SourcePlace(runs[0].source), help=help)


def _counted(
    config: PipelineConfig,
    label_map: Optional[StrPath],
    stages: Stages,
    missing: list[Missing],
) -> Optional[ClassCounts]:
    try:
        config.require_valid()
        labels = config_label_map(config, label_map)
        with stages("counting", "bytes") as progress:
            return count_as_drawn(config, labels, progress=progress)
    except TfodWeightsError as error:
        missing.append(_missing(RECORDS, error))
        return None


def _forecast(
    config: PipelineConfig, counts: Optional[ClassCounts], missing: list[Missing]
) -> Optional[Forecast]:
    if counts is None:
        return None
    try:
        return forecast_counts(config, counts)
    except TfodWeightsError as error:
        missing.append(_missing(FORECAST, error))
        return None


def _missing(what: str, error: TfodWeightsError) -> Missing:
    why = error.problem if error.place is None else f"{error.place}: {error.problem}"
    return Missing(what, why, error.help)


def _comparisons(
    runs: Sequence[NamedRun], stages: Stages, intervals: Mapping[str, Any]
) -> tuple[Comparison, ...]:
    if len(runs) < 2:
        return ()
    first, *others = (run.evaluations for run in runs)
    with stages("comparing", "parts") as progress:
        return tuple(compare_runs(first, others, progress=progress, **intervals))


def _weights(config: PipelineConfig) -> Iterator[LossWeights]:
    try:
        found: list[WrittenWeights] = [*written_weights(config), *sampling_weights(config)]
    except TfodWeightsError:  # the findings say why
        return
    for weights in found:
        provenance = marker_above(config.document, weights.fields[-1]) or {}
        yield LossWeights(weights.kind, weights.values, weights.place.line or 1, provenance)


def _changing(config: PipelineConfig) -> Iterator[str]:
    try:
        blocks = list(weighted_blocks(config))
    except TfodWeightsError:
        return
    for block in blocks:
        if block.batch_fields:
            yield "Weights are computed from the objects of each batch"
        if block.schedule.start_step is not None:
            yield f"Weights {block.schedule}"
