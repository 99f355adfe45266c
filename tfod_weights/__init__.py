"""Class weights for the TensorFlow Object Detection API.

Names are loaded when they are first used, so that `import tfod_weights` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from tfod_weights.version import __version__

if TYPE_CHECKING:
    from tfod_weights.checking import Finding, check_config
    from tfod_weights.counting import ClassCount, ClassCounts, count_classes
    from tfod_weights.errors import TfodWeightsError
    from tfod_weights.evaluating import evaluate_detections
    from tfod_weights.evaluation import (
        Change,
        ClassChange,
        ClassMetrics,
        Comparison,
        Evaluation,
        GroupChange,
        GroupMetrics,
        compare_evaluations,
        load_evaluation,
    )
    from tfod_weights.forecast import ClassForecast, Forecast, forecast_config
    from tfod_weights.generating import GeneratedConfig, generate_config
    from tfod_weights.label_map import LabelMap
    from tfod_weights.migration import MigratedConfig, migrate_config, migrate_text
    from tfod_weights.pipeline import (
        LossSwitch,
        PatchedConfig,
        patch_config,
        patch_text,
        strip_config,
        strip_text,
    )
    from tfod_weights.reporting import Report, plot_figures, report_config
    from tfod_weights.resample import ResampledConfig, resample_config
    from tfod_weights.runtime import enable
    from tfod_weights.runtime.evaluation import evaluate_config
    from tfod_weights.sampling import ClassSampling
    from tfod_weights.weighting import (
        BatchClassWeights,
        ClassWeight,
        ClassWeights,
        WeightSchedule,
        class_weights,
        given_weights,
    )

_HOMES = {
    "BatchClassWeights": "weighting",
    "Change": "evaluation",
    "ClassChange": "evaluation",
    "ClassCount": "counting",
    "ClassCounts": "counting",
    "ClassForecast": "forecast",
    "ClassMetrics": "evaluation",
    "ClassSampling": "sampling",
    "ClassWeight": "weighting",
    "ClassWeights": "weighting",
    "Comparison": "evaluation",
    "Evaluation": "evaluation",
    "Finding": "checking",
    "Forecast": "forecast",
    "GeneratedConfig": "generating",
    "GroupChange": "evaluation",
    "GroupMetrics": "evaluation",
    "LabelMap": "label_map",
    "LossSwitch": "pipeline",
    "MigratedConfig": "migration",
    "PatchedConfig": "pipeline",
    "Report": "reporting",
    "ResampledConfig": "resample",
    "TfodWeightsError": "errors",
    "WeightSchedule": "weighting",
    "check_config": "checking",
    "class_weights": "weighting",
    "compare_evaluations": "evaluation",
    "count_classes": "counting",
    "enable": "runtime",
    "evaluate_config": "runtime.evaluation",
    "evaluate_detections": "evaluating",
    "forecast_config": "forecast",
    "generate_config": "generating",
    "given_weights": "weighting",
    "load_evaluation": "evaluation",
    "migrate_config": "migration",
    "migrate_text": "migration",
    "patch_config": "pipeline",
    "patch_text": "pipeline",
    "plot_figures": "reporting",
    "report_config": "reporting",
    "resample_config": "resample",
    "strip_config": "pipeline",
    "strip_text": "pipeline",
}

__all__ = [
    "BatchClassWeights",
    "Change",
    "ClassChange",
    "ClassCount",
    "ClassCounts",
    "ClassForecast",
    "ClassMetrics",
    "ClassSampling",
    "ClassWeight",
    "ClassWeights",
    "Comparison",
    "Evaluation",
    "Finding",
    "Forecast",
    "GeneratedConfig",
    "GroupChange",
    "GroupMetrics",
    "LabelMap",
    "LossSwitch",
    "MigratedConfig",
    "PatchedConfig",
    "Report",
    "ResampledConfig",
    "TfodWeightsError",
    "WeightSchedule",
    "__version__",
    "check_config",
    "class_weights",
    "compare_evaluations",
    "count_classes",
    "enable",
    "evaluate_config",
    "evaluate_detections",
    "forecast_config",
    "generate_config",
    "given_weights",
    "load_evaluation",
    "migrate_config",
    "migrate_text",
    "patch_config",
    "patch_text",
    "plot_figures",
    "report_config",
    "resample_config",
    "strip_config",
    "strip_text",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
