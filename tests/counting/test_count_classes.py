"""`count_classes` as users call it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import tfod_weights.counting
from tests.counting.records import (
    example,
    features,
    image,
    masked_crc,
    varint,
    write_records,
)
from tfod_weights.counting import DROP_REASONS, count_classes
from tfod_weights.errors import LabelMapError, UsageError
from tfod_weights.label_map import LabelMap, LabelMapItem

BLOOD = {"RBC": 2382, "WBC": 214, "Platelets": 209}
PETS = LabelMap((LabelMapItem(1, "cat"), LabelMapItem(2, "dog")))


def test_exports_are_sorted() -> None:
    exported = tfod_weights.counting.__all__
    assert sorted(exported) == sorted(set(exported))
    assert all(hasattr(tfod_weights.counting, name) for name in exported)


@pytest.mark.parametrize("with_label_map", [True, False])
def test_real_data(shared_data: Path, with_label_map: bool) -> None:
    folder = shared_data / "bccd"
    label_map = folder / "label_map.pbtxt" if with_label_map else None
    counts = count_classes(folder / "train.record-?????-of-00004", label_map, verify=True)
    assert {row.name: row.objects for row in counts.classes} == BLOOD
    assert {row.name: row.effective_objects for row in counts.classes} == BLOOD
    assert (counts.images, counts.objects, counts.num_classes) == (205, sum(BLOOD.values()), 3)
    assert counts.dropped == dict.fromkeys(DROP_REASONS, 0)
    assert len(counts.files) == 4


def test_label_maps_that_cannot_be_used(tmp_path: Path) -> None:
    path = write_records(tmp_path / "a.record")
    with pytest.raises(LabelMapError, match="no such file"):
        count_classes(path, tmp_path / "label_map.pbtxt")


def test_sample_weights_change_the_mixture(tmp_path: Path) -> None:
    write_records(tmp_path / "a-1.record", *[example(image([b"cat"]))] * 30)
    write_records(tmp_path / "a-2.record", *[example(image([b"dog"]))] * 10)
    write_records(tmp_path / "b.record", *[example(image([b"dog", b"dog"]))] * 10)
    patterns = [tmp_path / "a-*", tmp_path / "b.record"]
    counts = count_classes(patterns, PETS, sample_weights=[1.0, 3.0])
    assert counts.images == 50
    assert [row.objects for row in counts.classes] == [30, 30]
    # a quarter of 50 images from a (0.75 cats, 0.25 dogs), the others from b (2 dogs)
    effective = [row.effective_objects for row in counts.classes]
    assert effective == pytest.approx([12.5 * 0.75, 12.5 * 0.25 + 37.5 * 2])
    plain = count_classes(patterns, PETS)
    assert [row.effective_objects for row in plain.classes] == [30, 30]


def test_inputs_of_weight_0_are_not_read(tmp_path: Path) -> None:
    path = write_records(tmp_path / "a.record", example(image([b"cat"])))
    counts = count_classes([path, tmp_path / "missing"], PETS, sample_weights=[0.5, 0])
    assert (counts.objects, counts.files) == (1, (path,))


def test_an_input_without_records_is_never_drawn_from(tmp_path: Path) -> None:
    paths = [write_records(tmp_path / "a.record", example(image([b"cat"])))]
    paths.append(write_records(tmp_path / "b.record"))
    counts = count_classes(paths, PETS, sample_weights=[1, 1])
    assert [row.effective_objects for row in counts.classes] == [0.5, 0]


WRONG = {
    "weights": (
        {"sample_weights": [1.0, 2.0]},
        "there are 2 sample weights for 1 inputs",
    ),
    "negative weight": ({"sample_weights": [-1.0]}, "sample weight -1.0 is not a finite number"),
    "NaN weight": ({"sample_weights": [float("nan")]}, "sample weight nan is not a finite number"),
    "zero weights": ({"sample_weights": [0]}, "all sample weights are 0"),
    "input type": ({"input_type": "TF_RECORD"}, "unknown input type 'TF_RECORD'"),
    "sequences without a label map": (
        {"input_type": "TF_SEQUENCE_EXAMPLE", "label_map": None},
        "so they need a label map",
    ),
    "num_classes": ({"num_classes": 0}, "num_classes is 0"),
    "max_number_of_boxes": ({"max_number_of_boxes": -1}, "max_number_of_boxes is -1"),
}


@pytest.mark.parametrize("options, problem", WRONG.values(), ids=WRONG.keys())
def test_arguments_that_contradict(tmp_path: Path, options: Any, problem: str) -> None:
    path = write_records(tmp_path / "a.record")
    with pytest.raises(UsageError, match=problem):
        count_classes(path, **{"label_map": PETS, **options})


def test_a_file_named_twice_counts_twice(tmp_path: Path) -> None:
    path = write_records(tmp_path / "a.record", example(image([b"cat"])))
    assert count_classes([path, path], PETS).objects == 2


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    images = [example(image([b"cat"]))] * 600
    paths = [write_records(tmp_path / f"{name}.record", *images) for name in "ab"]
    count_classes(paths, PETS, progress=lambda done, total: calls.append((done, total)))
    total = sum(Path(path).stat().st_size for path in paths)
    assert calls[-1] == (total, total)
    assert all(0 < done <= size == total for done, size in calls)
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)


def test_counting_is_light() -> None:
    """Neither TensorFlow nor NumPy nor protobuf's message classes are needed."""
    code = (
        "import sys, tfod_weights.counting\n"
        "heavy = ('tensorflow', 'object_detection', 'numpy', 'matplotlib', 'google.protobuf')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "[]\n"


MEASURE = """
import sys
from pathlib import Path
from tfod_weights.counting import count_classes

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(dict(line.split(":") for line in lines)["VmHWM"].split()[0]) // 1024

before = peak()
print(count_classes(sys.argv[1], verify=len(sys.argv) > 2).objects, peak() - before)
"""
HUGE = 64 << 20


def ordinary_head() -> bytes:
    """An Example with a huge image, up to the image's first byte."""
    head = b""
    for start in (b"\x0a", b"\x0a", b"\x0a\x0dimage/encoded\x12", b"\x0a"):
        head = start + varint(len(head) + HUGE) + head
    head = features({**image([b"cat"], [1]), "image/encoded": [b""]}) + head
    return b"\x0a" + varint(len(head) + HUGE) + head


def odd_head() -> bytes:
    """An Example in front of a huge field that it does not know."""
    return example(image([b"cat"], [1])) + b"\xfa\x07" + varint(HUGE)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("head", [ordinary_head(), odd_head()], ids=["ordinary", "odd"])
@pytest.mark.parametrize("verify", [[], ["verify"]], ids=["", "verify"])
def test_memory_is_flat(tmp_path: Path, head: bytes, verify: list[str]) -> None:
    path = tmp_path / "huge.record"
    length = (len(head) + HUGE).to_bytes(8, "little")
    checksum = masked_crc(head + bytes(HUGE))
    with path.open("wb") as file:
        for _ in range(6):  # the zeros are holes: they take no space on the disk
            file.write(length + masked_crc(length) + head)
            file.seek(HUGE, 1)
            file.write(checksum)
    command = [sys.executable, "-c", MEASURE, str(path), *verify]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    objects, megabytes = map(int, result.stdout.split())
    assert objects == 6
    assert megabytes < 20
