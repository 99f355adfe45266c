"""What is asked of stores, in memory; and what is said where nothing is installed."""

from __future__ import annotations

import subprocess
import sys

import pytest

fsspec = pytest.importorskip("fsspec", reason="pip install 'tfod-weights[remote]'")

from tests.counting.records import example, image, record  # noqa: E402
from tfod_weights import count_classes  # noqa: E402
from tfod_weights.counting import expand_patterns  # noqa: E402
from tfod_weights.errors import NoMatchError, RecordError, TfodWeightsError  # noqa: E402
from tfod_weights.files import exists, read_text, write_atomically  # noqa: E402

SHARD = record(example(image([], [1, 2])))


@pytest.fixture(autouse=True)
def memory():
    """A store in memory with some files."""
    store = fsspec.filesystem("memory")
    for name in ("b-00001", "a-00000", "a-00001", "deeper/a-00002"):
        store.pipe_file(f"/shards/{name}", SHARD)
    yield store
    store.rm("/shards", recursive=True)


@pytest.mark.parametrize(
    ("pattern", "names"),
    {
        "a-0000?": ["a-00000", "a-00001"],
        "*-00001": ["a-00001", "b-00001"],
        "[b-z]-*": ["b-00001"],
        "*/a-*": ["deeper/a-00002"],
        "a-00000": ["a-00000"],
    }.items(),
)
def test_patterns(pattern, names) -> None:
    (found,) = expand_patterns(f"memory://shards/{pattern}")
    assert [path.partition("shards/")[2] for path in found] == names
    assert all(path.startswith("memory://") for path in found)


def test_counting() -> None:
    counts = count_classes(["memory://shards/a-*", "memory://shards/b-00001"], verify=True)
    assert (counts.images, counts.objects) == (3, 6)


def test_a_folder() -> None:
    with pytest.raises(RecordError, match="this is a folder"):
        count_classes("memory://shards/deeper")


def test_no_match() -> None:
    with pytest.raises(NoMatchError, match="no file matches this pattern"):
        expand_patterns("memory://shards/z-*")


def test_a_truncated_record(memory) -> None:
    memory.pipe_file("/shards/a-00000", SHARD + SHARD[:-20])
    with pytest.raises(RecordError, match=f"byte {len(SHARD)}: a record has .* the file ends"):
        count_classes("memory://shards/a-00000")


def test_writing(memory) -> None:
    path = "memory://shards/pipeline.config"
    assert not exists(path)
    write_atomically(path, "model { }\r\n")
    assert exists(path)
    assert read_text(path) == "model { }\r\n"


def test_writing_where_files_are_not_replaced_in_one_step() -> None:
    with pytest.raises(TfodWeightsError, match="does not replace a file in one step"):
        write_atomically("https://127.0.0.1:9/pipeline.config", "model { }\n")


@pytest.mark.parametrize(
    ("path", "missing", "help"),
    [
        ("gs://bucket/a.record", "gcsfs", "pip install 'tfod-weights[remote]'"),
        ("s3://bucket/a.record", "fsspec", "pip install 'tfod-weights[remote]'"),
        ("hdfs://host/a.record", "pyarrow", "pip install 'tfod-weights[remote]' pyarrow"),
    ],
)
def test_a_missing_package(path, missing, help) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; import tfod_weights.cli as c"
    code += "; sys.exit(c.main())"
    failed = subprocess.run(
        [sys.executable, "-c", code, "count", path], capture_output=True, text=True, check=False
    )
    assert failed.returncode == 2
    protocol = path.partition(":")[0]
    expected = f"{path}: nothing is installed that reads {protocol}://\nhelp: {help}"
    assert failed.stderr.startswith(expected)
