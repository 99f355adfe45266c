"""Imports the installed TFOD on a new TensorFlow, in memory, for the tests.

TFOD's `_pb2` files were made by protoc 3 and fail on protobuf 4 and later; each is built from
the serialized descriptor in its own source instead. What TensorFlow no longer has and TFOD only
names is stubbed. Everything else is the real TFOD.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
import types
from pathlib import Path

import pytest

from tfod_weights.schema.installed import file_descriptor


class Pb2Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Builds object_detection.protos.*_pb2 from descriptors, whatever protobuf is installed."""

    def find_spec(self, name, path=None, target=None):
        if not (name.startswith("object_detection.protos.") and name.endswith("_pb2")):
            return None
        location = Path(path[0]) / f"{name.rpartition('.')[2]}.py"
        return importlib.util.spec_from_file_location(name, location, loader=self)

    def exec_module(self, module):
        from google.protobuf import descriptor_pool
        from google.protobuf.internal import builder

        file = file_descriptor(Path(module.__spec__.origin).read_bytes())
        for dependency in file.dependency:
            importlib.import_module(dependency[: -len(".proto")].replace("/", ".") + "_pb2")
        pool = descriptor_pool.Default()
        module.DESCRIPTOR = pool.AddSerializedFile(file.SerializeToString())
        builder.BuildMessageAndEnumDescriptors(module.DESCRIPTOR, vars(module))
        builder.BuildTopDescriptorsAndMessages(module.DESCRIPTOR, module.__name__, vars(module))


def import_tfod():
    """Make `import object_detection...` work, or skip the calling test module with a reason."""
    if importlib.util.find_spec("object_detection") is None:
        pytest.skip("TFOD is not installed", allow_module_level=True)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    if not any(isinstance(finder, Pb2Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Pb2Finder())
    _stub_removed_names()


def _stub_removed_names():
    import tensorflow.compat.v1 as tf

    if not hasattr(tf, "estimator"):  # gone since TensorFlow 2.16; TFOD only names it
        estimator = types.ModuleType("tensorflow.compat.v1.estimator")
        estimator.ModeKeys = types.SimpleNamespace(TRAIN="train", EVAL="eval", PREDICT="infer")
        tf.estimator = sys.modules[estimator.__name__] = estimator

    from tensorflow.python.ops import control_flow_ops

    for name in ("case", "cond"):  # moved since TensorFlow 2.13; tf_slim finds them here
        if not hasattr(control_flow_ops, name):
            setattr(control_flow_ops, name, getattr(tf, name))
