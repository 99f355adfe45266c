"""MirroredStrategy: a thread and a trace for each replica, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.conftest import REPOSITORY
from tests.tfod_imports import import_tfod

import_tfod()


def test_each_replica_weighs_its_own_objects():
    result = subprocess.run(
        [sys.executable, "-m", "tests.losses.replicas"],
        cwd=REPOSITORY,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    assert "the same on two replicas" in result.stdout
