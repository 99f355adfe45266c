"""The config as a text, and the paths in it."""

from __future__ import annotations

from tests.checking.making import (
    CONFIG,
    Case,
    both,
    config,
    fine_tuned,
    written,
)

CASES = {
    "comment": Case(config("# circle, ", "// circle, "), "syntax", 6, "found '/'"),
    "latin-1": Case(written(CONFIG, b"# caf\xe9\nmodel { }"), "syntax", 1, "not UTF-8"),
    "huber": Case(
        config("weighted_smooth_l1", "weighted_huber"),
        "unknown-field", 65, "did you mean weighted_smooth_l1?",
    ),
    "enum": Case(config("RELU_6", "RELU6"), "unknown-value", 16, "did you mean RELU_6?"),
    "number": Case(config("gamma: 2.0", "gamma: two"), "bad-value", 61, "gamma takes"),
    "dead member": Case(
        config("weighted_sigmoid_focal {", "weighted_softmax{} weighted_sigmoid_focal {"),
        "dead-block", 59, "weighted_softmax",
    ),
    "placeholder of the zoo": Case(
        config("demo/data/train.record", "PATH_TO_BE_CONFIGURED/train.record"),
        "placeholder", 110, "input_path is still a placeholder",
    ),
    "placeholder for a label map": Case(
        config('"demo/data/label_map', '"<PATH>/label_map'), "placeholder", 107, "label_map_path",
    ),
    "placeholder for a checkpoint": Case(
        fine_tuned("path/to/ckpt-0"), "placeholder", 86, "fine_tune_checkpoint is still",
    ),
    "placeholder for evaluation": Case(
        config("demo/data/val.", "/path/to/val."), "placeholder", 124, "/path/to/val.",
    ),
    "several placeholders": Case(
        both(
            config('"demo/data/label_map', '"${DATA}/label_map'),
            config("demo/data/train.record", "your_folder/train.record"),
        ),
        "placeholder", 107, "${DATA}", others=["placeholder"],
    ),
    "bucket": Case(
        config("demo/data/train.record", "abfs://host/train.record"),
        "path-remote", 110, "it is not checked",
    ),
    "checkpoint in a bucket": Case(
        fine_tuned("gs://bucket/ckpt-0"), "path-remote", 86, "it is not checked",
    ),
    "label map in a bucket": Case(
        config('"demo/data/label_map', '"abfs://host/label_map'), "path-remote", 107, "host",
    ),
}  # fmt: skip
