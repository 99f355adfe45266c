"""Errors as runners tell them, and what is made of them."""

from __future__ import annotations

import pytest

from tfod_weights.beam.failures import is_interruption, record_error, summary
from tfod_weights.errors import RecordError, RecordPlace

FILES = ["data/a", "data/a: b.record", "gs://bucket/c.record"]
CUT_OFF = RecordError(
    "record 7 is cut off", place=RecordPlace("gs://bucket/c.record", 1234), help="copy it again"
)
GONE = RecordError("no such file", place=RecordPlace("data/a: b.record"))

# {} is what the worker raised.
AS_TOLD = {
    "same process": "{} [while running 'CountClasses/Count']",
    "worker process": (
        "Traceback (most recent call last):\n"
        '  File "shards.py", line 51, in count\n'
        "    with RecordFile(path, part) as file:\n"
        "tfod_weights.errors.RecordError: {}\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        "Traceback (most recent call last):\n"
        '  File "apache_beam/runners/common.py", line 1498\n'
        "tfod_weights.errors.RecordError: {} [while running 'CountClasses/Count']\n"
    ),
    "job server": (
        "Pipeline job-001 failed in state FAILED: bundle inst002 stage-003 failed:"
        "Traceback (most recent call last):\n"
        "tfod_weights.errors.RecordError: {} [while running 'CountClasses/Count-ptransform-12']\n\n"
        "\tat org.example.Worker(Worker.java:12)"
    ),
}


@pytest.mark.parametrize("raised", [CUT_OFF, GONE], ids=["cut off", "gone"])
@pytest.mark.parametrize("told", AS_TOLD.values(), ids=AS_TOLD.keys())
def test_the_error_of_a_record_is_found_again(told: str, raised: RecordError) -> None:
    kind = RecordError if told.startswith("{}") else RuntimeError
    found = record_error(kind(told.replace("{}", str(raised))), FILES)
    assert found is not None
    assert (found.problem, found.place, found.help) == (raised.problem, raised.place, raised.help)


@pytest.mark.parametrize("text", ["", "RecordError: of something else", "out of memory"])
def test_other_errors_are_none_of_a_record(text: str) -> None:
    assert record_error(RuntimeError(text), FILES) is None


SUMMARIES = {
    "nothing": (MemoryError(), "MemoryError"),
    "lines": (ValueError("wrong:\n  a\n  b\n"), "wrong: a b"),
    "traceback": (
        RuntimeError(
            "Traceback (most recent call last):\n  File x\nKeyError: 3 [while running 'a']"
        ),
        "KeyError: 3",
    ),
}


@pytest.mark.parametrize("error, text", SUMMARIES.values(), ids=SUMMARIES.keys())
def test_one_line_of_an_error(error: Exception, text: str) -> None:
    assert summary(error) == text


def test_interruption_of_a_worker() -> None:
    assert is_interruption(RuntimeError("KeyboardInterrupt [while running 'CountClasses/Count']"))
    assert not is_interruption(RuntimeError("MemoryError [while running 'CountClasses/Count']"))
