"""The input readers: what they read, and how it is mixed."""

from __future__ import annotations

import gzip
from pathlib import Path

from tests.checking.making import (
    LABEL_MAP,
    OTHER_TRAIN,
    TRAIN,
    VAL,
    Case,
    Make,
    both,
    config,
    removed,
    removed_file,
    written,
)

_PATH = 'input_path: "demo/data/train.record-?????-of-00002"'
_PATHS = "\n    ".join(f'input_path: "demo/data/train.record-0000{i}-of-00002"' for i in (0, 1))
_VAL = "val.record-00000-of-00001"
_READER = "train_input_reader {\n"
_VERIFY = {"verify": True}
_WEIGHTS = "  sample_from_datasets_weights: "


def sampled(weights: str, paths: str = _PATHS) -> Make:
    """Two inputs with sample weights in line 107."""
    return both(config(_READER, f"{_READER}{_WEIGHTS}{weights}\n"), config(_PATH, paths))


def damaged(path: str) -> Make:
    return lambda: Path(path).write_bytes(Path(path).read_bytes()[:-20])


def changed(path: str) -> Make:
    """Change a byte in the image of the first record."""

    def make() -> None:
        content = bytearray(Path(path).read_bytes())
        content[3000] ^= 1
        Path(path).write_bytes(content)

    return make


CASES = {
    "no input path": Case(
        removed(_PATH), "input-missing", 109, "this input reader names no records",
    ),
    "no input of evaluation": Case(
        removed('  tf_record_input_reader {\n    input_path: "demo/data/val.record-00000-of-00001"'
                "\n  }\n"),
        "input-missing", 119, "this input reader names no records",
    ),
    "no match": Case(
        config("-of-00002", "-of-00009"), "input-no-match", 110, "-of-00009",
    ),
    "records with a NUL": Case(
        config("demo/data/train.record", r"demo\0data/train.record"),
        "input-no-match", 110, r"write / or \\ in a Windows path",
    ),
    "sharded as elsewhere": Case(
        config("train.record-?????-of-00002", "train.record@2"),
        "input-no-match", 110, "demo/data/train.record-?????-of-00002",
    ),
    "no eval records": Case(
        config("val.record-00000", "valid.record-00000"),
        "input-no-match", 124, "valid.record-00000-of-00001",
    ),
    "one of two inputs": Case(
        config(_PATH, _PATHS.replace("1-of", "7-of")), "input-no-match", 111, "00007-of-00002",
    ),
    "damaged": Case(
        damaged(TRAIN),
        "input-unreadable", 110, "but the file ends before",
    ),
    "damaged, and its images looked at": Case(
        damaged(TRAIN), "input-unreadable", 110, "but the file ends before",
        options={"images": True},
    ),
    "damaged, and no label map to count with": Case(
        both(damaged(TRAIN), written(LABEL_MAP, b"# nothing")), "input-unreadable", 110,
        "but the file ends before", others=["label-map-empty"], options={"images": True},
    ),
    "a link to nothing": Case(
        both(removed_file(TRAIN), lambda: Path(TRAIN).symlink_to("nothing.record")),
        "input-unreadable", 110, "a link to something that is gone",
    ),
    "damaged records of evaluation": Case(
        damaged(VAL),
        "input-unreadable", 124, f"evaluation reads {VAL}: byte ",
    ),
    "compressed records of evaluation": Case(
        lambda: Path(VAL).write_bytes(gzip.compress(Path(VAL).read_bytes())),
        "input-unreadable", 124, "gzip-compressed",
    ),
    "a folder of evaluation": Case(
        config(f"demo/data/{_VAL}", "demo/data"), "input-unreadable", 124, "this is a folder",
    ),
    "a link of evaluation to nothing": Case(
        both(removed_file(VAL), lambda: Path(VAL).symlink_to("nothing.record")),
        "input-unreadable", 124, "no such file",
    ),
    "the second input of evaluation": Case(
        both(config(f'input_path: "demo/data/{_VAL}"',
                    f'input_path: "demo/data/{_VAL}"\n    input_path: "demo/*/more.record"'),
             written("demo/data/more.record", b"more")),
        "input-unreadable", 125, "more.record",
    ),
    "another byte in the data": Case(
        changed(TRAIN), "input-unreadable", 110, "does not match its checksum", options=_VERIFY,
    ),
    "another byte in the data of evaluation": Case(
        changed(VAL), "input-unreadable", 124, "does not match its checksum", options=_VERIFY,
    ),
    "nothing in the records": Case(
        both(written(TRAIN, b""), written(OTHER_TRAIN, b"")),
        "input-empty", 110, "training reads 2 record files without a single image",
    ),
    "nothing to evaluate": Case(
        written(VAL, b""), "input-empty", 124, "evaluation reads 1 record file without a single",
    ),
    "nothing in one of two inputs": Case(
        both(sampled("[1, 2]"), written(OTHER_TRAIN, b"")),
        "input-empty", 112, "00001-of-00002 holds no image, but its sample weight is above 0",
    ),
    "a shard that is gone": Case(
        removed_file(TRAIN), "shard-missing", 110,
        "1 of 2 shards is missing: train.record-00000-of-00002",
    ),
    "shards of evaluation that are gone": Case(
        both(config(_VAL, "val.record-*-of-*"), lambda: Path(VAL).rename(f"{VAL[:-5]}00004")),
        "shard-missing", 124, "3 of 4 shards are missing: val.record-00001-of-00004,",
    ),
    "a file by two patterns": Case(
        config(_PATH, f"{_PATH}\n    {_PATHS.splitlines()[0]}"),
        "input-twice", 111, "reads a record file twice",
    ),
    "a link to a shard": Case(
        both(removed_file(OTHER_TRAIN), lambda: Path(OTHER_TRAIN).symlink_to(Path(TRAIN).name)),
        "input-twice", 110, "twice: demo/data/train.record-00001",
    ),
    "room for -5 boxes": Case(
        config("max_number_of_boxes: 20", "max_number_of_boxes: -5"),
        "max-boxes-negative", 108, "max_number_of_boxes is -5",
    ),
    "room for -5 boxes of evaluation": Case(
        config("eval_input_reader {", "eval_input_reader {\n  max_number_of_boxes: -5"),
        "max-boxes-negative", 120, "max_number_of_boxes is -5",
    ),
    "a path that is empty beside another": Case(
        config(_PATH, f'input_path: ""\n    {_PATH}'),
        "input-unreadable", 110, "no such file",
    ),
    "no such type": Case(
        config(_READER, f"{_READER}  input_type: INPUT_DEFAULT\n"),
        "input-type", 107, "no decoder",
    ),
    "sequences without names": Case(
        config(f'{_READER}  label_map_path: "{LABEL_MAP}"\n',
               f"{_READER}  input_type: TF_SEQUENCE_EXAMPLE\n"),
        "input-type", 107, "holds class texts only",
    ),
    "three weights": Case(
        sampled("[1, 2, 3]"), "sample-weights-length", 107, "3 sample weights for 2 input paths",
    ),
    "negative sample weight": Case(
        sampled("[1, -2]"), "sample-weights-value", 107, "sample weight -2 cannot",
    ),
    "sample weights of 0": Case(
        sampled("[0, 0]"), "sample-weights-value", 107, "all are 0",
    ),
    "a sample weight that 32 bits make 0": Case(
        sampled("[1, 1e-60]"), "sample-weight-zero", 112, "it is never read",
    ),
    "a sample weight of 0": Case(
        sampled("[1, 0]"), "sample-weight-zero", 112, "it is never read",
    ),
    "a missing input of weight 0": Case(
        sampled("[1, 0]", _PATHS.replace("1-of", "7-of")), "sample-weight-zero", 112, "never",
    ),
}  # fmt: skip
