"""The way of the counts through a file."""

from __future__ import annotations

import pytest

from tests.counting.records import example, image, sequence, write_records
from tfod_weights.counting import ClassCounts, count_classes
from tfod_weights.errors import BeamError, UsageError
from tfod_weights.label_map import LabelMap, LabelMapItem

pytest.importorskip("apache_beam", reason="pip install 'tfod-weights[beam]'")

from apache_beam.options.pipeline_options import PipelineOptions

from tfod_weights.beam.results import read_counts, result_file, write_counts

NOTHING = ClassCounts(0, (), 0)
CELLS = LabelMap((LabelMapItem(1, "red"), LabelMapItem(3, "weiß")))


def test_nothing_is_lost(tmp_path) -> None:
    """Neither the keys that are numbers nor the last bit of 1/3 + 1/7."""
    frames = [sequence([["weiß".encode()]] + [[]] * number) for number in range(2, 9, 2)]
    odd = example(image([], [-7, 9, 1]))
    for records, settings in ((frames, {"input_type": "TF_SEQUENCE_EXAMPLE"}), ([odd] * 3, {})):
        counts = count_classes(write_records(tmp_path / "a.record", *records), CELLS, **settings)
        write_counts(counts, str(tmp_path / "counts.json"))
        assert read_counts(str(tmp_path / "counts.json")) == counts
    assert counts.out_of_range_labels == {-7: 3, 9: 3}


def test_no_result(tmp_path) -> None:
    with pytest.raises(BeamError, match="its result is not in"):
        read_counts(str(tmp_path / "counts.json"))


@pytest.mark.parametrize("runner", ["DirectRunner", "prism", "FnApiRunner", None])
def test_workers_on_this_machine_need_no_temp_location(runner) -> None:
    with result_file(PipelineOptions([], runner=runner)) as path:
        write_counts(NOTHING, path)
    with pytest.raises(BeamError):
        read_counts(path)


def test_other_runners_do_but_with_workers_here() -> None:
    options = ["--runner=apache_beam.runners.portability.flink_runner.FlinkRunner"]
    needs = pytest.raises(UsageError, match="FlinkRunner needs --temp_location")
    with needs, result_file(PipelineOptions(options)):
        pass
    with result_file(PipelineOptions([*options, "--environment_type=LOOPBACK"])) as path:
        assert path.endswith(".json")


def test_two_counts_do_not_meet(tmp_path) -> None:
    options = PipelineOptions(["--temp_location", str(tmp_path)])
    with result_file(options) as one, result_file(options) as other:
        assert one != other
        write_counts(NOTHING, one)
    assert list(tmp_path.iterdir()) == []
