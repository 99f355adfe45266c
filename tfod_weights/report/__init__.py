"""Report: tables, bars, JSON and CSV of counts and weights, for people and for programs.

rich is imported when something is rendered, so that JSON and CSV cost nothing.
"""

from __future__ import annotations

from tfod_weights.report.changes import patch_json, patch_warnings, patched_weights
from tfod_weights.report.comparisons import comparison_tables, gate_text
from tfod_weights.report.comparisons_json import comparison_json
from tfod_weights.report.diffs import diff_lines
from tfod_weights.report.drawn import drawn_json, drawn_table, resampled_json
from tfod_weights.report.evaluations import evaluation_table
from tfod_weights.report.export import counts_csv, counts_json, weights_json
from tfod_weights.report.findings import findings_github, findings_json, findings_text
from tfod_weights.report.forecasts import forecast_json, forecast_table
from tfod_weights.report.kinds import kinds_json, kinds_text
from tfod_weights.report.migration import (
    edits_text,
    leftovers_text,
    migration_json,
    migration_summary,
)
from tfod_weights.report.progress import progress_bar
from tfod_weights.report.sarif import findings_sarif
from tfod_weights.report.sentences import skipped_sentences
from tfod_weights.report.tables import counts_table, weights_table
from tfod_weights.report.templates import generated_json, templates_json, templates_table
from tfod_weights.report.terminal import console

__all__ = [
    "comparison_json",
    "comparison_tables",
    "console",
    "counts_csv",
    "counts_json",
    "counts_table",
    "diff_lines",
    "drawn_json",
    "drawn_table",
    "edits_text",
    "evaluation_table",
    "findings_github",
    "findings_json",
    "findings_sarif",
    "findings_text",
    "forecast_json",
    "forecast_table",
    "gate_text",
    "generated_json",
    "kinds_json",
    "kinds_text",
    "leftovers_text",
    "migration_json",
    "migration_summary",
    "patch_json",
    "patch_warnings",
    "patched_weights",
    "progress_bar",
    "resampled_json",
    "skipped_sentences",
    "templates_json",
    "templates_table",
    "weights_json",
    "weights_table",
]
