"""Counting from web servers: with and without ranges, and from those that fail."""

from __future__ import annotations

import socket
from typing import Iterator

import pytest

pytest.importorskip("aiohttp", reason="pip install 'tfod-weights[remote]'")

from tests.counting.records import example, image, record
from tests.storage.servers import FileServer, serving
from tfod_weights import LabelMap, count_classes
from tfod_weights.errors import LabelMapError, NoMatchError, RecordError
from tfod_weights.storage import stores

LABEL_MAP = b"item { id: 1 name: 'red' }\nitem { id: 2 name: 'white' }\n"
MIB = 1 << 20


def shard(images: int, size: int) -> bytes:
    """Records with images of so many bytes, one white cell and `index` red ones in each."""
    return b"".join(
        record(
            example({**image([b"white"] + [b"red"] * index, []), "image/encoded": [bytes(size)]})
        )
        for index in range(images)
    )


@pytest.fixture
def server(monkeypatch) -> Iterator[FileServer]:
    monkeypatch.setattr(stores, "_WAITS", (0.0, 0.0, 0.0))
    files = {f"data/train.record-{n:05d}-of-00003": shard(8, 60_000) for n in range(3)}
    with serving(FileServer({**files, "data/cells.pbtxt": LABEL_MAP})) as one:
        yield one


def objects(server: FileServer, pattern: str = "data/train.record-*") -> list[int]:
    labels = LabelMap.load(f"{server.url}/data/cells.pbtxt")
    return [row.objects for row in count_classes(f"{server.url}/{pattern}", labels).classes]


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("lengths", [True, False])
def test_counting_from_a_server(server, ranges, lengths) -> None:
    server.ranges, server.lengths = ranges, lengths
    assert objects(server) == [3 * 28, 3 * 8]
    assert objects(server, "data/train.record-00001-of-00003") == [28, 8]


def test_processes_count_from_a_server(server) -> None:
    paths = [f"{server.url}/data/train.record-{n:05d}-of-00003" for n in range(3)]
    labels = LabelMap.load(f"{server.url}/data/cells.pbtxt")
    assert count_classes(paths, labels, jobs=2) == count_classes(paths, labels)


def test_large_images_are_not_sent(server) -> None:
    server.files["large.record"] = shard(8, 4 * MIB)
    assert objects(server, "large.record") == [28, 8]
    assert server.bytes_sent < 1.2 * MIB


def test_a_server_without_ranges_sends_a_file_once(server) -> None:
    server.ranges = False
    server.files["large.record"] = shard(8, 4 * MIB)
    assert objects(server, "large.record") == [28, 8]
    whole = (0, len(server.files["large.record"]))
    assert server.ranges_sent.count(whole) == 3  # the start, what shows it sends all, the copy


@pytest.mark.parametrize("ranges", [True, False])
def test_a_connection_that_is_cut_now_and_then(server, ranges) -> None:
    expected = objects(server)
    server.ranges, server.cuts = ranges, 3
    assert objects(server) == expected
    assert server.cuts == 0


@pytest.mark.parametrize("ranges", [True, False])
def test_a_connection_that_is_always_cut(server, ranges) -> None:
    labels = LabelMap.load(f"{server.url}/data/cells.pbtxt")
    server.ranges, server.cuts = ranges, 1000
    path = f"{server.url}/data/train.record-00000-of-00003"
    with pytest.raises(RecordError, match=r"the connection failed: .*\(4 tries\)") as caught:
        count_classes(path, labels)
    assert str(caught.value).startswith(path)
    assert len(server.ranges_sent) < 20


def test_a_file_that_is_not_there(server) -> None:
    with pytest.raises(NoMatchError, match="no such file"):
        objects(server, "data/other.record")
    with pytest.raises(NoMatchError, match="no file matches this pattern"):
        objects(server, "data/other*.record")
    with pytest.raises(LabelMapError, match="no such file"):
        LabelMap.load(f"{server.url}/data/other.pbtxt")


@pytest.mark.parametrize("status", [401, 403])
def test_a_server_that_refuses(server, status) -> None:
    server.status = status
    with pytest.raises(LabelMapError, match=f"access is refused: {status}"):
        LabelMap.load(f"{server.url}/data/cells.pbtxt")
    with pytest.raises(RecordError, match=f"access is refused: {status}"):
        count_classes(f"{server.url}/data/train.record-00000-of-00003")


def test_a_server_that_fails(server) -> None:
    server.status = 503
    with pytest.raises(LabelMapError, match=r"the connection failed: 503.*\(4 tries\)"):
        LabelMap.load(f"{server.url}/data/cells.pbtxt")


def test_no_server(monkeypatch) -> None:
    monkeypatch.setattr(stores, "_WAITS", (0.0,))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        path = f"http://127.0.0.1:{taken.getsockname()[1]}/train.record"
        with pytest.raises(RecordError, match="the connection failed") as caught:
            count_classes(path)
    assert not isinstance(caught.value, NoMatchError)


def test_a_damaged_record_on_a_server(server) -> None:
    content = bytearray(server.files["data/train.record-00000-of-00003"])
    content[-1] ^= 1
    server.files["data/train.record-00000-of-00003"] = bytes(content)
    path = f"{server.url}/data/train.record-00000-of-00003"
    labels = LabelMap.load(f"{server.url}/data/cells.pbtxt")
    assert count_classes(path, labels).images == 8
    with pytest.raises(RecordError, match=r"byte \d+: a record is damaged: its data"):
        count_classes(path, labels, verify=True)
