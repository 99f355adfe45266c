"""The public names."""

from __future__ import annotations

import pytest

import tfod_weights


def test_all_is_sorted_and_complete() -> None:
    assert tfod_weights.__all__ == sorted(tfod_weights.__all__)
    for name in tfod_weights.__all__:
        assert getattr(tfod_weights, name) is not None
    assert set(tfod_weights.__all__) <= set(dir(tfod_weights))


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'patch_confg'"):
        getattr(tfod_weights, "patch_confg")  # noqa: B009
