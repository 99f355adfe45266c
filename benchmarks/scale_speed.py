"""How long counting many shards takes with several workers: processes, and Apache Beam's.

    python benchmarks/scale_speed.py [--shards 16] [--images 20000] [--rounds 5] [--folder DIR]

Needs the extra `beam`. Writes shards (2.3 GB in all by default; removed afterwards) and runs
whole commands on them, each in turn, every round: `count --jobs N`, and `count --beam` with N
worker processes of the DirectRunner. The shards are read before, so that they are in the page
cache. Each command runs on tiny shards, too: what it costs before it counts. All commands must
print the same. Prints the medians of the rounds as a Markdown table.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from count_data import write_record_set
from count_ways import warm


class Way(NamedTuple):
    """A command to measure."""

    name: str
    workers: int
    options: tuple[str, ...]


def ways(workers: list[int]) -> list[Way]:
    """The commands; the first, one process, is what the others are compared with."""
    processes = [Way("processes", n, ("--jobs", str(n))) for n in workers]
    return processes + [Way("Beam, DirectRunner", n, beam_options(n)) for n in workers]


def beam_options(workers: int) -> tuple[str, ...]:
    """So many worker processes."""
    running = ("--direct_running_mode", "multi_processing", "--direct_num_workers", str(workers))
    return ("--beam", "--runner", "DirectRunner", *running)


def write_shards(folder: Path, shards: int, images: int, image_bytes: int) -> None:
    """Write files that differ, with so many images in all."""
    folder.mkdir()
    for number in range(shards):
        share = images * (number + 1) // shards - images * number // shards
        path = folder / f"train-{number:05d}-of-{shards:05d}"
        write_record_set(path, share, image_bytes, seed=number)
        warm(str(path))


def measure(way: Way, folder: Path) -> tuple[float, str]:
    """Seconds of a command, and what it prints."""
    inputs = (str(folder / "train-*"), "--format", "json")
    command = [sys.executable, "-m", "tfod_weights", "count", *inputs, *way.options]
    start = time.perf_counter()
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return time.perf_counter() - start, output


def medians(all_ways: list[Way], folder: Path, rounds: int) -> dict[Way, float]:
    """Seconds of every command, which take turns."""
    seconds: dict[Way, list[float]] = {way: [] for way in all_ways}
    first = ""
    for number in range(rounds):
        for way in all_ways:
            elapsed, output = measure(way, folder)
            first = first or output
            assert output == first, f"{way} does not count what {all_ways[0]} counts"
            seconds[way].append(elapsed)
            print(folder.name, number, way.name, way.workers, f"{elapsed:.2f}", file=sys.stderr)
    return {way: statistics.median(runs) for way, runs in seconds.items()}


def table(whole: dict[Way, float], tiny: dict[Way, float], images: int) -> str:
    """The medians as a Markdown table."""
    alone = next(iter(whole.values()))
    columns = ("", "workers", "seconds", "speed-up", "images/s", "seconds on tiny shards")
    lines = [" | ".join(columns), " | ".join("---" for _ in columns)]
    for way, seconds in whole.items():
        cells = [way.name, str(way.workers), f"{seconds:.2f}", f"{alone / seconds:.2f}"]
        lines.append(" | ".join([*cells, f"{images / seconds:,.0f}", f"{tiny[way]:.2f}"]))
    return "\n".join(f"| {line} |" for line in lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", type=int, default=16)
    parser.add_argument("--images", type=int, default=20_000, help="in all shards")
    parser.add_argument("--image-bytes", type=int, default=115_000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", help="where to write the shards")
    arguments = parser.parse_args()
    all_ways = ways(arguments.workers)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        whole, tiny = Path(folder, "whole"), Path(folder, "tiny")
        write_shards(whole, arguments.shards, arguments.images, arguments.image_bytes)
        write_shards(tiny, arguments.shards, arguments.shards, 100)
        seconds = medians(all_ways, whole, arguments.rounds)
        start_up = medians(all_ways, tiny, arguments.rounds)
    print(table(seconds, start_up, arguments.images))


if __name__ == "__main__":
    main()
