"""`count --beam`: a pipeline from its flags to its one result."""

from __future__ import annotations

from typing import Any, Callable, Optional, Sequence

from tfod_weights.beam import quiet
from tfod_weights.counting.counts import ClassCounts
from tfod_weights.counting.patterns import PathLike
from tfod_weights.errors import BeamError, TfodWeightsError, UsageError


def count_with_beam(
    paths: Sequence[PathLike],
    *,
    flags: Sequence[str],
    show_log: Optional[Callable[[str], None]] = None,
    **settings: Any,
) -> ClassCounts:
    """Count as `count_classes` does, by a Beam pipeline. What Beam logs is not seen.

    Args:
        paths: Record files or patterns.
        flags: Beam's, as on a command line.
        show_log: Called with the path of Beam's log, which can be read until the end.
        settings: As for CountClasses.

    Raises:
        UsageError: Beam is not installed, does not know a flag, or needs another.
        RecordError: a record file is damaged, or TFOD would stop at one of its records.
        BeamError: Beam failed; with the name of a file with its log.
        TfodWeightsError: as for CountClasses.
    """
    log = quiet.new_log()
    if show_log:
        show_log(log)
    with quiet.logged_to_file(log):
        try:
            _require_beam()
            from tfod_weights.beam.job import run_count

            counts = run_count(paths, flags, settings)
        except Exception as error:
            if isinstance(error, TfodWeightsError):
                quiet.delete(log)
                raise
            raise _failure(error, log) from error
        except BaseException:
            quiet.delete(log)
            raise
        quiet.delete(log)
        return counts


def _require_beam() -> None:
    try:
        import apache_beam  # noqa: F401
    except ImportError as reason:
        problem = "--beam needs Apache Beam, which is not installed"
        if (reason.name or "").partition(".")[0] != "apache_beam":
            problem = f"Apache Beam cannot be imported: {reason}"
        raise UsageError(problem, help="pip install 'tfod-weights[beam]'") from None


def _failure(error: Exception, log: str) -> BeamError:
    import traceback

    from tfod_weights.beam.failures import summary

    with open(log, "a", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123
        traceback.print_exception(type(error), error, error.__traceback__, file=file)
    return BeamError(f"Beam: {summary(error)}", help=f"Beam's log has more: {log}")
