"""The schema: shipped table, installed descriptors, compiled extension, graft."""

from __future__ import annotations

import importlib.util

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto

from tfod_weights.schema import enum_value_name, tfod_schema
from tfod_weights.schema.compile import compiled
from tfod_weights.schema.graft import extension_file, graft
from tfod_weights.schema.installed import file_descriptor, installed_files
from tfod_weights.schema.table import dump, load, merged_file, shipped_file


def test_the_compiled_extension_is_that_of_the_proto() -> None:
    if importlib.util.find_spec("grpc_tools") is None:
        pytest.skip("protoc comes with grpcio-tools")
    fresh = FileDescriptorProto.FromString(compiled_file_bytes())
    assert fresh == extension_file()


def compiled_file_bytes() -> bytes:
    from google.protobuf.descriptor_pb2 import FileDescriptorSet

    return FileDescriptorSet.FromString(compiled()).file[0].SerializeToString()


def test_the_table_is_its_own_inverse() -> None:
    assert load(dump(shipped_file())) == shipped_file()


def test_the_table_is_that_of_the_installed_tfod() -> None:
    from importlib import metadata

    try:
        version = metadata.version("tf-models-research-object-detection")
    except metadata.PackageNotFoundError:
        pytest.skip("TFOD is not installed")
    if version != "2.8.0.post1":
        pytest.skip(f"the table is of 2.8.0.post1, TFOD is {version}")
    assert dump(merged_file(installed_files())) == dump(shipped_file())


def test_every_member_of_the_loss_oneofs_is_grafted() -> None:
    file = shipped_file()
    messages = {message.name: message for message in file.message_type}
    grafted = graft([file])
    for wrapper in ("ClassificationLoss", "LocalizationLoss"):
        for member in messages[wrapper].field:
            assert "class_weights" in grafted[member.type_name.rpartition(".")[2]]
    of_boxes = grafted["WeightedL2LocalizationLoss"]
    assert grafted["FasterRcnn"] == tuple(f"second_stage_localization_{name}" for name in of_boxes)


def test_a_message_type_of_ours_comes_with_its_field() -> None:
    file = shipped_file()
    assert graft([file])["InputReader"] == ("class_sampling",)
    sampling = next(m for m in file.message_type if m.name == "ClassSampling")
    types = {field.name: field.type_name for field in sampling.field if field.type_name}
    assert types == {"aggregation": ".object_detection.protos.ClassSampling.Aggregation"}


def test_the_name_of_an_enum_value() -> None:
    reader = tfod_schema().new_pipeline().train_input_reader  # type: ignore[attr-defined]
    assert enum_value_name(reader, "input_type") == "TF_EXAMPLE"
    reader.class_sampling.aggregation = 1
    assert enum_value_name(reader.class_sampling, "aggregation") == "MAX"


def test_members_that_later_versions_add_are_grafted_too() -> None:
    file = shipped_file()
    file.message_type.add(name="BrandNewLoss")
    losses = next(m for m in file.message_type if m.name == "ClassificationLoss")
    losses.field.add(name="brand_new", number=77, type_name=".object_detection.protos.BrandNewLoss")
    assert "class_weights" in graft([file])["BrandNewLoss"]


def test_a_grafted_number_never_collides() -> None:
    for message in shipped_file().message_type:
        numbers = [field.number for field in message.field]
        assert max(numbers, default=0) < 52001
        assert (
            not any(r.start <= 52001 < r.end for r in message.extension_range)
            or not numbers
            or (message.name not in tfod_schema().grafted)
        )


@pytest.mark.parametrize(
    "source",
    [
        "DESCRIPTOR = _descriptor.FileDescriptor(\n  name='a.proto',\n  serialized_pb=_b({!r})\n)",
        "DESCRIPTOR = _descriptor.FileDescriptor(\n  serialized_pb=b{!r},\n)",
        "DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile(b{!r})",
        "DESCRIPTOR = _descriptor_pool.Default().AddSerializedFile(\n    b{!r}\n    b''\n)",
    ],
    ids=["protoc 3.0", "protoc 3.12", "protoc 3.20", "wrapped"],
)
def test_descriptors_of_every_protoc_generation_are_understood(source: str) -> None:
    file = FileDescriptorProto(name="a.proto", package='it\'s "quoted" \\ \x01')
    text = source.format(file.SerializeToString().decode("latin-1"))
    assert file_descriptor(text.encode("utf-8")) == file


def test_a_pb2_file_without_descriptor() -> None:
    assert file_descriptor(b"import os\n") is None
