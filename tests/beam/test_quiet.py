"""What is written while Beam runs goes into its log, whoever writes it, and nothing after."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

from tfod_weights.beam import quiet


def test_everything_is_in_the_log_in_order(capfd) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    path = quiet.new_log()
    with quiet.logged_to_file(path):
        for number in range(3):
            print(f"print {number}")
            os.write(1, b"standard output %d\n" % number)
            subprocess.run(["sh", "-c", f"echo child {number} >&2"], check=True)
            logging.getLogger("apache_beam").info("logged %d", number)
            print(f"späť \udcff {number}", file=sys.stderr)
    print("after")
    assert (root.level, list(root.handlers)) == before
    assert capfd.readouterr() == ("after\n", "")
    assert Path(path).read_text(encoding="utf-8").splitlines() == [
        line
        for number in range(3)
        for line in (
            f"print {number}",
            f"standard output {number}",
            f"child {number}",
            f"INFO:apache_beam:logged {number}",
            f"späť \\udcff {number}",
        )
    ]
    quiet.delete(path)
    assert not Path(path).exists()
    quiet.delete(path)
