"""Reading by offset: the right bytes, and not more of them than pays."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

fsspec = pytest.importorskip("fsspec", reason="pip install 'tfod-weights[remote]'")

from tfod_weights.storage import reading  # noqa: E402
from tfod_weights.storage.reading import RemoteFile  # noqa: E402

CONTENT = random.Random(0).randbytes(300_000)
MIB = 1 << 20


@pytest.fixture(scope="module", autouse=True)
def stored():
    fsspec.filesystem("memory").pipe_file("/reading/file", CONTENT)


@pytest.fixture
def large():
    """64 MiB, of which only the size matters."""
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/reading/large", bytes(64 * MIB))
    yield "memory://reading/large"
    memory.rm("/reading/large")


def _reads(path: str, reads, **options) -> tuple[list[bytes], RemoteFile]:
    file = RemoteFile(path, **options)
    try:
        return [file.read(size, offset) for size, offset in reads], file
    finally:
        file.close()


@given(
    st.lists(st.tuples(st.integers(0, 70_000), st.integers(0, 310_000)), max_size=20),
    st.sampled_from([0, 1000, 100_000]),
    st.sampled_from([64, 4096, 65_536]),
)
def test_any_reads_give_the_bytes_of_the_file(reads, skip, first) -> None:
    before = reading._FIRST, reading._LARGEST
    reading._FIRST, reading._LARGEST = first, 4 * first
    try:
        found, file = _reads("memory://reading/file", reads, skip=skip)
    finally:
        reading._FIRST, reading._LARGEST = before
    assert found == [CONTENT[offset : offset + size] for size, offset in reads]
    assert file.size == len(CONTENT)


def test_a_file_that_is_read_in_order_is_fetched_once(large) -> None:
    found, file = _reads(large, [(2048, offset) for offset in range(0, 64 * MIB, 2048)])
    assert sum(map(len, found)) == file.fetched == 64 * MIB


def test_small_images_are_fetched_on_the_way(large) -> None:
    _, file = _reads(large, [(2048, offset) for offset in range(0, 64 * MIB, MIB)])
    assert file.fetched == 64 * MIB


def test_large_images_are_left_out(large) -> None:
    _, file = _reads(large, [(2048, offset) for offset in range(0, 64 * MIB, 4 * MIB)])
    assert file.fetched == 16 * reading._FIRST


def test_what_is_read_at_once_is_one_request(large) -> None:
    _, file = _reads(large, [(3 * MIB, 5 * MIB)])
    assert file.fetched == 3 * MIB
