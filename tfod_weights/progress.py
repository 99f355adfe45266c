"""How long work tells how far it is."""

from __future__ import annotations

from typing import Callable

# Called with (done, in all), as often as is convenient to the work.
Progress = Callable[[int, int], None]
