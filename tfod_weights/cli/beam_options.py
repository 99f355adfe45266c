"""--beam and what follows it: options of `count`, and flags that are Beam's."""

from __future__ import annotations

import argparse
from typing import Any, Callable, NoReturn, Sequence, Union

from tfod_weights.errors import UsageError

Declare = Callable[[argparse.ArgumentParser], None]


def add_beam(parser: argparse.ArgumentParser, add_options: Declare) -> None:
    """--beam and --skip-corrupt.

    Args:
        parser: The command's.
        add_options: Declares the options of the command that may follow --beam, too.
    """

    def add_own_options(own: argparse.ArgumentParser) -> None:
        add_options(own)
        _add_skip_corrupt(own)

    _add_skip_corrupt(parser)
    parser.add_argument(
        "--beam",
        nargs=argparse.REMAINDER,
        action=_Beam,
        add_own_options=add_own_options,
        help="count with Apache Beam; after it any flags of Beam, such as --runner DirectRunner "
        "--direct_num_workers 4 --direct_running_mode multi_processing. INPUTs come before",
    )


def require_consistent(arguments: argparse.Namespace) -> None:
    """Check the options for Beam against the others.

    Raises:
        UsageError: one that has no effect.
    """
    if arguments.beam is None and arguments.skip_corrupt:
        problem = "--skip-corrupt belongs to --beam: otherwise a damaged file stops the count"
        raise UsageError(problem, help="add --beam, after the INPUTs")
    if arguments.beam is not None and arguments.jobs is not None:
        problem = "--jobs and --beam exclude each other: Beam's runner starts the workers"
        raise UsageError(problem, help="for processes of this machine leave out --beam")


def _add_skip_corrupt(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--skip-corrupt",
        action="store_true",
        help="with --beam: go on without files that are damaged, and name them",
    )


class _Beam(argparse.Action):
    """Takes the command's own options out of what follows --beam; the rest is Beam's.

    Only whole names are the command's: --label is a flag of Beam, and no short --label-map.
    """

    def __init__(self, *args: Any, add_own_options: Declare, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._add_own_options = add_own_options

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Union[str, Sequence[Any], None],
        option_string: Union[str, None] = None,
    ) -> None:
        following = [str(value) for value in values or ()]
        if not {"-h", "--help"}.isdisjoint(following):
            parser.print_help()
            parser.exit()
        if not namespace.inputs:
            parser.error("INPUT is missing, or stands after --beam: write it before")
        own = _OwnOptions(parser)
        self._add_own_options(own)
        _, namespace.beam = own.parse_known_args(following, namespace)


class _OwnOptions(argparse.ArgumentParser):
    """The options of a command alone; what is wrong with them the command says."""

    def __init__(self, command: argparse.ArgumentParser) -> None:
        super().__init__(add_help=False, allow_abbrev=False)
        self._command = command

    def error(self, message: str) -> NoReturn:
        """Print the command's usage and the message, and exit."""
        self._command.error(message)
