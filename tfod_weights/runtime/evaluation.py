"""One evaluation of the latest checkpoint, by TFOD's own continuous evaluation."""

from __future__ import annotations

import functools
from typing import Any

from tfod_weights.runtime.import_hooks import after_import


def install() -> None:
    """Let an evaluation with --eval_timeout=0 end as soon as it is done."""
    after_import("object_detection.model_lib_v2", _evaluate_without_waiting)


def _evaluate_without_waiting(model_lib_v2: Any) -> None:
    """model_main_tf2 has a flag for how long to wait for another checkpoint, but none for the
    five minutes (`wait_interval`) that it sleeps before.
    """
    stock = model_lib_v2.eval_continuously

    @functools.wraps(stock)
    def eval_continuously(*arguments: Any, **keywords: Any) -> Any:
        if keywords.get("timeout") == 0:
            keywords["wait_interval"] = 0
        return stock(*arguments, **keywords)

    model_lib_v2.eval_continuously = eval_continuously
