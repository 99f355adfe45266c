"""Rules about the optimizer and its learning rate.

Facts from object_detection/builders/optimizer_builder.py and utils/learning_schedules.py.
"""

from __future__ import annotations

from typing import Iterator, Optional

from tfod_weights.checking.findings import Finding
from tfod_weights.checking.places import field_place
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.textformat import MergedMessage


def schedule_findings(config: PipelineConfig) -> Iterator[Finding]:
    """No optimizer, no learning rate, or one that TFOD refuses or never reaches."""
    train = config.root.message("train_config")
    if train is None:
        return
    optimizer = train.message("optimizer")
    name = optimizer.which("optimizer") if optimizer else None
    if optimizer is None or name is None:
        help = "write momentum_optimizer, adam_optimizer or rms_prop_optimizer in it"
        place = field_place(config, train, "optimizer")
        yield Finding("optimizer-missing", "train_config names no optimizer", place, help)
        return
    chosen = optimizer.message(name)
    rate = chosen.message("learning_rate") if chosen else None
    schedule = rate.which("learning_rate") if rate else None
    if chosen is None or rate is None or schedule is None:
        help = "e.g. learning_rate { constant_learning_rate { learning_rate: 0.01 } }"
        place = field_place(config, chosen, "learning_rate")
        yield Finding("learning-rate-missing", f"{name} has no learning rate", place, help)
        return
    yield from _findings_of(config, schedule, rate.message(schedule))


def _findings_of(
    config: PipelineConfig, schedule: str, message: Optional[MergedMessage]
) -> Iterator[Finding]:
    if message and schedule == "cosine_decay_learning_rate":
        yield from _cosine_findings(config, message, config.num_steps)
    if message and schedule == "manual_step_learning_rate":
        yield from _manual_findings(config, message)


def _cosine_findings(
    config: PipelineConfig, cosine: MergedMessage, num_steps: int
) -> Iterator[Finding]:
    total, warmup = (int(cosine.scalar(f"{name}_steps")) for name in ("total", "warmup"))
    base, first = (
        float(cosine.scalar(name)) for name in ("learning_rate_base", "warmup_learning_rate")
    )
    if total < warmup:
        is_default = "" if cosine.has("warmup_steps") else " (the default)"
        problem = f"total_steps {total} is below warmup_steps {warmup}{is_default}"
        place = field_place(config, cosine, "total_steps")
        yield Finding("learning-rate-schedule", problem, place, "set warmup_steps below it")
    if warmup and base < first:
        is_default = "" if cosine.has("warmup_learning_rate") else " (the default)"
        problem = f"learning_rate_base {base:g} is below warmup_learning_rate {first:g}{is_default}"
        place = field_place(config, cosine, "learning_rate_base")
        yield Finding("learning-rate-schedule", problem, place, "warm up from a lower rate")
    if num_steps and total != num_steps:
        yield _total_steps_finding(config, cosine, total, num_steps)


def _total_steps_finding(
    config: PipelineConfig, cosine: MergedMessage, total: int, num_steps: int
) -> Finding:
    is_default = "" if cosine.has("total_steps") else " (the default)"
    problem = f"total_steps {total}{is_default} is not num_steps {num_steps}"
    if total < num_steps:
        problem += f": the learning rate is 0 after step {total}"
    else:
        problem += ": training ends before the learning rate has come down"
    place = field_place(config, cosine, "total_steps")
    return Finding("learning-rate-total-steps", problem, place, f"set total_steps to {num_steps}")


def _manual_findings(config: PipelineConfig, manual: MergedMessage) -> Iterator[Finding]:
    schedule = manual.messages("schedule")
    if not schedule:
        place = field_place(config, manual)
        help = "add schedule { step: … learning_rate: … }, or use constant_learning_rate"
        yield Finding("learning-rate-schedule", "the schedule is empty", place, help)
    before = 0
    for entry in schedule:
        step = int(entry.scalar("step"))
        if step <= before:
            problem = f"step {step} does not come after step {before}"
            if not before:
                problem = "the first step of the schedule is 0"
            place = field_place(config, entry, "step")
            help = "steps grow from entry to entry; initial_learning_rate is that of step 0"
            yield Finding("learning-rate-schedule", problem, place, help)
            return
        before = step
