"""A web server for files in memory that can be as bad as real ones."""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Iterator


@dataclass
class FileServer:
    """What it serves, how, and what it was asked.

    Attributes:
        files: Path without the first slash -> content.
        ranges: Whether it sends parts of files.
        lengths: Whether it says how long files are.
        status: What it answers to everything, if not 200.
        cuts: How many of the next answers to GET end in the middle.
        url: Where it is.
        ranges_sent: The ranges of all answers, as (start, stop).
    """

    files: dict[str, bytes]
    ranges: bool = True
    lengths: bool = True
    status: int = 200
    cuts: int = 0
    url: str = ""
    ranges_sent: list[tuple[int, int]] = field(default_factory=list)

    @property
    def bytes_sent(self) -> int:
        """Bytes of content in all answers to GET."""
        return sum(stop - start for start, stop in self.ranges_sent)


@contextmanager
def serving(server: FileServer) -> Iterator[FileServer]:
    """Serve on a free port of this machine."""

    class Handler(_Handler):
        about = server

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web:
        server.url = f"http://127.0.0.1:{web.server_port}"
        threading.Thread(target=web.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            web.shutdown()


class _Handler(BaseHTTPRequestHandler):
    about: FileServer

    def do_HEAD(self) -> None:
        self._head()

    def do_GET(self) -> None:
        part = self._head()
        if part is None:
            return
        self.about.ranges_sent.append(part)
        data = self._content()[slice(*part)]
        if self.about.cuts:
            self.about.cuts -= 1
            data = data[: len(data) // 2]
            self.close_connection = True
        try:
            self.wfile.write(data)
        except OSError:  # who asked has enough
            self.close_connection = True

    def _content(self) -> bytes:
        name = self.path.lstrip("/")
        if name in self.about.files:
            return self.about.files[name]
        inside = (path for path in self.about.files if path.startswith(name))
        return "".join(f'<a href="/{path}">{path}</a>\n' for path in inside).encode()

    def _head(self) -> tuple[int, int] | None:
        """Send the head of an answer; the part of the file that is to follow, if one is."""
        content = self._content()
        status = self.about.status if content else 404
        part = self._part(len(content))
        if status == 200 and part != (0, len(content)):
            status = 206
        self.send_response(status)
        if status == 206:
            self.send_header("Content-Range", f"bytes {part[0]}-{part[1] - 1}/{len(content)}")
        if self.about.lengths:
            size = part[1] - part[0] if status < 400 else 0
            self.send_header("Content-Length", str(size))
        else:
            self.close_connection = True
        self.end_headers()
        return part if status < 400 else None

    def _part(self, size: int) -> tuple[int, int]:
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if not asked or not self.about.ranges:
            return 0, size
        return int(asked[1]), min(int(asked[2]) + 1, size)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
