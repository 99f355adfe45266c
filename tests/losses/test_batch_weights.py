"""The weights of a batch: TensorFlow's agree with the Python functions, whatever the counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tfod_imports import import_tfod

import_tfod()

import tensorflow as tf  # noqa: E402

from tfod_weights.runtime.losses.batch_weights import batch_class_weights  # noqa: E402
from tfod_weights.weighting import (  # noqa: E402
    NORMALIZATIONS,
    SCHEMES,
    BatchClassWeights,
    class_weights,
)

counts_ = st.lists(
    st.integers(0, 5) | st.integers(0, 10_000) | st.floats(0.125, 50, width=32),
    min_size=1,
    max_size=12,
)
recipes = st.builds(
    BatchClassWeights,
    scheme=st.sampled_from(list(SCHEMES)),
    normalize=st.sampled_from(list(NORMALIZATIONS)),
    smoothing=st.just(0.0) | st.floats(1e-3, 100),
    power=st.floats(0, 3),
    beta=st.just(0.0) | st.floats(0.01, 0.99999),
    max_ratio=st.none() | st.floats(1, 100),
)


def in_tensorflow(counts, recipe):
    return batch_class_weights(tf.constant(counts, tf.float32), recipe).numpy()


def by_the_functions(counts, recipe):
    parameters = {"smoothing": recipe.smoothing, "power": recipe.power, "beta": recipe.beta}
    return class_weights(
        counts,
        scheme=recipe.scheme,
        normalize=recipe.normalize,
        max_ratio=recipe.max_ratio,
        num_classes=len(counts),
        **parameters,
    ).values


@settings(deadline=None, max_examples=200)
@given(counts_.filter(any), recipes)
def test_as_the_python_functions(counts, recipe):
    assert in_tensorflow(counts, recipe) == pytest.approx(
        by_the_functions(counts, recipe), rel=1e-6
    )


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("normalize", NORMALIZATIONS)
def test_in_a_graph(scheme, normalize):
    recipe = BatchClassWeights(scheme, normalize, max_ratio=3.0)
    counts = tf.constant([40, 0, 7, 3], tf.float32)
    weights = tf.function(lambda: batch_class_weights(counts, recipe))()
    assert weights.shape == [4] and weights.dtype == tf.float32
    assert weights.numpy() == pytest.approx(by_the_functions([40, 0, 7, 3], recipe), rel=1e-6)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("normalize", NORMALIZATIONS)
def test_a_batch_without_objects_weighs_one(scheme, normalize):
    recipe = BatchClassWeights(scheme, normalize, max_ratio=2.0)
    assert in_tensorflow([0, 0, 0], recipe).tolist() == [1, 1, 1]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("normalize", NORMALIZATIONS)
@pytest.mark.parametrize("power", [0, 10])
def test_no_counts_give_anything_but_numbers(scheme, normalize, power):
    recipe = BatchClassWeights(scheme, normalize, power=power, beta=0.999999, smoothing=0.0)
    for counts in ([1, 1e9], [1e-30, 1], [0, 1e-9, 1e7, 3], [1e30, 0]):
        weights = in_tensorflow(counts, recipe)
        assert np.isfinite(weights).all() and (weights > 0).all(), counts
