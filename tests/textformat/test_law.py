"""The law: what Python protobuf's text_format.Merge accepts, we accept, and nothing else."""

from __future__ import annotations

import random

import pytest
from google.protobuf import text_format
from hypothesis import example, given
from hypothesis import strategies as st

from tests.configs import configs
from tfod_weights.errors import TextFormatError
from tfod_weights.schema import tfod_schema
from tfod_weights.textformat import faults, parse

JUNK = [
    *"{}<>[]:;,.#\"'\\/-+=",
    "\n", "\r", "\t", " ", "\x0c", "\xa0", "\ufeff", "é", "0", "1e5", "-", "- 1", "0x1F", "017",
    "1.5f", "inf", "-inf", "nan", "true", "loss", "ssd", '"a"', "'b'", '"\\', '"\\x41\\101\\u263a"',
    "[a.b]: 1", "[a.b] { c: 1 }", "[ a . b ]: 'x'", "[a.b]: [1, 2]", "# c", "//",
    "18446744073709551616",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A config with some junk put in or some text cut out."""
    text = draw(configs)
    rng: random.Random = draw(st.randoms(use_true_random=False))
    for _ in range(rng.randint(0, 3)):
        at = rng.randint(0, len(text))
        if rng.random() < 0.6:
            text = text[:at] + rng.choice(JUNK) + text[at:]
        else:
            text = text[:at] + text[at + rng.randint(1, 4) :]
    return text


def protobuf_accepts(text: str) -> bool:
    try:
        text_format.Merge(text, tfod_schema().new_pipeline(), allow_unknown_extension=True)
    except text_format.ParseError:
        return False
    return True


def we_accept(text: str) -> bool:
    try:
        return not faults(parse(text), tfod_schema().pipeline)
    except TextFormatError:
        return False


@given(mutated())
@example('train_config { fine_tune_checkpoint: "a\\" }')
@example("train_config { freeze_variables: ['a' \"b\", 'c'] }")
@example("train_config { batch_size: 1_0 num_steps: 0b11 }")
@example("train_config { gradient_clipping_by_norm: infinityF }")
@example("train_config { gradient_clipping_by_norm: 010 }")
@example("train_config { batch_size: -1 }")
@example("train_config { batch_size: 4294967296 }")
@example("train_config { sync_replicas: t add_regularization_loss: False }")
@example("train_config { fine_tune_checkpoint_version: 1 }")
@example("train_config { fine_tune_checkpoint_version: 9 }")
@example('train_config { fine_tune_checkpoint: "\\377" }')
@example('train_config { fine_tune_checkpoint: "a\rb" } # x\r')
@example("train_config: [{ batch_size: 1 }]")
@example("eval_input_reader: [{ name: 'a' }, < name: 'b' >]")
@example("eval_input_reader [{ name: 'a' }]")
@example("train_config { data_augmentation_options { random_horizontal_flip { } } , ; }")
@example("[no.such.extension] { a: 1 b { c: 'x' } }")
@example("train_config { [no.such.extension]: 1 }")
@example("model { ssd { num_classes 3 } }")
@example("model { ssd: { num_classes: 3 } };")
@example("model < ssd { num_classes: 3 } }")
@example("train_config { batch_size: 8\x00 }")
def test_accepts_what_protobuf_accepts(text: str) -> None:
    assert we_accept(text) == protobuf_accepts(text), text


@given(configs)
def test_spans_cover_what_they_name(text: str) -> None:
    document = parse(text)
    for field in document.walk():
        source = document.source(field)
        assert source.startswith(field.name)
        assert document.source(field.value) in source
    for comment in document.comments:
        assert document.source(comment).startswith("#")
        assert "\n" not in document.source(comment)


@pytest.mark.parametrize("opener, closer", ["{}", "<>"])
def test_fifty_thousand_nested_messages(opener: str, closer: str) -> None:
    document = parse(f"a{opener}" * 50_000 + closer * 50_000)
    assert sum(1 for _ in document.walk()) == 50_000
    with pytest.raises(TextFormatError, match="found the end of the file"):
        parse(f"a{opener}" * 50_000)
