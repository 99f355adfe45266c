"""How long counting a large record set takes, beside what one would use instead.

    python benchmarks/count_speed.py [--images 20000] [--runs 5] [--cold] [--folder DIR]

Writes a record set (2.3 GB by default; removed afterwards), then runs every way in turn, each
time in a new process, and prints the medians. The file is read before each count, so that it
is in the page cache; with --cold it is dropped from it. All ways must find the same counts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from count_data import write_record_set
from count_ways import WAYS


def measure(way: str, path: Path, state: str) -> dict[str, Any]:
    """One run of one way in a process of its own."""
    script = Path(__file__).with_name("count_ways.py")
    command = [sys.executable, str(script), way, str(path), state]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, Any] = json.loads(output.splitlines()[-1])
    return result


def table(results: dict[str, list[dict[str, Any]]], images: int) -> str:
    """The medians of all ways, as a Markdown table."""
    medians = {
        way: {
            key: statistics.median(run[key] for run in runs) for key in runs[0] if key != "counts"
        }
        for way, runs in results.items()
    }
    columns = ("", "seconds", "×", "CPU seconds", "×", "import", "MB of memory", "MB from disk")
    lines = [" | ".join(columns), " | ".join("---" for _ in columns)]
    for way, run in medians.items():
        elapsed, cpu = (run[key] / medians["tfod_weights"][key] for key in ("seconds", "cpu"))
        cells = [way, f"{run['seconds']:.2f}", f"{elapsed:.1f}", f"{run['cpu']:.2f}", f"{cpu:.1f}"]
        cells += [f"{run['import']:.2f}", f"{run['megabytes']:.0f}", f"{run['read'] / 1e6:,.0f}"]
        lines.append(" | ".join(cells))
    speed = images / medians["tfod_weights"]["seconds"]
    return "\n".join(f"| {line} |" for line in lines) + f"\n\n{speed:,.0f} images/s"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=20_000)
    parser.add_argument("--image-bytes", type=int, default=115_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--folder", help="where to write the record set")
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        path = Path(folder) / "train.record"
        write_record_set(path, arguments.images, arguments.image_bytes)
        print(f"{arguments.images} images, {path.stat().st_size / 1e9:.2f} GB", file=sys.stderr)
        results: dict[str, list[dict[str, Any]]] = {way: [] for way in arguments.ways}
        for _ in range(arguments.runs):
            for way, runs in results.items():
                runs.append(measure(way, path, "cold" if arguments.cold else "warm"))
                print(way, {**runs[-1], "counts": "..."}, file=sys.stderr)
    counts = {json.dumps(run["counts"]) for runs in results.values() for run in runs}
    assert len(counts) == 1, f"the ways do not agree: {counts}"
    print(table(results, arguments.images))


if __name__ == "__main__":
    main()
