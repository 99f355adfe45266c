"""Whatever a config says, a check answers: it never raises, and its places are in the file."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checking.making import CENTER_NET, FASTER_RCNN
from tests.configs import configs
from tfod_weights.checking import check_config

VALUES = ['""', "0", "-1", "nan", "inf", '"x"', "true", "{ }", "[ ]", "[1, 2]", "V1", "4294967295"]


@pytest.fixture(scope="module", autouse=True)
def beside_the_demo(drawn_demo: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(drawn_demo.parent)
    yield
    os.chdir(before)


def answered(text: str, folder: Path) -> None:
    path = folder / "made.config"
    path.write_text(text)
    for finding in check_config(path, images=True, replicas=2):
        assert finding.severity in ("error", "warning", "note")
        if finding.place.path == str(path) and finding.place.line:
            lines = text.split("\n")
            assert finding.place.source_line in (None, lines[finding.place.line - 1])
        assert str(finding)


@given(text=configs)
def test_made_up_configs(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    answered(text, tmp_path_factory.getbasetemp())


@given(rng=st.randoms(use_true_random=False), model=st.sampled_from(["", FASTER_RCNN, CENTER_NET]))
def test_configs_with_lines_lost_and_values_changed(
    tmp_path_factory: pytest.TempPathFactory, rng: random.Random, model: str
) -> None:
    text = Path("demo/pipeline.config").read_text()
    if model:
        text = model + text[text.index("\ntrain_config") :]
    lines = text.split("\n")
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(lines))
        name, colon, _ = lines[at].partition(": ")
        choice = rng.random()
        if choice < 0.5 and colon:
            lines[at] = f"{name}: {rng.choice(VALUES)}"
        elif choice < 0.8:
            del lines[at]
        else:
            lines.insert(at, lines[rng.randrange(len(lines))])
    answered("\n".join(lines), tmp_path_factory.getbasetemp())
