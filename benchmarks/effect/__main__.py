"""Repeat the study.

    python -m benchmarks.effect --bccd FOLDER --runs FOLDER

Finished runs are skipped, so the command can be stopped and started again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.effect.arms import ARMS, arm_named
from benchmarks.effect.datasets import DATA_SETS
from benchmarks.effect.pictures import write_pictures
from benchmarks.effect.run_all import all_runs, finish_all
from benchmarks.effect.run_results import keep, load
from benchmarks.effect.tables import write_tables

RESULTS_PAGE = Path(__file__).parents[2] / "docs" / "results.md"


def main() -> int:
    """Do everything that is asked for."""
    arguments = _parser().parse_args()
    arms = [arm_named(name) for name in arguments.arms]
    data_sets = [one for one in DATA_SETS if one.name in arguments.data_sets]
    for data_set in data_sets:
        data_set.prepare(arguments.bccd, arguments.runs / "data" / data_set.name)
    runs = list(all_runs(arguments.runs, data_sets, arms, arguments.seeds))
    failed = [] if arguments.only_tables else finish_all(runs, arguments.workers)
    for run in runs:
        if run.is_finished:
            keep(run)
    results = load()
    write_tables(RESULTS_PAGE, results)
    write_pictures(RESULTS_PAGE.parent, results)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.effect",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = [arm.name for arm in ARMS]
    sets = [data_set.name for data_set in DATA_SETS]
    parser.add_argument("--bccd", type=Path, required=True, help="folder with BCCD's records")
    parser.add_argument("--runs", type=Path, required=True, help="folder for all runs")
    parser.add_argument("--workers", type=int, default=2, help="runs at a time, a core each")
    parser.add_argument("--arms", nargs="+", choices=names, default=names, metavar="ARM")
    parser.add_argument("--data-sets", nargs="+", choices=sets, default=sets, metavar="SET")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3], metavar="N")
    parser.add_argument(
        "--only-tables", action="store_true", help="run nothing; keep what is finished"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
