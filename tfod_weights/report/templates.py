"""The templates of `generate`, and what it made of one, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Optional, Sequence

from tfod_weights.report.export import counts_json, weights_json
from tfod_weights.report.grid import GAP, left_aligned

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from tfod_weights.generating import GeneratedConfig, Template

_TITLES = ("template", "pixels", "batch", "what it is")


@dataclass(frozen=True)
class TemplatesTable:
    """A rich renderable: a line for every template, its description cut where need be."""

    templates: Sequence[Template]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Header, rule, lines."""
        from rich.segment import Segment

        rows = [
            (t.name, str(t.image_size), str(t.batch_size), t.description) for t in self.templates
        ]
        widths = [max(map(len, column)) for column in zip(_TITLES, *rows)]
        room = max(options.max_width - sum(widths[:3]) - 3 * GAP, len(_TITLES[3]))
        widths[3] = min(widths[3], room)
        lines = [_line(row, widths, options.ascii_only) for row in (_TITLES, *rows)]
        rule = ("-" if options.ascii_only else "─") * (sum(widths) + 3 * GAP)
        for text, style in ((lines[0], "bold"), (rule, "dim")):
            yield Segment(f"{text}\n", console.get_style(style))
        yield Segment("".join(f"{line}\n" for line in lines[1:]))


def _line(cells: Sequence[str], widths: Sequence[int], ascii_only: bool) -> str:
    name, size, batch, description = cells
    texts = (
        name.ljust(widths[0]),
        size.rjust(widths[1]),
        batch.rjust(widths[2]),
        left_aligned(description, widths[3], ascii_only),
    )
    return (" " * GAP).join(texts).rstrip()


def templates_table(templates: Sequence[Template]) -> TemplatesTable:
    """The templates for a terminal."""
    return TemplatesTable(templates)


def templates_json(templates: Sequence[Template]) -> dict[str, Any]:
    """The templates as JSON types: what their headers say."""
    hidden = ("values", "body", "path")
    keys = [field.name for field in fields(templates[0]) if field.name not in hidden]
    return {"templates": [{key: getattr(one, key) for key in keys} for one in templates]}


def generated_json(generated: GeneratedConfig, output: Optional[str]) -> dict[str, Any]:
    """A generated config as JSON types: what is in it, why, and its text."""
    plan = generated.schedule
    return {
        "config": output,
        "template": generated.template,
        "num_classes": generated.num_classes,
        "image_size": generated.image_size,
        "batch_size": plan.batch_size,
        "steps": plan.steps,
        "learning_rate": plan.learning_rate,
        "warmup_steps": plan.warmup_steps,
        "warmup_learning_rate": plan.warmup_learning_rate,
        "losses": list(generated.losses),
        "warnings": list(generated.warnings),
        "notes": list(generated.notes),
        "counts": counts_json(generated.counts),
        "weights": weights_json(generated.weights) if generated.weights else None,
        "text": generated.text,
    }
