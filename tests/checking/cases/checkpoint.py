"""The checkpoint that training starts from."""

from __future__ import annotations

from pathlib import Path

from tests.checking.making import (
    CENTER_NET,
    CHECKPOINT,
    CLASSIFIER,
    FASTER_RCNN,
    Case,
    both,
    checkpoint,
    config,
    fine_tuned,
    in_train_config,
    model,
    removed,
    written,
)

_V2 = "  fine_tune_checkpoint_version: V2\n"
_CLASSIFICATION = 'fine_tune_checkpoint_type: "classification"'
_SAVED_MODEL = written("zoo/saved_model/saved_model.pb", b"")

CASES = {
    "mistyped checkpoint": Case(
        both(checkpoint(), fine_tuned("zoo/checkpoint/ckpt-1")),
        "checkpoint-missing", 86, "did you mean zoo/checkpoint/ckpt-0?",
    ),
    "no folder": Case(
        fine_tuned("zooo/ckpt-0"), "checkpoint-missing", 86, "there is no folder zooo",
    ),
    "folder above": Case(
        both(checkpoint(), fine_tuned("zoo/ckpt-0")),
        "checkpoint-missing", 86, "write zoo/checkpoint/ckpt-0",
    ),
    "a checkpoint with a NUL": Case(
        fine_tuned(r"zoo\0ckpt"), "checkpoint-missing", 86, r"write / or \\ in a Windows path",
    ),
    "index file": Case(
        both(checkpoint(), fine_tuned(f"{CHECKPOINT}.index")),
        "checkpoint-file", 86, "write zoo/checkpoint/ckpt-0",
    ),
    "data file": Case(
        both(checkpoint(), fine_tuned(f"{CHECKPOINT}.data-00000-of-00001")),
        "checkpoint-file", 86, "write zoo/checkpoint/ckpt-0",
    ),
    "folder": Case(
        both(checkpoint(), fine_tuned("zoo/checkpoint")),
        "checkpoint-folder", 86, "write zoo/checkpoint/ckpt-0",
    ),
    "empty folder": Case(
        both(lambda: Path("zoo").mkdir(), fine_tuned("zoo")),
        "checkpoint-folder", 86, "there is no checkpoint in it",
    ),
    "SavedModel": Case(
        both(checkpoint(), _SAVED_MODEL, fine_tuned("zoo/saved_model")),
        "checkpoint-format", 86, "write zoo/checkpoint/ckpt-0",
    ),
    "frozen graph": Case(
        fine_tuned("zoo/frozen_inference_graph.pb"),
        "checkpoint-format", 86, "name the checkpoint that it was exported from",
    ),
    "no data file": Case(
        both(checkpoint(), lambda: Path(f"{CHECKPOINT}.data-00000-of-00001").unlink(),
             fine_tuned(CHECKPOINT)),
        "checkpoint-incomplete", 86, "copy the whole checkpoint",
    ),
    "one of two data files": Case(
        both(checkpoint(), lambda: Path(f"{CHECKPOINT}.data-00000-of-00001").rename(
            f"{CHECKPOINT}.data-00000-of-00002"), fine_tuned(CHECKPOINT)),
        "checkpoint-incomplete", 86, "not all of its .data files",
    ),
    "TensorFlow 1": Case(
        both(checkpoint(["FeatureExtractor/w", "global_step"]), fine_tuned(CHECKPOINT)),
        "checkpoint-name-based", 86, "TensorFlow 2 model zoo",
    ),
    "version by default": Case(
        both(checkpoint(), fine_tuned(CHECKPOINT), removed(_V2)),
        "checkpoint-version", 86, "V1, its default: TFOD refuses it",
    ),
    "version 1": Case(
        both(checkpoint(), fine_tuned(CHECKPOINT), config("version: V2", "version: V1")),
        "checkpoint-version", 87, "is V1: TFOD refuses it",
    ),
    "mistyped type": Case(
        both(checkpoint(), fine_tuned(CHECKPOINT, 'fine_tune_checkpoint_type: "detectoin"')),
        "checkpoint-type", 88, "did you mean detection?",
    ),
    "fine_tune": Case(
        both(checkpoint(), model(CENTER_NET),
             fine_tuned(CHECKPOINT, 'fine_tune_checkpoint_type: "fine_tune"')),
        "checkpoint-type", 16, "detection does what it did",
    ),
    "no type": Case(
        both(checkpoint(CLASSIFIER), fine_tuned(CHECKPOINT, "")),
        "checkpoint-type-missing", 86, "TFOD takes it for classification",
    ),
    "classifier as detector": Case(
        both(checkpoint(CLASSIFIER), fine_tuned(CHECKPOINT)),
        "checkpoint-type-mismatch", 86, 'write fine_tune_checkpoint_type: "classification"',
    ),
    "detector as classifier": Case(
        both(checkpoint(), fine_tuned(CHECKPOINT, _CLASSIFICATION)),
        "checkpoint-type-mismatch", 86, 'write fine_tune_checkpoint_type: "detection"',
    ),
    "another architecture": Case(
        both(model(FASTER_RCNN), checkpoint(), fine_tuned(CHECKPOINT)),
        "checkpoint-type-mismatch", 16, "model/_feature_extractor_for_…",
    ),
    "type without a checkpoint": Case(
        in_train_config('fine_tune_checkpoint_type: "detection"'),
        "checkpoint-type-unused", 86, "starts from random weights",
    ),
    "load all": Case(
        both(checkpoint(), fine_tuned(CHECKPOINT, "from_detection_checkpoint: true"),
             in_train_config("load_all_detection_checkpoint_vars: true")),
        "checkpoint-load-all", 86, "refuses load_all_detection_checkpoint_vars",
    ),
}  # fmt: skip
