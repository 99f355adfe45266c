"""How often to save, so that the last step is saved, too."""

from __future__ import annotations

import math

STEPS_A_ROUND = 100  # model_main_tf2 trains and saves in rounds of so many steps
DEFAULT_INTERVAL = 1000  # its --checkpoint_every_n
_FEWEST_STEPS, _MOST_CHECKPOINTS = 500, 25


def checkpoint_interval(num_steps: int) -> int:
    """The longest interval up to TFOD's own, 1000 steps, at whose end the last step is saved.

    TFOD (model_lib_v2.train_loop) saves once every interval and not at the end: of 1,500 steps
    it would lose 500, of 300 all. Where only short intervals end there, with many checkpoints,
    it is TFOD's own.

    Args:
        num_steps: Training steps; TFOD takes whole rounds of 100.

    >>> [checkpoint_interval(steps) for steps in (25_000, 1_500, 300, 10, 50_100)]
    [1000, 500, 300, 100, 1000]
    """
    rounds = max(1, math.ceil(num_steps / STEPS_A_ROUND))
    for length in range(DEFAULT_INTERVAL // STEPS_A_ROUND, 0, -1):
        interval = length * STEPS_A_ROUND
        if rounds % length == 0:
            is_seldom = interval >= _FEWEST_STEPS or rounds // length <= _MOST_CHECKPOINTS
            return interval if is_seldom else DEFAULT_INTERVAL
    return DEFAULT_INTERVAL
