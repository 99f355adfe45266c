"""Files on other machines, counted by workers."""

from __future__ import annotations

import pytest

beam = pytest.importorskip("apache_beam", reason="pip install 'tfod-weights[beam]'")
pytest.importorskip("aiohttp", reason="pip install 'tfod-weights[remote]'")

from apache_beam.testing.util import assert_that, equal_to  # noqa: E402

from tests.counting.records import example, image, record  # noqa: E402
from tests.storage.servers import FileServer, serving  # noqa: E402
from tfod_weights.beam import CountClasses  # noqa: E402
from tfod_weights.counting import count_classes  # noqa: E402


def test_a_file_is_read_once_by_one_worker() -> None:
    shard = b"".join(record(example(image([], [1 + n % 3] * n))) for n in range(1, 30))
    files = {f"train.record-{n:05d}-of-00003": shard for n in range(3)}
    with serving(FileServer(files)) as server:
        pattern = f"{server.url}/train.record-*"
        expected = count_classes(pattern)
        server.ranges_sent.clear()
        with beam.Pipeline() as pipeline:
            assert_that(pipeline | CountClasses(pattern, part_size=1000), equal_to([expected]))
    assert expected.images == 87
    assert server.ranges_sent.count((0, len(shard))) == 3
