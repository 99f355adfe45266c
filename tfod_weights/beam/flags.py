"""The flags of a command line that are Beam's."""

from __future__ import annotations

from argparse import Namespace
from typing import Any, NoReturn, Sequence

from apache_beam.options import pipeline_options as beam_options

from tfod_weights.errors import UsageError
from tfod_weights.suggestions import did_you_mean

_LOCAL = ("direct", "bundlebaseddirect", "switchingdirect", "fnapi", "prism")
_DIRECT = ("direct", "switchingdirect")
_FN_API = "apache_beam.runners.portability.fn_api_runner.FnApiRunner"
# They pass flags on to a job server, which may know more than Beam's Python does.
_WITH_A_JOB_SERVER = ("portable", "flink", "spark", "prism")


def pipeline_options(flags: Sequence[str]) -> beam_options.PipelineOptions:
    """Beam's options.

    Raises:
        UsageError: Beam does not know a flag, its value or the runner, or a flag has no effect.
            Of flags Beam itself only logs that.
    """
    parser = _Parser(allow_abbrev=False, add_help=False)
    for options in _unique(beam_options.PipelineOptions.__subclasses__()):
        options._add_argparse_args(parser)
    known, unknown = parser.parse_known_args(list(flags))
    if unknown and _short_name(known.runner) not in _WITH_A_JOB_SERVER:
        raise _unknown(unknown[0], parser)
    _require_runner(known.runner or "direct")
    _require_effect(known)
    return beam_options.PipelineOptions(list(flags))


def runner_name(options: beam_options.PipelineOptions) -> str:
    """The runner to run on.

    DirectRunner becomes the FnApiRunner, which it is for a bounded pipeline. From Beam 2.68 on
    it would first download another runner, Prism, for which --direct_num_workers and
    --direct_running_mode mean nothing.
    """
    name = str(options.view_as(beam_options.StandardOptions).runner or "direct")
    return _FN_API if _short_name(name) in _DIRECT else name


def shares_our_disk(options: beam_options.PipelineOptions) -> bool:
    """Whether the workers are on this machine."""
    name = options.view_as(beam_options.StandardOptions).runner or "direct"
    portable = options.view_as(beam_options.PortableOptions)
    return _short_name(name) in _LOCAL or portable.environment_type == "LOOPBACK"


def _require_runner(name: str) -> None:
    names = beam_options.StandardOptions.KNOWN_RUNNER_NAMES
    if "." not in name and _short_name(name) not in map(_short_name, names):
        help = did_you_mean(name, names) or f"there are {', '.join(sorted(names))}"
        raise UsageError(f"Beam has no runner {name!r}", help=help)


def _require_effect(known: Namespace) -> None:
    """Of more workers than it can have, Beam says in its log alone that they have no effect."""
    in_memory = known.direct_running_mode == "in_memory" and known.direct_num_workers != 1
    if in_memory and _short_name(known.runner) in (*_DIRECT, "fnapi"):
        problem = "--direct_num_workers has no effect without --direct_running_mode"
        raise UsageError(problem, help="add --direct_running_mode multi_processing")


def _short_name(runner: object) -> str:
    """A runner's name as Beam compares it: without case, module and the ending."""
    name = str(runner or "direct").rpartition(".")[2].lower()
    return name[: -len("runner")] if name.endswith("runner") else name


def _unique(classes: Sequence[Any]) -> Sequence[Any]:
    """The last of each name, as Beam takes them: a class may be there twice after a reload."""
    return list({str(one): one for one in classes}.values())


def _unknown(argument: str, parser: beam_options._BeamArgumentParser) -> UsageError:
    if not argument.startswith("-"):
        help = "inputs come before --beam, and a value comes right after its flag"
        return UsageError(f"Beam has no use for {argument!r}", help=help)
    flags = [flag for action in parser._actions for flag in action.option_strings]
    flag = argument.partition("=")[0]
    help = did_you_mean(flag, flags) or "what follows --beam are options of `count`, or of Beam"
    return UsageError(f"Beam does not know the flag {flag}", help=help)


class _Parser(beam_options._BeamArgumentParser):  # type: ignore[misc]
    """Beam's parser, but for its errors: they would come with the usage of 300 flags."""

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print."""
        raise UsageError(f"Beam's flags: {message}")
