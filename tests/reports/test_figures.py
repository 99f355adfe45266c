"""Figures: as files, as SVG for a page, and which can be asked for."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.reports.conftest import MadeUp
from tfod_weights import patch_config, plot_figures
from tfod_weights.cli import main
from tfod_weights.errors import UsageError
from tfod_weights.figures import FIGURES, catalogue
from tfod_weights.figures.drawing import Drawing
from tfod_weights.figures.rows import draw_rows
from tfod_weights.figures.style import drawing_style
from tfod_weights.figures.values import Axis, Row, Series

_NAMES = ["distribution", "weights", "forecast", "ap", "curves", "confusion-1", "confusion-2"]
_STARTS = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.mark.parametrize("format", list(_STARTS))
def test_every_figure_becomes_a_file(
    format: str, few: MadeUp, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "figures"
    paths = [str(few.config), *map(str, few.metrics)]
    assert main(["plot", *paths, "-o", str(folder), "--format", format]) == 0
    out, err = capsys.readouterr()
    assert out == "" and err.splitlines()[0] == f"wrote {folder}/distribution.{format}"
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{n}.{format}" for n in _NAMES)
    for path in folder.iterdir():
        assert path.read_bytes().startswith(_STARTS[format])


def test_the_same_figure_is_the_same_bytes(few: MadeUp, tmp_path: Path) -> None:
    for name in ("a", "b"):
        for drawing in plot_figures(few.config, figures=["forecast", "weights"]):
            for format in _STARTS:
                drawing.write(tmp_path / f"{name}-{drawing.name}.{format}")
    files = sorted(tmp_path.glob("a-*"))
    assert len(files) == 2 * len(_STARTS)
    for path in files:
        assert path.read_bytes() == path.with_name(f"b{path.name[1:]}").read_bytes(), path.name


@pytest.mark.parametrize("size", ["few", "many"])
def test_svg_for_a_page(size: str, request: pytest.FixtureRequest) -> None:
    made_up = request.getfixturevalue(size)
    ids: list[str] = []
    for drawing in plot_figures(made_up.config, made_up.metrics):
        svg = drawing.inline_svg()
        tree = ElementTree.fromstring(svg)
        assert "http" not in svg and "var(--ink, #1c242b)" in svg
        assert any(element.tag == "text" for element in tree.iter())
        ids += [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
        assert len(svg) < 200_000
    assert len(ids) == len(set(ids))


def test_a_title_is_for_files_only(few: MadeUp, tmp_path: Path) -> None:
    for drawing in plot_figures(few.config, figures=["forecast", "weights"]):
        before = drawing.inline_svg()
        drawing.write(tmp_path / f"{drawing.name}.svg")
        assert drawing.title in (tmp_path / f"{drawing.name}.svg").read_text(encoding="utf-8")
        assert drawing.inline_svg() == before


def test_what_is_written_in_a_figure_stays_as_it_is() -> None:
    names = ["x: #d55e00;", 'url(#x) id="y" href="#z"', "xlink:href", "<metadata>a</metadata>"]
    with drawing_style():
        rows = [Row(name, (1.0,)) for name in names]
        figure = draw_rows(rows, [Series("n", "#d55e00")], Axis("n", str, str))
        svg = Drawing("figure", "Title", "what it shows", figure).inline_svg("on-")
    tree = ElementTree.fromstring(svg)
    assert [text for text in tree.itertext() if text in names] == names
    assert "var(--warm, #d55e00)" in svg and "url(#on-figure-" in svg and ' id="on-figure-' in svg


def test_a_notebook_shows_a_png(few: MadeUp) -> None:
    (drawing,) = plot_figures(few.config, figures=["distribution"])
    assert drawing._repr_png_().startswith(_STARTS["png"])


def test_every_figure_that_is_named_can_be_drawn() -> None:
    assert list(FIGURES) == list(catalogue._KINDS)


@pytest.mark.parametrize(
    ("name", "problem", "help"),
    [
        ("weigths", "no figure is called 'weigths'", "did you mean weights?"),
        ("ap", "figure ap: no metrics were given", "make them: tfod-weights evaluate"),
        ("weights", "figure weights: the config has no class weights", "tfod-weights patch"),
        ("forecast", "figure forecast: the config has no class weights", "tfod-weights patch"),
    ],
)
def test_figures_that_cannot_be_drawn(
    name: str, problem: str, help: str, demo_folder: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        plot_figures(demo_folder / "pipeline.config", figures=[name])
    assert caught.value.problem == problem
    assert help in (caught.value.help or "")


def test_losses_with_weights_of_their_own_have_figures_of_their_own(demo_folder: Path) -> None:
    config = demo_folder / "pipeline.config"
    patch_config(config, [1, 2, 4], losses="classification").write()
    drawings = plot_figures(config, figures=["forecast", "weights"])
    names = ["forecast-classification", "forecast-localization", "weights"]
    assert [drawing.name for drawing in drawings] == names


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["plot", "demo/pipeline.config", "-o", "demo/pipeline.config"], "this is a file"),
        (["report", "demo/pipeline.config", "-o", "no/report.html"], "there is no folder"),
        (["report", "demo/pipeline.config", "-o", ""], "-o names no file"),
        (["report", "demo/pipeline.confg"], "did you mean demo/pipeline.config?"),
        (["report", "demo/pipeline.config", "no.json"], "no.json: no such file"),
        (["plot", "demo/pipeline.config", "--confidence", "2"], "2 is no confidence"),
        (["plot", "demo/pipeline.config", "demo/data/label_map.pbtxt"], "label_map.pbtxt:1:1: not"),
    ],
)
def test_errors(
    command: list[str], said: str, demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 2
    out, err = capsys.readouterr()
    assert out == "" and said in err
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["demo"]


def test_report_to_standard_output(demo_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "demo/pipeline.config", "-o", "-"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("<!DOCTYPE html>") and err == ""


@pytest.mark.parametrize("command", ["report", "plot"])
def test_without_matplotlib(
    command: str,
    demo_folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main([command, "no such config"]) == 2
    expected = "error: matplotlib is not installed\nhelp: pip install 'tfod-weights[plot]'\n"
    assert capsys.readouterr().err == expected
