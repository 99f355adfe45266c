"""A pipeline that counts, run to its end."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import Any, Iterator, Mapping, Sequence

import apache_beam as beam
import grpc
from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions
from apache_beam.runners.runner import PipelineState

from tfod_weights.beam.failures import is_interruption, record_error
from tfod_weights.beam.flags import pipeline_options, runner_name
from tfod_weights.beam.results import read_counts, result_file, write_counts
from tfod_weights.beam.transform import CountClasses
from tfod_weights.counting.counts import ClassCounts
from tfod_weights.counting.patterns import PathLike
from tfod_weights.errors import BeamError


def run_count(
    paths: Sequence[PathLike], flags: Sequence[str], settings: Mapping[str, Any]
) -> ClassCounts:
    """As `launch.count_with_beam`; what Beam itself raises is not translated here."""
    options = pipeline_options(flags)
    count = CountClasses(paths, **settings)
    with result_file(options) as path, _pipeline(options) as pipeline:
        _ = pipeline | count | "Write" >> beam.Map(write_counts, path)
        try:
            _run(pipeline)
        except Exception as error:
            known = record_error(error, count.files)
            if known is not None:
                raise known from error
            if is_interruption(error):
                raise KeyboardInterrupt from error
            raise
        return read_counts(path)


@contextmanager
def _pipeline(options: PipelineOptions) -> Iterator[beam.Pipeline]:
    """A pipeline; if it does not come to run, it leaves a temporary folder behind."""
    pipeline = beam.Pipeline(runner=runner_name(options), options=options)
    try:
        yield pipeline
    finally:
        shutil.rmtree(pipeline.local_tempdir, ignore_errors=True)


def _run(pipeline: beam.Pipeline) -> None:
    """Run to the end; a job elsewhere is cancelled where we are interrupted.

    Raises:
        BeamError: there is nobody to run it.
        RuntimeError: it ended otherwise than it should.
    """
    try:
        job = pipeline.run()
    except grpc.FutureTimeoutError as error:
        endpoint = pipeline.options.view_as(PortableOptions).job_endpoint
        problem = f"no job server answers at {endpoint}"
        raise BeamError(problem, help="start it, or correct --job_endpoint") from error
    try:
        state = job.wait_until_finish()
    except KeyboardInterrupt:
        job.cancel()
        raise
    if state != PipelineState.DONE:
        raise RuntimeError(f"the pipeline ended as {state}")
