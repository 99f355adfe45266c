"""How long work tells how far it is."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Callable, ContextManager, Optional

# Called with (done, in all), as often as is convenient to the work.
Progress = Callable[[int, int], None]

# Work in several stages asks for the progress of each: called with what is being done and what
# is counted, such as ("drawing", "figures").
Stages = Callable[[str, str], ContextManager[Optional[Progress]]]


def no_progress(description: str, unit: str) -> ContextManager[Optional[Progress]]:
    """Stages that nobody watches."""
    return nullcontext()
