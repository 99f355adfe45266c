"""New record files: the expectation, the bytes, the shards, and the config that names them."""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.locking import locked
from tfod_weights.cli import main
from tfod_weights.counting import LabelledRecord, count_classes, expand_patterns
from tfod_weights.counting.framing import RecordFile
from tfod_weights.errors import NoMatchError, TfodWeightsError, UsageError
from tfod_weights.pipeline import LossSwitch, PipelineConfig, patch_config
from tfod_weights.resample import ResampledConfig, resample_config
from tfod_weights.sampling import ClassSampling
from tfod_weights.sampling.resampling import Resampler
from tfod_weights.weighting import BatchClassWeights, WeightSchedule

CONFIG = "demo/pipeline.config"
WEIGHTED = ClassSampling((1.0, 4.0, 9.0), "SUM")
REPEATED = ClassSampling(repeat_factor_threshold=0.9)

in_demo = pytest.mark.usefixtures("demo_folder")


def records(*paths: str) -> list[bytes]:
    """Every record of the files, with its header and checksums, after checking them."""
    found = []
    for path in paths:
        with RecordFile(path) as file:
            for start, stop in file.records():
                file.check_data(start, stop)
                found.append(Path(path).read_bytes()[start - 12 : stop + 4])
    return found


def shards_of(result: ResampledConfig) -> list[str]:
    return [shard.path for one in result.inputs for shard in one.shards]


def train_files() -> list[str]:
    return [f"demo/data/train.record-0000{i}-of-00002" for i in (0, 1)]


@in_demo
@pytest.mark.parametrize("sampling", [WEIGHTED, REPEATED])
def test_the_new_records_are_copies_of_the_old_ones(sampling: ClassSampling) -> None:
    result = resample_config(CONFIG, "new", sampling=sampling)
    assert not Path("new").exists()
    result.write_all()
    old, new = records(*train_files()), records(*shards_of(result))
    assert set(new) <= set(old)
    assert len(new) == result.drawn.drawn_images
    assert new != sorted(new, key=old.index), "not shuffled"
    counts = count_classes(shards_of(result), "demo/data/label_map.pbtxt")
    assert [row.objects for row in counts.classes] == [row.drawn for row in result.drawn.classes]


@in_demo
def test_shards_keep_their_sizes() -> None:
    result = resample_config(CONFIG, "new", sampling=WEIGHTED)
    result.write_all()
    assert [Path(path).name for path in shards_of(result)] == [Path(p).name for p in train_files()]
    old = [len(records(path)) for path in train_files()]
    assert [len(records(path)) for path in shards_of(result)] == old
    assert [shard.records for one in result.inputs for shard in one.shards] == old


@in_demo
def test_repeat_factors_lose_no_image() -> None:
    result = resample_config(CONFIG, "new", sampling=REPEATED)
    result.write_all()
    assert set(records(*shards_of(result))) == set(records(*train_files()))
    assert result.drawn.drawn_images > result.drawn.images


FOCAL = LossSwitch("weighted_sigmoid_focal", gamma=1.5)
PATCHES: dict[str, dict[str, Any]] = {
    "weights": {"weights": [1, 2, 3]},
    "weights that begin later": {"weights": [1, 2, 3], "schedule": WeightSchedule(10, 5)},
    "weights of each batch": {"weights": BatchClassWeights()},
    "augmentation": {"weights": None, "losses": "none", "augment": "light"},
    "focal loss": {"weights": None, "losses": "none", "switch": FOCAL},
    "all": {"weights": [1, 2, 3], "background_weight": 2.0, "switch": FOCAL, "augment": "strong"},
    "sigmoid": {"weights": [1, 2, 3], "switch": LossSwitch("weighted_sigmoid")},
    "softmax": {"weights": BatchClassWeights(), "switch": LossSwitch("weighted_softmax")},
}


@in_demo
@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES)
def test_the_new_config_differs_in_its_records_only(patch: dict[str, Any]) -> None:
    without = patch_config(CONFIG, **patch).text
    patch_config(CONFIG, sampling=WEIGHTED, **patch).write()
    before = Path(CONFIG).read_text()
    result = resample_config(CONFIG, "new")
    result.write_all()
    assert Path(CONFIG).read_text() == before
    text = Path("new/pipeline.config").read_text()
    old, new = "demo/data/train.record-?????-of-00002", "new/train.record-?????-of-00002"
    assert text == without.replace(old, new) != without
    reader = PipelineConfig.load("new/pipeline.config").train_input
    assert reader is not None
    assert reader.class_sampling is None


@in_demo
def test_several_inputs_keep_apart() -> None:
    text = Path(CONFIG).read_text()
    one = 'input_path: "demo/data/train.record-?????-of-00002"'
    Path("other").mkdir()
    os.link(train_files()[1], "other/train.record-00000-of-00001")
    two = f'input_path: ["{train_files()[0]}", "other/train.record-*"]'
    Path(CONFIG).write_text(text.replace(one, two))
    result = resample_config(CONFIG, "new", sampling=WEIGHTED)
    result.write_all()
    assert shards_of(result) == [
        "new/train.record-00000-of-00001",
        "new/train.record-2-00000-of-00001",
    ]
    first, second = (set(records(path)) for path in shards_of(result))
    assert first <= set(records(train_files()[0]))
    assert second <= set(records(train_files()[1]))
    assert (
        'input_path: ["new/train.record-?????-of-00001", "new/train.record-2-?????-of-00001"]'
        in result.text
    )


@in_demo
@pytest.mark.parametrize("sampling", [WEIGHTED, REPEATED])
def test_an_input_that_is_never_drawn_stays_as_it_is(sampling: ClassSampling) -> None:
    first, second = train_files()
    text = Path(CONFIG).read_text(encoding="utf-8")
    one = 'input_path: "demo/data/train.record-?????-of-00002"'
    text = text.replace(one, f'input_path: ["{first}", "{second}"]')
    boxes = "max_number_of_boxes: 20"
    text = text.replace(boxes, f"{boxes} sample_from_datasets_weights: [1, 0]")
    Path(CONFIG).write_text(text, encoding="utf-8")
    result = resample_config(CONFIG, "new", sampling=sampling)
    assert len(result.inputs) == 1
    assert set(result.inputs[0].resampler.objects) <= {1, 2, 3}
    assert result.drawn.images == len(records(first))
    reader = PipelineConfig(result.text, "new").require_train_input()
    assert reader.input_path == (result.inputs[0].pattern, second)


@in_demo
def test_a_seed_decides() -> None:
    def names(seed: int) -> list[bytes]:
        sampling = ClassSampling(WEIGHTED.class_weights, "SUM", seed=seed)
        result = resample_config(CONFIG, f"new{len(list(Path().iterdir()))}", sampling=sampling)
        result.write_all()
        return records(*shards_of(result))

    assert names(1) == names(1) != names(2)


@in_demo
def test_nothing_is_written_over() -> None:
    resample_config(CONFIG, "new", sampling=WEIGHTED).write_all()
    before = {path.name: path.read_bytes() for path in Path("new").iterdir()}
    with pytest.raises(TfodWeightsError, match="there is such a file already"):
        resample_config(CONFIG, "new", sampling=REPEATED).write_all()
    assert {path.name: path.read_bytes() for path in Path("new").iterdir()} == before


FOLDERS = ["out[1]", "a*b", "why?", "out[", "back\\slash", "[!a]/[]]"]


@in_demo
@pytest.mark.skipif(os.sep != "/", reason="names that this system does not have")
@pytest.mark.parametrize("folder", FOLDERS)
def test_folders_and_records_with_the_letters_of_patterns(folder: str) -> None:
    odd = "demo/data/odd[1]*.record"
    Path(train_files()[0]).rename(odd)
    text = Path(CONFIG).read_text()
    old = "demo/data/train.record-?????-of-00002"
    Path(CONFIG).write_text(text.replace(old, "demo/data/odd[[]1][*].record"))
    result = resample_config(CONFIG, folder, sampling=WEIGHTED)
    result.write_all()
    assert shards_of(result) == [f"{folder}/odd[1]*.record-00000-of-00001"]
    reader = PipelineConfig.load(f"{folder}/pipeline.config").require_train_input()
    assert expand_patterns(reader.input_path) == [shards_of(result)]


BAD_FOLDERS = {
    "demo": "demo/pipeline.config: there is such a file already",
    CONFIG: "this is a file",
    f"{CONFIG}/x": f"{CONFIG} is a file",
    "": "the folder to write into has no name",
    "locked/new": "cannot write: permission denied",
}


@in_demo
@pytest.mark.skipif(os.sep != "/", reason="permissions of another kind")
@pytest.mark.parametrize("folder", BAD_FOLDERS)
@pytest.mark.parametrize("options", [["--dry-run"], []])
def test_bad_folders_are_refused_before_the_records_are_read(
    capsys: pytest.CaptureFixture[str], folder: str, options: list[str]
) -> None:
    for path in train_files():
        Path(path).unlink()
    Path("locked").mkdir()
    with locked("locked"):
        code = main(["resample", CONFIG, "-o", folder, "--sampling", "sum", *options])
    assert code == 2
    assert BAD_FOLDERS[folder] in capsys.readouterr().err


@in_demo
def test_a_plan_is_refused_where_its_records_are() -> None:
    Path("new").mkdir()
    Path("new/train.record-00001-of-00002").touch()
    with pytest.raises(TfodWeightsError, match="there is such a file already"):
        resample_config(CONFIG, "new", sampling=WEIGHTED)


@in_demo
@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no folder that refuses root")
def test_a_folder_that_cannot_be_made_after_all() -> None:
    result = resample_config(CONFIG, "new", sampling=WEIGHTED)
    Path("new").symlink_to("/proc/no-such-process/x")
    with pytest.raises(TfodWeightsError, match="cannot make the folder"):
        result.write_all()


@in_demo
def test_what_cannot_be_resampled() -> None:
    with pytest.raises(UsageError, match="no class_sampling"):
        resample_config(CONFIG, "new")
    with pytest.raises(UsageError, match="2 sampling weights for num_classes: 3"):
        resample_config(CONFIG, "new", sampling=ClassSampling((1, 2)))
    text = Path(CONFIG).read_text()
    reader = "train_input_reader {"
    Path(CONFIG).write_text(text.replace(reader, f"{reader} input_type: TF_SEQUENCE_EXAMPLE"))
    with pytest.raises(UsageError, match="TF_SEQUENCE_EXAMPLE"):
        resample_config(CONFIG, "new", sampling=WEIGHTED)
    assert not Path("new").exists()


@in_demo
def test_records_that_are_not_there_are_placed_in_the_config() -> None:
    for path in train_files():
        Path(path).unlink()
    with pytest.raises(NoMatchError) as caught:
        resample_config(CONFIG, "new", sampling=WEIGHTED)
    assert str(caught.value).startswith(f"{CONFIG}:110:5: demo/data/train.record-")


@in_demo
def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["resample", CONFIG, "-o", "new", "--sampling", "max", "--format", "json"]
    assert main([*command, "--dry-run"]) == 0
    planned = json.loads(capsys.readouterr().out)
    assert not Path("new").exists()
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out) == planned
    assert [len(records(shard["path"])) for shard in planned["shards"]] == [30, 30]
    assert main(command) == 2
    assert "there is such a file already" in capsys.readouterr().err


images = st.lists(st.lists(st.integers(1, 3), max_size=3).map(tuple), max_size=40)


@given(images, st.lists(st.floats(0, 5), min_size=4, max_size=4), st.randoms(use_true_random=False))
def test_every_record_is_rounded_up_or_down(
    images: list[tuple[int, ...]], weights: list[float], rng
) -> None:
    """And so is their sum."""
    copies = [weights[len(class_ids)] for class_ids in images]
    resampler = Resampler(lambda class_ids: weights[len(class_ids)], rng)
    resampler.add_file("a", iter(LabelledRecord(12 + i, 13 + i, c) for i, c in enumerate(images)))
    times = Counter(resampler._drawn)
    for number, expected in enumerate(copies):
        assert math.floor(expected - 1e-9) <= times[number] <= math.ceil(expected + 1e-9)
    assert abs(resampler.images - math.fsum(copies)) < 1 + 1e-9
