"""What must hold for every config: valid ones stay, faulty ones mean what they meant."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.configs import configs
from tests.migration.mutations import MUTATIONS, Mutation, mutated
from tests.test_real_data import CONFIGS
from tfod_weights.errors import TextFormatError
from tfod_weights.migration import migrate_text
from tfod_weights.pipeline import PipelineConfig
from tfod_weights.pipeline.verify import parsed

chance = st.randoms(use_true_random=False)


@given(configs)
def test_what_tfod_reads_stays(text: str) -> None:
    migrated = migrate_text(text)
    assert migrated.text == text
    assert not migrated.edits and not migrated.leftovers


def _assert_mended(original: str, faulty: str) -> None:
    migrated = migrate_text(faulty)
    assert migrated.leftovers == ()
    before, after = (PipelineConfig(text, "x") for text in (original, migrated.text))
    assert parsed(before) == parsed(after)
    assert migrate_text(migrated.text).text == migrated.text


@given(configs, st.sampled_from(MUTATIONS), chance)
def test_made_up_faults(text: str, mutation: Mutation, rng: random.Random) -> None:
    _assert_mended(text, mutated(PipelineConfig(text, "x"), mutation, rng, count=3))


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
@pytest.mark.parametrize("name", CONFIGS)
def test_faults_in_real_configs(shared_data: Path, name: str, mutation: Mutation) -> None:
    text = (shared_data / "tfod_configs" / f"{name}.config").read_text()
    original = migrate_text(text).text  # with the names of TensorFlow 2
    rng = random.Random(name + mutation.__name__)
    for count in (1, 5, 1000):
        _assert_mended(original, mutated(PipelineConfig(original, name), mutation, rng, count))


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", CONFIGS)
def test_real_configs_stay_but_for_tensorflow_1(shared_data: Path, name: str, newline: str) -> None:
    text = (shared_data / "tfod_configs" / f"{name}.config").read_text().replace("\n", newline)
    migrated = migrate_text(text)
    assert migrated.leftovers == ()
    assert migrated.text.replace("_keras'", "'").replace('_keras"', '"') == text.replace(
        "_keras'", "'"
    ).replace('_keras"', '"')
    assert {edit.after for edit in migrated.edits} == {
        edit.before + "_keras" for edit in migrated.edits
    }
    assert migrate_text(migrated.text).edits == ()


JUNK = [*"{}<>[]:;,.#\"'\\/-+=“”‘’«»`", "//", "/*", "*/", "\n", "\r", " ", "\u200b", "\ufeff", "："]


@given(configs, chance)
def test_junk_is_refused_or_mended_never_half(text: str, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(0, len(text))
        text = text[:at] + rng.choice(JUNK) + text[at + rng.choice([0, 0, 1, 3]) :]
    try:
        migrated = migrate_text(text)
    except TextFormatError as error:
        assert error.place is not None and error.place.line is not None
        assert error.place.source_line == text.split("\n")[error.place.line - 1]
        return
    again = migrate_text(migrated.text)
    assert again.text == migrated.text and not again.edits
    assert [one.problem for one in again.leftovers] == [one.problem for one in migrated.leftovers]
    if not migrated.leftovers:
        assert parsed(PipelineConfig(migrated.text, "x")) is not None
