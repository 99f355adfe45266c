"""docs/templates.md has a line for every template, made from the templates themselves."""

from __future__ import annotations

import os
import re

from tests.conftest import REPOSITORY
from tfod_weights.generating import Template, templates
from tfod_weights.generating.rendering import number_text

DOCS = REPOSITORY / "docs" / "templates.md"
TABLE = re.compile(r"(<!-- table: [^\n]*-->\n)(.*)(<!-- end of table -->)", re.DOTALL)
COLUMNS = ("template", "TFOD config", "checkpoint", "pixels", "learning rate at batch", "steps")


def row(template: Template) -> tuple[str, ...]:
    checkpoint = template.checkpoint
    if checkpoint:
        checkpoint = "the same" if checkpoint == template.source else f"`{checkpoint}`"
    return (
        f"`{template.name}`",
        f"`{template.source}`",
        checkpoint or "none",
        f"{template.image_size}; {template.image_sizes}",
        f"{number_text(template.learning_rate)} at {template.reference_batch_size}",
        f"{template.epochs} epochs, {template.steps_minimum:,}",
    )


def table() -> str:
    rows = [COLUMNS, ("---",) * len(COLUMNS), *map(row, templates().values())]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def test_the_docs_have_a_line_for_every_template() -> None:
    shown = DOCS.read_text(encoding="utf-8")
    made = TABLE.sub(lambda match: match[1] + "\n" + table() + "\n" + match[3], shown)
    if os.environ.get("UPDATE_README"):
        DOCS.write_text(made, encoding="utf-8")
    assert shown == made or os.environ.get("UPDATE_README")
    assert table() in made
