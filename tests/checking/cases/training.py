"""train_config, its optimizer and its learning rate."""

from __future__ import annotations

from pathlib import Path

from tests.checking.making import CONFIG, Case, both, config, in_train_config, removed

_KEEP = "keep_aspect_ratio_resizer { min_dimension: 96 max_dimension: 128 }"
_FIXED = "fixed_shape_resizer { height: 96 width: 96 }"
_COSINE = """cosine_decay_learning_rate {
          learning_rate_base: 0.05
          total_steps: 200
          warmup_learning_rate: 0.01
          warmup_steps: 20
        }"""


def manual(schedule: str) -> str:
    return f"manual_step_learning_rate {{ {schedule} }}"


def without_train_config() -> None:
    text = Path(CONFIG).read_text()
    start, stop = text.index("train_config {"), text.index("train_input_reader {")
    Path(CONFIG).write_text(text[:start] + text[stop:])


def without_optimizer() -> None:
    text = Path(CONFIG).read_text()
    start, stop = text.index("  optimizer {"), text.index("  data_augmentation_options")
    Path(CONFIG).write_text(text[:start] + text[stop:])


CASES = {
    "no train_config": Case(
        without_train_config, "train-config-missing", None, "no optimizer: TFOD stops",
    ),
    "no optimizer": Case(
        without_optimizer, "optimizer-missing", 85, "momentum_optimizer, adam_optimizer",
    ),
    "empty optimizer": Case(
        both(without_optimizer, in_train_config("optimizer { use_moving_average: false }")),
        "optimizer-missing", 86, "names no optimizer",
    ),
    "learning rate of nothing": Case(
        config(_COSINE, ""), "learning-rate-missing", 90, "momentum_optimizer has no learning rate",
    ),
    "short schedule": Case(
        config("total_steps: 200", "total_steps: 10"),
        "learning-rate-schedule", 93, "total_steps 10 is below warmup_steps 20",
        others=["learning-rate-total-steps"],
    ),
    "default warm-up": Case(
        removed("          warmup_steps: 20\n"),
        "learning-rate-schedule", 93, "below warmup_steps 10000 (the default)",
    ),
    "hot warm-up": Case(
        config("warmup_learning_rate: 0.01", "warmup_learning_rate: 0.5"),
        "learning-rate-schedule", 92, "0.05 is below warmup_learning_rate 0.5",
    ),
    "empty steps": Case(
        config(_COSINE, manual("initial_learning_rate: 0.1")),
        "learning-rate-schedule", 91, "the schedule is empty",
    ),
    "step 0": Case(
        config(_COSINE, manual("schedule { step: 0 }")),
        "learning-rate-schedule", 91, "first step of the schedule is 0",
    ),
    "steps in disorder": Case(
        config(_COSINE, manual("schedule { step: 9 } schedule { step: 5 }")),
        "learning-rate-schedule", 91, "step 5 does not come after step 9",
    ),
    "more steps than the schedule": Case(
        config("num_steps: 200", "num_steps: 500"),
        "learning-rate-total-steps", 93, "the learning rate is 0 after step 200",
    ),
    "fewer steps than the schedule": Case(
        config("num_steps: 200", "num_steps: 100"),
        "learning-rate-total-steps", 93, "before the learning rate has come down",
    ),
    "batch of 0": Case(config("batch_size: 8", "batch_size: 0"), "batch-size", 86, "at least 1"),
    "replicas": Case(
        config("batch_size: 8", "batch_size: 6"),
        "batch-size-replicas", 86, "6 cannot be divided by 4 replicas", options={"replicas": 4},
    ),
    "shapes": Case(config(_FIXED, _KEEP), "batch-shapes", 86, "pad_to_max_dimension: true"),
    "shapes of evaluation": Case(
        both(config(_FIXED, "identity_resizer { }"),
             config("batch_size: 8", "batch_size: 2"),
             config("eval_config {", "eval_config { batch_size: 2"),
             config("  shuffle: false", "  shuffle: false drop_remainder: false")),
        "batch-shapes", 114, "eval_config.batch_size is above 1", options={"replicas": 2},
    ),
    "no steps": Case(removed("  num_steps: 200\n"), "num-steps-missing", 85, "num_steps"),
    "bfloat16": Case(
        in_train_config("use_bfloat16: true"), "bfloat16-without-tpu", 86, "TPUs only",
    ),
    "frozen": Case(
        in_train_config('freeze_variables: ["FeatureExtractor"]'),
        "train-option-ignored", 86, "does not read freeze_variables",
    ),
    "boxes in the wrong place": Case(
        in_train_config("max_number_of_boxes: 50"),
        "max-boxes-not-read", 86, "in the input reader (20), not here (50)",
    ),
}  # fmt: skip
