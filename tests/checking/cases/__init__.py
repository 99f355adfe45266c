"""Every finding, from the demonstration data with one thing made wrong.

The first case of an id is the example on its page in docs/findings.
"""

from __future__ import annotations

from tests.checking.cases import (
    checkpoint,
    config,
    evaluation,
    inputs,
    label_map,
    model,
    records,
    training,
    weights,
)
from tests.checking.making import Case

_TABLES = (config, model, training, checkpoint, evaluation, label_map, inputs, records, weights)

CASES: dict[str, Case] = {name: case for table in _TABLES for name, case in table.CASES.items()}
assert len(CASES) == sum(len(table.CASES) for table in _TABLES)

EXAMPLES: dict[str, str] = {case.id: name for name, case in reversed(CASES.items())}
"""id -> the name of its first case."""
