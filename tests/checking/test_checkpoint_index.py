"""The keys of a checkpoint: of tables made here, of real ones, and of damaged ones."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checking.making import DETECTOR, GRAPH
from tests.checking.tables import write_index
from tfod_weights.checking.checkpoint_index import checkpoint_keys

KEYS = st.lists(st.text("abc/_.", min_size=1, max_size=40), min_size=0, max_size=60, unique=True)


@given(KEYS, st.integers(1, 7))
def test_keys_come_back(
    tmp_path_factory: pytest.TempPathFactory, keys: list[str], keys_per_block: int
) -> None:
    prefix = str(tmp_path_factory.getbasetemp() / "ckpt")
    write_index(f"{prefix}.index", keys, keys_per_block)
    assert checkpoint_keys(prefix) == frozenset(keys)


@given(st.data())
def test_damaged_tables_raise_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.index"
    write_index(str(path), DETECTOR)
    table = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        table[data.draw(st.integers(0, len(table) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(table[: data.draw(st.integers(0, len(table)))])
    checkpoint_keys(str(path.with_suffix("")))


@pytest.mark.parametrize("content", [b"", b"x" * 47, b"x" * 200, b"\0" * 200])
def test_what_is_no_table_has_no_keys(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ckpt.index").write_bytes(content)
    assert checkpoint_keys(str(tmp_path / "ckpt")) is None


def test_a_missing_file_has_no_keys(tmp_path: Path) -> None:
    assert checkpoint_keys(str(tmp_path / "ckpt")) is None
    (tmp_path / "ckpt.index").mkdir()
    assert checkpoint_keys(str(tmp_path / "ckpt")) is None


needs_tensorflow = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None, reason="TensorFlow writes the checkpoints"
)


@needs_tensorflow
def test_a_checkpoint_of_tensorflow_2(tmp_path: Path) -> None:
    import tensorflow as tf

    variables = {f"variable_{i:04}": tf.Variable([float(i)]) for i in range(1500)}
    part = tf.train.Checkpoint(**variables)
    model = tf.train.Checkpoint(_feature_extractor=part)
    prefix = tf.train.Checkpoint(model=model).save(str(tmp_path / "ckpt"))
    keys = checkpoint_keys(prefix)
    assert keys == {name for name, _ in tf.train.list_variables(prefix)}
    assert keys is not None and GRAPH in keys and len(keys) > 1500


@needs_tensorflow
def test_a_checkpoint_of_tensorflow_1(tmp_path: Path) -> None:
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default(), tf.Session() as session:
        tf.get_variable("FeatureExtractor/w", [2])
        session.run(tf.global_variables_initializer())
        prefix = tf.train.Saver().save(session, str(tmp_path / "model.ckpt"))
    assert checkpoint_keys(prefix) == {"FeatureExtractor/w"}
