"""The page in headless Chromium: on a phone, searched and sorted, and to look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reports.browser import ask, browse, needs_chromium, screenshot
from tests.reports.conftest import MadeUp

pytestmark = needs_chromium


@pytest.mark.parametrize("size", ["few", "many"])
@pytest.mark.parametrize("width", [390, 820, 1280])
def test_the_page_is_never_wider_than_the_screen(
    size: str, width: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    html = request.getfixturevalue(size).report.html
    script = "return [page.documentElement.scrollWidth, page.querySelectorAll('svg').length];"
    wide, figures = ask(html, script, tmp_path, width=width)
    assert wide <= width
    assert figures >= 5


def test_search_leaves_the_rows_that_match(many: MadeUp, tmp_path: Path) -> None:
    script = """
      const box = page.querySelector("#table [data-search]");
      const input = box.querySelector("input");
      const shown = () => [...box.querySelectorAll("tbody tr")].filter((row) => !row.hidden)
        .map((row) => row.cells[0].textContent);
      const counts = [shown().length];
      for (const words of ["PLATELET", "platelet industrial", "no such class", ""]) {
        input.value = words;
        input.dispatchEvent(new Event("input"));
        counts.push(shown());
      }
      return [...counts.slice(0, 3), counts[3].length, counts[4].length,
              box.querySelector("output").textContent];
    """
    everything, platelets, both, none, again, said = ask(many.report.html, script, tmp_path)
    assert (everything, none, again, said) == (601, 0, 601, "601 of 601")
    assert sorted(platelets) == sorted(name for name in many.names if "platelet" in name)
    assert sorted(both) == sorted(name for name in platelets if "Industrial" in name)


def test_a_click_sorts_and_another_turns_it_around(many: MadeUp, tmp_path: Path) -> None:
    script = """
      const table = page.querySelector("#table table");
      const headers = table.tHead.rows[0].cells;
      const column = (at) => [...table.tBodies[0].rows].map((row) => row.cells[at].textContent);
      const click = (at) => headers[at].querySelector("button").click();
      click(1); const falling = column(1); click(1); const rising = column(1);
      click(0); const names = column(0);
      return [falling, rising, names, headers[0].getAttribute("aria-sort")];
    """
    falling, rising, names, order = ask(many.report.html, script, tmp_path)
    assert [int(id) for id in rising] == list(range(1, 602))
    assert falling == rising[::-1]
    assert (names[0].split()[0], order) == ("Agricultural", "ascending")


def test_a_picture_of_the_page_shows_something(few: MadeUp, tmp_path: Path) -> None:
    from PIL import Image

    few.report.write(tmp_path / "report.html")
    screenshot(tmp_path / "report.html", tmp_path / "page.png", width=1280, height=1600)
    with Image.open(tmp_path / "page.png") as picture:
        colors = picture.convert("RGB").getcolors(1 << 24) or []
    paper = max(number for number, _ in colors)
    assert len(colors) > 100
    assert 0.5 < paper / (1280 * 1600) < 0.98


def test_the_page_prints(many: MadeUp, tmp_path: Path) -> None:
    many.report.write(tmp_path / "report.html")
    browse(tmp_path / "report.html", f"--print-to-pdf={tmp_path / 'report.pdf'}")
    printed = (tmp_path / "report.pdf").read_bytes()
    assert printed.startswith(b"%PDF")
    assert 4 < printed.count(b"/Type /Page\n") < 40
