"""What the runtime says: one line for each change it makes, at absl's verbose level."""

from __future__ import annotations

import logging as standard_logging

from absl import logging

_VERBOSE_LEVEL = 1  # absl shows it with --verbosity=1

_said: set[str] = set()
_shown = False


def show_notes() -> None:
    """Show the lines whatever absl's verbosity is."""
    global _shown
    _shown = True


def note(message: str) -> None:
    """Say something once in this process."""
    if message in _said:
        return
    _said.add(message)
    if logging.vlog_is_on(_VERBOSE_LEVEL):
        logging.vlog(_VERBOSE_LEVEL, "tfod-weights: %s", message)
    elif _shown:
        _show(message)


def _show(message: str) -> None:
    """Past absl's level and Python's root handlers: both belong to the program that runs."""
    record = logging.get_absl_logger().makeRecord(
        "absl", standard_logging.INFO, __file__, 0, "tfod-weights: %s", (message,), None
    )
    logging.get_absl_handler().handle(record)
