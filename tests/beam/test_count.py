"""Counting with Apache Beam, on its own runner with two worker processes."""

from __future__ import annotations

import logging

import pytest

from tests.counting.records import example, image, sequence, write_records
from tfod_weights.counting import count_classes
from tfod_weights.errors import NoMatchError, UsageError
from tfod_weights.label_map import LabelMap, LabelMapItem

beam = pytest.importorskip("apache_beam", reason="pip install 'tfod-weights[beam]'")

from apache_beam.options.pipeline_options import PipelineOptions  # noqa: E402
from apache_beam.testing.util import assert_that, equal_to  # noqa: E402

from tfod_weights.beam import CountClasses  # noqa: E402

CELLS = LabelMap((LabelMapItem(1, "red"), LabelMapItem(2, "white")))
TWO_PROCESSES = [
    "--runner=apache_beam.runners.portability.fn_api_runner.FnApiRunner",
    "--direct_num_workers=2",
    "--direct_running_mode=multi_processing",
]


@pytest.fixture
def shards(tmp_path) -> list[str]:
    """Twelve files that differ; without a label map the first text names a class."""
    return [
        write_records(
            tmp_path / f"train-{number:05d}-of-00012",
            *(
                example(image([b"text %d" % number] * boxes, [1 + (number + boxes) % 3] * boxes))
                for boxes in range(1, 2 + number)
            ),
        )
        for number in range(12)
    ]


def counted(expected, *arguments, flags=(), **settings) -> None:
    """Run a pipeline, and let it check what comes out."""
    with beam.Pipeline(options=PipelineOptions(list(flags))) as pipeline:
        assert_that(pipeline | CountClasses(*arguments, **settings), equal_to([expected]))


@pytest.mark.parametrize("part_size", [1, 200, 1 << 30])
def test_the_result_is_that_of_one_process(part_size, shards) -> None:
    counted(count_classes(shards), shards, part_size=part_size)


def test_two_worker_processes(shards) -> None:
    counted(count_classes(shards), shards, flags=TWO_PROCESSES, part_size=500)


def test_inputs_stay_apart(shards) -> None:
    weights = {"sample_weights": [0.5, 0.25, 0.25, 0]}
    counted(count_classes(shards[:4], **weights), shards[:4], **weights, part_size=100)


def test_sequences(tmp_path) -> None:
    files = [
        write_records(
            tmp_path / f"{number}.record",
            *(sequence([[b"red"]] + [[]] * (frames - 1)) for frames in range(1, number + 3)),
        )
        for number in range(4)
    ]
    settings = {"input_type": "TF_SEQUENCE_EXAMPLE", "num_classes": 2}
    counted(count_classes(files, CELLS, **settings), files, CELLS, **settings, part_size=100)


def test_ancestors_and_equal_boxes(tmp_path) -> None:
    cells = LabelMap((LabelMapItem(1, "red", ancestor_ids=(2,)), LabelMapItem(2, "cell")))
    path = write_records(tmp_path / "a.record", example(image([b"red", b"red", b"cell"])))
    for settings in ({"expand_labels_hierarchy": True}, {"merge_multiple_label_boxes": True}):
        counted(count_classes(path, cells, **settings), path, cells, **settings)


def damage(path: str) -> None:
    with open(path, "r+b") as file:  # noqa: PTH123
        file.seek(3)
        file.write(b"\xff")


def test_a_damaged_file_fails_the_pipeline(shards) -> None:
    damage(shards[5])
    with pytest.raises(Exception, match="this is no TFRecord file") as caught:
        counted(None, shards)
    assert f"{shards[5]}: byte 0" in str(caught.value)


def test_damaged_files_are_skipped_and_named(shards, caplog) -> None:
    damage(shards[5])
    damage(shards[2])
    sound = [path for path in shards if path not in (shards[5], shards[2])]
    with caplog.at_level(logging.WARNING), beam.Pipeline() as pipeline:
        counts = pipeline | CountClasses(shards, skip_corrupt=True)
        rows = counts | beam.Map(lambda found: (found.images, found.classes, found.skipped))

        def check(found) -> None:
            ((images, classes, skipped),) = found
            alone = count_classes(sound)
            assert (images, classes) == (alone.images, alone.classes)
            assert [problem.split(":")[0] for problem in skipped] == [shards[2], shards[5]]

        assert_that(rows, check)
    assert sum("skipped: " in record.getMessage() for record in caplog.records) == 2


def test_what_is_wrong_is_said_before_the_pipeline_runs(tmp_path) -> None:
    with pytest.raises(NoMatchError):
        CountClasses(tmp_path / "none-*")
    with pytest.raises(UsageError, match="need a label map"):
        CountClasses("a", input_type="TF_SEQUENCE_EXAMPLE")
