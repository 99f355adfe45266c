"""Headless Chromium, for what only a browser can tell about a page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from html import unescape
from pathlib import Path
from typing import Any, Optional

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--enable-logging=stderr",
)


_HARNESS = """<!DOCTYPE html><meta charset="utf-8">
<iframe id="frame" style="width: WIDTHpx; height: 800px; border: 0"></iframe>
<pre id="answer"></pre>
<script>
const frame = document.getElementById("frame");
frame.addEventListener("load", () => {
  const ask = (page) => { SCRIPT };
  document.getElementById("answer").textContent = JSON.stringify(ask(frame.contentDocument));
});
frame.srcdoc = PAGE;
</script>
"""


def _chromium() -> Optional[str]:
    return next(filter(None, map(shutil.which, _NAMES)), None)


needs_chromium = pytest.mark.skipif(_chromium() is None, reason="chromium is not installed")


def browse(page: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    """Open a page and end; what JavaScript reports is in stderr, in lines with CONSOLE."""
    chromium = _chromium()
    assert chromium is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [chromium, *_FLAGS, f"--user-data-dir={profile}", *flags, page.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    assert "CONSOLE" not in done.stderr, done.stderr
    return done


def screenshot(page: Path, to: Path, *, width: int, height: int) -> None:
    """Take a picture of the top of a page."""
    browse(page, f"--window-size={width},{height}", f"--screenshot={to}")


def ask(html: str, script: str, folder: Path, *, width: int = 390) -> Any:
    """What a script finds in a page.

    Args:
        html: The page; it is shown in a frame of its own.
        script: The body of a function of `page`, the page's document.
        folder: Where a file may be written.
        width: Of the frame, in CSS pixels; Chromium's own window cannot be so narrow.
    """
    harness = folder / "harness.html"
    quoted = json.dumps(html).replace("</", "<\\/").replace("<!--", "<\\!--")
    harness.write_text(
        _HARNESS.replace("WIDTH", str(width)).replace("SCRIPT", script).replace("PAGE", quoted),
        encoding="utf-8",
    )
    dumped = browse(harness, "--dump-dom", "--virtual-time-budget=20000").stdout
    answer = re.search(r'<pre id="answer">(.*?)</pre>', dumped, re.DOTALL)
    assert answer and answer[1], dumped[-2000:]
    return json.loads(unescape(answer[1]))
