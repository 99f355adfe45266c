"""Real TFOD configs and a real, imbalanced data set."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking.making import CLASSIFIER, checkpoint
from tfod_weights import (
    LossSwitch,
    TfodWeightsError,
    check_config,
    count_classes,
    patch_config,
    patch_text,
    strip_text,
)
from tfod_weights.cli import main
from tfod_weights.label_map import LabelMap
from tfod_weights.pipeline import PipelineConfig

CONFIGS = (
    "center_net_deepmac_512x512_voc_only_tpu-32",
    "centernet_resnet50_v2_512x512_kpts_coco17_tpu-8",
    "context_rcnn_resnet101_snapshot_serengeti",
    "faster_rcnn_resnet101_voc07",
    "faster_rcnn_resnet50_v1_640x640_coco17_tpu-8",
    "mask_rcnn_inception_resnet_v2_1024x1024_coco17_gpu-8",
    "rfcn_resnet101_pets",
    "ssd_efficientdet_d0_512x512_coco17_tpu-8",
    "ssd_inception_v2_pets",
    "ssd_mobilenet_v1_focal_loss_pets",
    "ssd_mobilenet_v2_320x320_coco17_tpu-8",
    "ssd_mobilenet_v2_fpnlite_320x320_coco17_tpu-8",
    "ssd_mobilenet_v2_pets_keras",
    "ssd_resnet50_v1_fpn_640x640_coco17_tpu-8",
    "ssdlite_mobiledet_cpu_320x320_coco_sync_4x4",
)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", CONFIGS)
def test_every_real_config_is_patched_and_restored(
    shared_data: Path, name: str, newline: str
) -> None:
    text = (shared_data / "tfod_configs" / f"{name}.config").read_bytes().decode()
    text = text.replace("\n", newline)
    num_classes = PipelineConfig(text, name).num_classes
    weights = [1 + index / 7 for index in range(num_classes)]
    patched = patch_text(text, weights)
    assert len(patched.losses) == 2
    assert patched.text.count("class_weights: [") == 2
    assert strip_text(patched.text) == text
    assert patch_text(patched.text, weights).text == patched.text


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", CONFIGS)
def test_every_real_config_is_switched_and_restored(
    shared_data: Path, name: str, newline: str
) -> None:
    text = (shared_data / "tfod_configs" / f"{name}.config").read_bytes().decode()
    text = text.replace("\n", newline)
    switch = None if name.startswith("center") else LossSwitch("weighted_sigmoid_focal")
    if "hard_example_miner {" in text:
        with pytest.raises(TfodWeightsError, match="TFOD refuses a hard_example_miner"):
            patch_text(text, None, losses="none", switch=switch)
        switch = LossSwitch("weighted_softmax")
    patched = patch_text(text, None, losses="none", switch=switch, augment="strong")
    assert patched.text.count("# tfod-weights: augment=strong") <= 1
    assert patched.text.count("random_horizontal_flip {") == 1
    assert strip_text(patched.text) == text
    again = patch_text(patched.text, None, losses="none", switch=switch, augment="strong")
    assert again.text == patched.text


def test_the_list_is_complete(shared_data: Path) -> None:
    found = {path.stem for path in (shared_data / "tfod_configs").glob("*.config")}
    assert found == set(CONFIGS)


@pytest.mark.parametrize(
    "name, items, max_id, last",
    [
        ("mscoco_label_map", 80, 90, "toothbrush"),
        ("pascal_label_map", 20, 20, "tvmonitor"),
        ("pet_label_map", 37, 37, "yorkshire_terrier"),
    ],
)
def test_real_label_maps(shared_data: Path, name: str, items: int, max_id: int, last: str) -> None:
    label_map = LabelMap.load(shared_data / "label_maps" / f"{name}.pbtxt")
    assert (len(label_map.items), label_map.max_id) == (items, max_id)
    assert label_map.labels()[max_id] == last


def test_coco_has_gaps_that_weigh_one(shared_data: Path) -> None:
    from tfod_weights.weighting import class_weights

    labels = LabelMap.load(shared_data / "label_maps" / "mscoco_label_map.pbtxt").labels()
    counts = {class_id: 10 * class_id for class_id in labels}
    weights = class_weights(counts, num_classes=90)
    assert len(weights) == 90
    assert weights[11] == 1  # id 12, which COCO does not use
    assert weights[0] > weights[89]


# What is true of the configs as their authors wrote them, besides the paths to be filled in.
TF1 = "feature-extractor-tf1"
OLD_PETS = [TF1, "checkpoint-load-all", "checkpoint-version", "max-boxes-not-read"]
FOUND = {
    "center_net_deepmac_512x512_voc_only_tpu-32": ["metrics-per-category"],
    "context_rcnn_resnet101_snapshot_serengeti": [
        "bfloat16-without-tpu",
        "checkpoint-version",
        TF1,
    ],
    "faster_rcnn_resnet101_voc07": ["checkpoint-version", TF1],
    "faster_rcnn_resnet50_v1_640x640_coco17_tpu-8": ["bfloat16-without-tpu"],
    "mask_rcnn_inception_resnet_v2_1024x1024_coco17_gpu-8": ["metrics-per-category"],
    "rfcn_resnet101_pets": ["checkpoint-load-all", "checkpoint-version", TF1],
    "ssd_efficientdet_d0_512x512_coco17_tpu-8": ["bfloat16-without-tpu"],
    "ssd_inception_v2_pets": OLD_PETS,
    "ssd_mobilenet_v1_focal_loss_pets": OLD_PETS,
    "ssd_mobilenet_v2_pets_keras": OLD_PETS[1:],
    "ssd_resnet50_v1_fpn_640x640_coco17_tpu-8": ["bfloat16-without-tpu"],
    "ssdlite_mobiledet_cpu_320x320_coco_sync_4x4": [TF1],
}


@pytest.mark.parametrize("name", CONFIGS)
def test_real_configs_raise_no_false_alarm(shared_data: Path, name: str) -> None:
    found = [f.id for f in check_config(shared_data / "tfod_configs" / f"{name}.config")]
    placeholders = [id for id in found if id == "placeholder"]
    assert len(placeholders) >= 4
    assert sorted(set(found) - {"placeholder"}) == sorted(FOUND.get(name, []))


# -- BCCD, end to end -----------------------------------------------------------------------


@pytest.fixture
def bccd(shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A real SSD config that names the BCCD records, in a folder that may be written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(shared_data / "bccd")
    name = "ssd_mobilenet_v2_320x320_coco17_tpu-8.config"
    text = (shared_data / "tfod_configs" / name).read_text()
    for old, new in (
        ("num_classes: 90", "num_classes: 3"),
        ("PATH_TO_BE_CONFIGURED/label_map.txt", "data/label_map.pbtxt"),
        ("PATH_TO_BE_CONFIGURED/train2017-?????-of-00256.tfrecord", "data/train.record*"),
        ("PATH_TO_BE_CONFIGURED/val2017-?????-of-00032.tfrecord", "data/val.record*"),
        ("PATH_TO_BE_CONFIGURED/mobilenet_v2.ckpt-1", "zoo/mobilenet_v2.ckpt-1"),
    ):
        assert old in text
        text = text.replace(old, new)
    Path("pipeline.config").write_text(text)
    checkpoint(CLASSIFIER, "zoo/mobilenet_v2.ckpt-1")()
    return Path("pipeline.config")


def test_nothing_to_say_about_a_config_that_can_be_trained(bccd: Path) -> None:
    assert check_config(bccd, images=True) == []


def test_counts(bccd: Path) -> None:
    counts = count_classes("data/train.record-?????-of-00004", label_map="data/label_map.pbtxt")
    assert {row.name: row.objects for row in counts.classes} == {
        "RBC": 2382,
        "WBC": 214,
        "Platelets": 209,
    }
    assert counts.images == 205


def test_from_records_to_weights_and_back(bccd: Path) -> None:
    original = bccd.read_bytes()
    assert main(["patch", str(bccd), "--scheme", "inverse", "--normalize", "min"]) == 0
    config = PipelineConfig.load(bccd)
    loss = config.model.message("loss")
    member = loss.message("classification_loss").message("weighted_sigmoid_focal")
    assert member.scalars("class_weights") == pytest.approx([1, 2382 / 214, 2382 / 209], rel=1e-7)
    assert [f.severity for f in check_config(bccd)] == ["warning", "warning", "note"]  # ratio > 10
    assert main(["strip", str(bccd)]) == 0
    assert bccd.read_bytes() == original


def test_counts_as_weights_in_python(bccd: Path) -> None:
    import tfod_weights

    counts = tfod_weights.count_classes("data/train.record*", label_map="data/label_map.pbtxt")
    patched = patch_config(bccd, tfod_weights.class_weights(counts))
    patched.write("patched.config")
    assert tfod_weights.strip_config("patched.config") == bccd.read_text()
