"""A clone of TFOD that is nothing but protos, and a TensorFlow that is nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

from google.protobuf.descriptor_pb2 import FileDescriptorProto

from tfod_weights.schema.table import shipped_file

LOSSES = "object_detection/protos/losses.proto"
PIPELINE = "object_detection/protos/pipeline.proto"
_SAMPLERS = ("HardExampleMiner", "RandomExampleSampler")  # the fields of Loss need them


def as_protoc_3_6(serialized: bytes) -> str:
    literal = ascii(serialized.decode("latin-1"))
    return f"_b = lambda x: x\nDESCRIPTOR = dict(\n  serialized_pb=_b({literal})\n)\n"


def as_protoc_3_19(serialized: bytes) -> str:
    """Fails on protobuf 4 and later, with the file already in protobuf's pool."""
    return (
        "from google.protobuf import descriptor as _descriptor\n"
        "DESCRIPTOR = _descriptor.FileDescriptor(\n"
        f"  name={FileDescriptorProto.FromString(serialized).name!r},\n"
        "  package='object_detection.protos', syntax='proto2', serialized_options=None,\n"
        "  create_key=_descriptor._internal_create_key,\n"
        f"  serialized_pb={serialized!r}\n)\n"
        "raise TypeError('Descriptors cannot be created directly.')\n"
    )


def as_protoc_since_3_20(serialized: bytes) -> str:
    """Works as it is."""
    return (
        "from google.protobuf import descriptor_pool as _descriptor_pool\n"
        "from google.protobuf.internal import builder as _builder\n"
        f"DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile({serialized!r})\n"
        "_builder.BuildMessageAndEnumDescriptors(DESCRIPTOR, globals())\n"
        "_builder.BuildTopDescriptorsAndMessages(DESCRIPTOR, __name__, globals())\n"
    )


def write_tfod(folder: Path, generated: Callable[[bytes], str] = as_protoc_since_3_20) -> Path:
    """Write the packages object_detection and tensorflow; the folder goes on sys.path.

    TFOD's messages are in two files, of which one imports the other.
    """
    protos = write_uncompiled_tfod(folder)
    losses, pipeline = _files()
    (protos / "losses_pb2.py").write_text(generated(losses.SerializeToString()))
    # as protoc writes it: a file imports the modules of the files that it imports
    (protos / "pipeline_pb2.py").write_text(
        "from object_detection.protos import losses_pb2\n" + generated(pipeline.SerializeToString())
    )
    (protos / "notes_pb2.py").write_text("NOTE = 'no descriptor in here'\n")
    return folder


def write_tensorflow(folder: Path, version: str) -> None:
    """Let a fake TensorFlow have a version, and decide about Keras as the real one does."""
    metadata = folder / f"tensorflow-{version}.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: tensorflow\nVersion: {version}\n")
    (folder / "tensorflow" / "__init__.py").write_text(
        "import os\n_tf_uses_legacy_keras = os.environ.get('TF_USE_LEGACY_KERAS') == '1'\n"
    )
    (folder / "tf_keras.py").touch()


def write_uncompiled_tfod(folder: Path) -> Path:
    protos = folder / "object_detection" / "protos"
    protos.mkdir(parents=True)
    (folder / "tensorflow").mkdir()
    for package in (protos, protos.parent, folder / "tensorflow"):
        (package / "__init__.py").touch()
    (protos / "pipeline.proto").touch()
    return protos


def _files() -> tuple[FileDescriptorProto, FileDescriptorProto]:
    """TFOD's messages as losses.proto and pipeline.proto."""
    everything = shipped_file()
    losses = FileDescriptorProto(name=LOSSES, package=everything.package, syntax="proto2")
    pipeline = FileDescriptorProto()
    pipeline.CopyFrom(everything)
    pipeline.name = PIPELINE
    pipeline.dependency.append(LOSSES)
    del pipeline.message_type[:]
    for message in everything.message_type:
        is_of_losses = "Loss" in message.name or message.name in _SAMPLERS
        (losses if is_of_losses else pipeline).message_type.append(message)
    return losses, pipeline
