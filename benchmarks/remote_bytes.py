"""What counting records on a web server moves: streaming against range reads.

    python benchmarks/remote_bytes.py [--latency 0.03] [--bandwidth 50] [--megabytes 128]

For images of several sizes it writes a record set, serves it from another process that waits
`latency` seconds before every answer and sends no connection more than `bandwidth` MB/s, and
counts it: always streaming, always skipping images, and as tfod-weights decides by itself;
beside them the walk that one would write over fsspec.open, with its read-ahead. All must find
the same number of objects. The server is this machine: the figures show the trade, not a cloud.
"""

from __future__ import annotations

import argparse
import http.server
import multiprocessing
import re
import struct
import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Callable, Iterator
from unittest import mock

import fsspec
from count_data import write_record_set

from tfod_weights import count_classes
from tfod_weights.storage import reading

SIZES = (100_000, 300_000, 1_000_000, 4_000_000, 16_000_000)  # bytes of an image
_CHUNK = 1 << 18


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Sends files and parts of them, slowly; counts."""

    protocol_version = "HTTP/1.1"
    latency = bandwidth = 0.0
    sent: Any
    requests: Any

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        size = path.stat().st_size
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        start, stop = (int(asked[1]), min(int(asked[2]) + 1, size)) if asked else (0, size)
        time.sleep(self.latency)
        self.send_response(206 if asked else 200)
        self.send_header("Content-Range", f"bytes {start}-{stop - 1}/{size}")
        self.send_header("Content-Length", str(stop - start))
        self.end_headers()
        with self.requests.get_lock():
            self.requests.value += 1
        with path.open("rb") as file:
            file.seek(start)
            for position in range(start, stop, _CHUNK):
                data = file.read(min(_CHUNK, stop - position))
                self.wfile.write(data)
                with self.sent.get_lock():
                    self.sent.value += len(data)
                time.sleep(len(data) / self.bandwidth)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _serve(folder: str, latency: float, bandwidth: float, port: Any, sent: Any, asked: Any) -> None:
    kind = type("Handler", (_Handler,), {"latency": latency, "bandwidth": bandwidth})
    kind.sent, kind.requests = sent, asked  # type: ignore[attr-defined]
    handler = partial(kind, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as web:
        port.value = web.server_port
        web.serve_forever()


@contextmanager
def server(folder: str, latency: float, bandwidth: float) -> Iterator[tuple[str, Any, Any]]:
    """Its address, the bytes that it sent and the requests that it answered."""
    port, sent, asked = (multiprocessing.Value("Q", 0) for _ in range(3))
    arguments = (folder, latency, bandwidth, port, sent, asked)
    process = multiprocessing.Process(target=_serve, args=arguments, daemon=True)
    process.start()
    while not port.value:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port.value}", sent, asked
    process.terminate()


def by_hand(url: str) -> int:
    """Records of a file, by seeking from header to header in what fsspec.open gives."""
    records = 0
    with fsspec.open(url, "rb") as file:
        while header := file.read(12):
            file.read(2048)  # the labels lie at the start, at best
            file.seek(file.tell() - 2048 + struct.unpack_from("<Q", header)[0] + 4)
            records += 1
    return records


def counted(url: str, skip: int) -> int:
    """Records of a file, images left out that are larger than `skip` bytes."""
    with mock.patch.object(reading, "SKIP", skip):
        return count_classes(url).images


WAYS: dict[str, Callable[[str], int]] = {
    "stream": partial(counted, skip=1 << 60),
    "skip every image": partial(counted, skip=0),
    "tfod-weights": partial(counted, skip=reading.SKIP),
    "fsspec.open": by_hand,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.03, help="seconds")
    parser.add_argument("--bandwidth", type=float, default=50, help="MB/s of a connection")
    parser.add_argument("--megabytes", type=int, default=128, help="of each record set")
    arguments = parser.parse_args()
    print("| image | way | seconds | MB sent | of the file | requests |")
    print("| --- | --- | --- | --- | --- | --- |")
    with (
        tempfile.TemporaryDirectory() as folder,
        server(folder, arguments.latency, arguments.bandwidth * 1e6) as (url, sent, asked),
    ):
        for index, size in enumerate((min(SIZES), *SIZES)):
            path = Path(folder) / f"{size}.record"
            write_record_set(path, max(4, arguments.megabytes * 1_000_000 // size), size)
            lines, found = [], set()
            for name, way in WAYS.items():
                sent.value = asked.value = 0
                start = time.perf_counter()
                found.add(way(f"{url}/{path.name}"))
                seconds = time.perf_counter() - start
                share = sent.value / path.stat().st_size
                lines.append(
                    f"| {size / 1e6:g} MB | {name} | {seconds:.2f} | {sent.value / 1e6:.1f} "
                    f"| {share:.0%} | {asked.value} |"
                )
            assert len(found) == 1, f"the ways do not agree: {found}"
            if index:  # the first one has imported what is needed
                print(*lines, sep="\n", flush=True)


if __name__ == "__main__":
    main()
