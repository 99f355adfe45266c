"""Tables of counts and weights: whole texts in a pipe, and how they fit a terminal."""

import io
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests.report.datasets import BLOOD_CELLS, MANY, PROBLEMS
from tfod_weights.counting.counts import ClassCount, ClassCounts
from tfod_weights.report import console, counts_table, diff_lines, weights_table
from tfod_weights.weighting import class_weights, given_weights

DATA = Path(__file__).parent / "data"


def shown(renderable, width, encoding="utf-8", color=False):
    """What a terminal of `width` columns shows."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
    terminal = Console(
        file=file,
        width=width,
        height=25,
        force_terminal=True,
        color_system="standard" if color else None,
        legacy_windows=False,
        soft_wrap=True,
    )
    terminal.print(renderable)
    file.flush()
    return file.buffer.getvalue().decode(encoding)


TABLES = {
    "counts": counts_table(BLOOD_CELLS),
    "counts_with_problems": counts_table(PROBLEMS),
    "weights": weights_table(class_weights(BLOOD_CELLS)),
    "weights_with_problems": weights_table(
        class_weights(PROBLEMS, scheme="power", power=1, normalize="min")
    ),
    "given_weights": weights_table(given_weights([1, 5.25], source="weights.json")),
    "given_weights_and_counts": weights_table(given_weights([1, 1, 5.25]), BLOOD_CELLS),
}


@pytest.mark.parametrize("name", TABLES)
def test_whole_text_in_a_pipe(name, capsys):
    console().print(TABLES[name])
    expected = (DATA / f"{name}.txt").read_text(encoding="utf-8")
    assert capsys.readouterr().out == expected


def test_given_weights_learn_of_empty_classes_from_counts():
    text = shown(weights_table(given_weights([1] * 6), PROBLEMS), 200)
    assert "warning: 1 class has no objects and weighs 1: 血小板\n" in text


def test_narrow_terminals_lose_bars_then_names_then_columns():
    assert shown(counts_table(PROBLEMS), 80).splitlines()[:6] == [
        "id  class                   objects  effective  images  dropped  share",
        "────────────────────────────────────────────────────────────────────────────────",
        " 1  car                      12,382   12,382     1,300        3  98.2%  ███████▉",
        " 2  bell \\x1b[31m pepper …      214      214       187            1.7%  ▏",
        " 3  toaster                       9       18.5       7            0.1%  ▏",
        " 5  血小板                        0        0         0            0.0%",
    ]
    assert shown(counts_table(PROBLEMS), 60).splitlines()[3] == (
        " 2  bell \\x1b[3…      214      214       187            1.7%"
    )
    assert shown(counts_table(PROBLEMS), 40).splitlines()[:4] == [
        "id  class             objects  effective",
        "────────────────────────────────────────",
        " 1  car                12,382   12,382",
        " 2  bell \\x1b[31m p…      214      214",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize("counts", [BLOOD_CELLS, PROBLEMS, MANY], ids=["small", "all", "many"])
def test_nothing_is_wider_than_the_terminal(counts, width):
    weights = class_weights(counts)
    for table in (counts_table(counts), weights_table(weights), weights_table(weights, counts)):
        lines = shown(table, width).splitlines()
        assert max(cell_len(line.rstrip()) for line in lines) <= width
        assert not any("  " in line and line != line.rstrip() for line in lines[:5])


def test_many_classes_have_a_row_each():
    lines = shown(weights_table(class_weights(MANY)), 80).splitlines()
    assert [line.split()[0] for line in lines[2:92]] == [str(c) for c in range(1, 91)]
    assert "note: 10 class ids belong to no class and weigh 1: 9, 18, 27" in "\n".join(lines)


def test_of_many_gaps_the_first_are_named():
    counts = ClassCounts(1, (ClassCount(2, "cat", 1, 1, 1.0),), num_classes=2_000_000_000)
    assert " ".join(shown(counts_table(counts), 200).splitlines()[-1:]) == (
        "note: 1,999,999,999 class ids belong to no class: 1, 3, 4, 5, 6, 7 and 1,999,999,993 more"
    )
    rows = class_weights({2: 1, 3000: 1})
    assert rows.warnings[-1].message == (
        "2,998 class ids belong to no class and weigh 1: 1, 3, 4, 5, 6, 7 and 2,992 more"
    )


def test_without_unicode():
    text = shown(counts_table(PROBLEMS), 80, encoding="ascii")
    assert text.splitlines()[1] == "-" * 80
    assert text.splitlines()[2].endswith("98.2%  ########")
    assert text.splitlines()[3].startswith(" 2  bell \\x1b[31m peppe...      214")
    assert text.splitlines()[5].startswith(" 5  \\u8840\\u5c0f\\u677f            0")


def test_colour_on_a_terminal():
    lines = shown(weights_table(class_weights(PROBLEMS)), 80, color=True).splitlines()
    assert lines[0].startswith("\x1b[1mid  class")
    assert lines[2].count("\x1b[36m") == 1
    assert lines[5].startswith("\x1b[2m 4  (no class)")
    assert "\x1b[33mwarning: \x1b[0mtoaster" in "\n".join(lines)


def test_an_empty_dataset():
    assert shown(counts_table(ClassCounts(0, (), 0)), 80) == (
        "id  class  objects  images  share\n"
        "───────────────────────────────────────────────────────────\n"
        "\n"
        "0 objects of 0 classes in 0 images\n"
    )


def test_messages_go_to_stderr(capsys):
    console(stderr=True).print("a [bold]name[/] :smile: 42", counts_table(BLOOD_CELLS))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("a [bold]name[/] :smile: 42\nid  class")


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.mark.parametrize(("no_color", "colored"), [("", True), ("1", False)])
def test_no_color(monkeypatch, no_color, colored):
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", Terminal())
    console().print(counts_table(BLOOD_CELLS))
    assert ("\x1b[" in sys.stdout.getvalue()) == colored


def test_force_color_does_not_colour_a_pipe(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    console().print(counts_table(BLOOD_CELLS))
    assert "\x1b" not in capsys.readouterr().out


def test_what_the_encoding_lacks_is_escaped(monkeypatch):
    for encoding, expected in (("ascii", "caf\\xe9 \\udc80"), ("utf-8", "café \\udc80")):
        stdout = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        monkeypatch.setattr(sys, "stdout", stdout)
        console().print(diff_lines("café \udc80"))
        stdout.flush()
        assert stdout.buffer.getvalue().decode(encoding) == expected
