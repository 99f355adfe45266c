"""`tfod-weights run`: a program runs as it would without us."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from tests.runtime import fake_tfod
from tests.runtime.processes import Ended, run, tfod_weights

_PROGRAM = """\
import os, signal, sys
from object_detection.protos import losses_pb2
assert sys.modules['__main__'].__dict__ is globals() and __name__ == '__main__'
print(sys.argv[1:], os.path.realpath(sys.argv[0]) == os.path.realpath(__file__))
print(os.path.realpath(sys.path[0]))
print('class_weights' in losses_pb2.SigmoidFocalClassificationLoss.DESCRIPTOR.fields_by_name)
end = sys.argv[1] if sys.argv[1:] else ''
if end.isdigit(): sys.exit(int(end))
if end == 'text': sys.exit('told to stop')
if end == 'fail': raise ValueError('the program failed')
if end == 'ours':
    import tfod_weights
    raise tfod_weights.TfodWeightsError('3 weights, but num_classes is 2', help='patch again')
if end.startswith('SIG'):
    os.kill(os.getpid(), getattr(signal, end))
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with a TFOD, and a program in a folder and in a package."""
    fake_tfod.write_tfod(tmp_path)
    (tmp_path / "programs").mkdir()
    (tmp_path / "programs" / "training.py").write_text(_PROGRAM)
    return tmp_path


@pytest.fixture(params=["module", "script"])
def start(request, folder):
    """Run the program as a module or a script, with arguments."""
    name = ["-m", "programs.training"] if request.param == "module" else ["programs/training.py"]

    def start(*arguments: str) -> Ended:
        return tfod_weights("run", *name, *arguments, folder=folder, python_path=folder)

    return start


def test_arguments_are_the_programs(start) -> None:
    arguments = ["--verbose", "-m", "x", "--help", "--", "-h", "--flag=1"]
    ended = start(*arguments)
    assert ended.err == "" and ended.code == 0
    assert ended.out.splitlines()[0] == f"{arguments} True"


def test_the_path_is_pythons_own(start, folder, request) -> None:
    is_module = request.node.callspec.params["start"] == "module"
    path, has_weights = start().out.splitlines()[1:]
    assert path == os.path.realpath(folder if is_module else folder / "programs")
    assert has_weights == "True"


@pytest.mark.parametrize(
    "end, code, last_line",
    [
        ("0", 0, ""),
        ("1", 1, ""),
        ("37", 37, ""),
        ("text", 1, "told to stop"),
        ("fail", 1, "ValueError: the program failed"),
        ("ours", 2, "help: patch again"),
    ],
)
def test_the_end_is_the_programs(end, code, last_line, start) -> None:
    ended = start(end)
    assert ended.code == code
    assert (ended.err.splitlines() or [""])[-1] == last_line
    assert ("Traceback" in ended.err) == (end == "fail")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not Windows' way")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_signals_end_it_as_without_us(name, start) -> None:
    ended = start(name)
    assert ended.code == -getattr(signal, name)
    assert ("KeyboardInterrupt" in ended.err) == (name == "SIGINT")


def test_verbose_before_the_program_is_ours(folder) -> None:
    ended = tfod_weights(
        "run", "--verbose", "-m", "programs.training", "1", folder=folder, python_path=folder
    )
    assert ended.code == 1
    assert "tfod-weights: TFOD's messages are built from their descriptors" in ended.err


def test_absl_finds_the_programs_main_and_flags(folder) -> None:
    (folder / "flags.py").write_text(
        "from absl import app, flags\n"
        "FLAGS = flags.FLAGS\n"
        "flags.DEFINE_integer('steps', 1, 'Steps.')\n"
        "def main(argv):\n    print(FLAGS.steps, argv[1:])\n    return 4\n"
        "if __name__ == '__main__':\n    app.run(main)\n"
    )
    ended = tfod_weights("run", "-m", "flags", "--steps=3", "x", folder=folder, python_path=folder)
    assert (ended.code, ended.out) == (4, "3 ['x']\n"), ended.err
    ended = tfod_weights("run", "flags.py", "--stepz=3", folder=folder, python_path=folder)
    assert ended.code == 1 and "Unknown command line flag 'stepz'" in ended.err


# -- what cannot be run ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments, message",
    [
        ([], "error: which program?\nhelp: name it: `run -m MODULE` or `run SCRIPT`\n"),
        (["-m"], "error: which program?\nhelp: name it: `run -m MODULE` or `run SCRIPT`\n"),
        (
            ["training.py"],
            "error: no such file: training.py\nhelp: to run a module, write `run -m MODULE`\n",
        ),
        (
            ["-m", "programs.evaluation"],
            "error: no module named programs.evaluation\nhelp: name it as `python -m` does\n",
        ),
        (
            ["-m", "nowhere.training"],
            "error: no module named nowhere.training\nhelp: name it as `python -m` does\n",
        ),
    ],
)
def test_no_such_program(arguments, message, folder) -> None:
    ended = tfod_weights("run", *arguments, folder=folder, python_path=folder)
    assert ended == Ended(2, "", message)


def test_a_module_that_a_package_needs_is_missing(folder) -> None:
    """Not the user's module name is wrong, so the program's own traceback is shown."""
    (folder / "programs" / "__init__.py").write_text("import something_else\n")
    ended = tfod_weights("run", "-m", "programs.training", folder=folder, python_path=folder)
    assert ended.code == 1
    assert ended.err.endswith("ModuleNotFoundError: No module named 'something_else'\n")


def test_tfod_is_missing(tmp_path) -> None:
    (tmp_path / "training.py").touch()
    program = (
        "import sys; sys.modules['object_detection'] = None\n"
        "from tfod_weights.cli import main; sys.exit(main(['run', 'training.py']))"
    )
    assert run("-c", program, folder=tmp_path) == Ended(
        2,
        "",
        "error: TFOD (object_detection) is not installed\nhelp: pip install 'tfod-weights[tfod]'\n",
    )
